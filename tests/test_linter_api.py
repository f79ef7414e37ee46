"""``dehusk.check``: the linter for texts in a program."""

from pathlib import Path
from typing import Any

import pytest

import dehusk

PROSE = "Rain is expected in the north, with strong winds near the coast on Friday."


def test_clean_text_gives_nothing() -> None:
    assert dehusk.check(PROSE) == ()


def test_empty_text_gives_nothing() -> None:
    assert dehusk.check("") == ()


def test_each_diagnostic_has_its_place_and_fix() -> None:
    found = dehusk.check(f"{PROSE}  Calm  later.\n\nLeave a Reply\n")
    told = [(each.rule, each.line, each.column, each.text, each.fix) for each in found]
    start = len(PROSE) + 3
    assert told == [
        ("W003", 1, start - 2, "  ", "safe"),
        ("W003", 1, start + 4, "  ", "safe"),
        ("C001", 3, 1, "Leave a Reply", "unsafe"),
    ]


def test_configuration_selects_the_rules() -> None:
    assert dehusk.check("Leave a Reply\n", config=dehusk.Config(ignore=("C",))) == ()


def test_breaks_of_lines_are_left_alone_in_markdown() -> None:
    text = "Rain is expected.  \nWinds are strong."
    assert [each.rule for each in dehusk.check(text)] == ["W004"]
    assert dehusk.check(text, name="notes.md") == ()


@pytest.mark.parametrize("text", [b"Rain.\n", None, Path("a.txt")])
def test_what_is_no_string_is_refused(text: Any) -> None:
    with pytest.raises(TypeError, match="a text is a string, not"):
        dehusk.check(text)
