"""Running rules: a fold, with places in the document as read, and nothing changed but what findings say."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dehusk
from dehusk import Document, Drop, Finding, Keep, Replace, Rule, run
from dehusk.readers.text import parse
from dehusk.rules import RULES
from dehusk.rules.over_removal import OverRemoval

DROP = Drop()
PROSE = "Rain is expected in the north, with strong winds near the coast on Friday, forecasters said."
HUSK = ["Leave a Reply", "Check Also", "Advertisement", "Share this", "By Jane Smith", "3 Comments", "June 3, 2024"]
# What is husk only once something else has been mended or removed.
TWISTED = (
    "Menu",
    "Este site usa cookies.",
    "Leave a Re\u00adply",
    "Check\u200b Also",
    "He\u0301las ¶",
    "\x00Tags: rain",
)
BLOCKS = st.lists(
    st.sampled_from(
        [PROSE, "A Heading", "Short line", "Blurb that breaks off …", "", "  ", "    code", *HUSK, *TWISTED]
    )
    | st.text(alphabet="aé\u00a0\u200b \t\n\r-*#`|.…", max_size=20),
    max_size=14,
)


@dataclass(frozen=True)
class Mark(Rule):
    """Does to each block whose text is ``wanted`` what it is told."""

    code = "T001"
    name = "test"
    wanted: str = ""
    edit: Drop | Keep | Replace = DROP

    def check(self, document: Document) -> Iterator[Finding]:
        return (self.found(b, "found", self.edit) for b in document.blocks if b.text == self.wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nX\n\nb\n", "a\n\nb\n"),
        ("a\nX\nb\n", "a\nb\n"),
        ("a\nX\n\nb\n", "a\n\nb\n"),
        ("a\n\nX\nb\n", "a\n\nb\n"),
        ("X\n\na\n", "a\n"),
        ("a\n\nX", "a"),
        ("a\n\nX\n", "a\n"),
        ("a\r\n\r\nX\r\nX\r\n\r\n\r\nb\r\n", "a\r\n\r\n\r\nb\r\n"),
        ("X\n", ""),
    ],
)
def test_a_dropped_block_leaves_the_widest_gap(text: str, expected: str) -> None:
    document, findings = run(parse(text), [Mark(wanted="X")])
    assert document.text == expected
    assert all(finding.text == "X" for finding in findings)


def test_a_protected_block_is_not_dropped_and_not_reported() -> None:
    rules = [Mark(wanted="X", edit=Keep()), Mark(wanted="X"), Mark(wanted="X", edit=Replace(0, 1, "Y"))]
    document, findings = run(parse("a\n\nX\n"), rules)
    assert document.text == "a\n\nY\n"
    assert [finding.action for finding in findings] == ["keep", "replace"]


def test_later_rules_see_what_earlier_ones_left_but_places_count_in_the_source() -> None:
    rules = [
        Mark(wanted="aXb", edit=Replace(0, 1, "long")),
        Mark(wanted="longXb", edit=Replace(4, 5, "")),
        Mark(wanted="longb"),
    ]
    document, findings = run(parse("one\n\naXb\n"), rules)
    assert document.text == "one\n"
    assert [(f.line, f.column, f.text) for f in findings] == [(3, 1, "a"), (3, 1, "aXb"), (3, 2, "X")]


def test_rules_that_look_around_stand_together() -> None:
    together = [looks_around for looks_around, _ in groupby(RULES, key=lambda rule: rule.looks_around)]
    assert together.count(True) == 1


@given(BLOCKS, st.sampled_from(["\n\n", "\n", "\r\n\r\n"]))
def test_cleaning_twice_changes_nothing_more(parts: list[str], gap: str) -> None:
    once = dehusk.clean(gap.join(parts), format="text")
    twice = dehusk.clean(once.text, format="text")
    assert twice.text == once.text


@given(BLOCKS, st.sampled_from(["\n\n", "\n", "\r\n\r\n"]))
def test_every_difference_is_a_finding(parts: list[str], gap: str) -> None:
    source = gap.join(parts)
    document = dehusk.clean(source, format="text")
    assert (document.text != source) == bool(document.findings)
    dropped = {finding.block for finding in document.findings if finding.action == "drop"}
    assert dropped.isdisjoint(block.index for block in document.blocks)
    assert len(dropped) + len(document.blocks) == len(parse(source).blocks)
    changed = {finding.block for finding in document.findings if finding.action == "replace"}
    for block in document.blocks:
        if block.index not in changed:
            assert block.text == source[slice(*block.span)]


@given(BLOCKS)
def test_findings_name_their_place(parts: list[str]) -> None:
    source = "\n\n".join(parts)
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in dehusk.clean(source, format="text").findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        if finding.action == "drop" and "\n" not in finding.text and finding.text.isascii():
            assert finding.text.strip() in lines[finding.line - 1]


@given(st.text())
def test_any_text_can_be_cleaned(source: str) -> None:
    assert isinstance(dehusk.clean(source).to_dict(), dict)


def test_rules_look_again_when_others_have_removed_what_they_saw() -> None:
    # The date below the cue makes the dates look like a diary's, until it is gone as a teaser.
    source = "\n\n".join(["A Heading", "June 3, 2024", PROSE, "Check Also", "June 3, 2024", PROSE])
    assert dehusk.clean(source).text == f"A Heading\n\n{PROSE}\n\n{PROSE}\n"


def test_the_same_input_gives_the_same_output() -> None:
    source = "\n\n".join([PROSE, *HUSK, PROSE])
    first, second = dehusk.clean(source), dehusk.clean(source)
    assert (first.text, first.findings) == (second.text, second.findings)


def test_a_guard_lets_only_safe_fixes_through_and_says_so() -> None:
    pitch = "Get the weather of the coast delivered to your inbox every day before dawn, says the pitch."
    document = dehusk.clean(f"Sign up for our newsletter.  \n\n{pitch} \u200b\n\n\n{PROSE}")
    assert document.text == f"Sign up for our newsletter.\n\n{pitch}\n\n{PROSE}\n"
    assert {finding.rule for finding in document.findings if finding.action != "replace"} == {"O001"}
    objection = next(finding for finding in document.findings if finding.rule == "O001")
    assert (objection.line, objection.column, objection.action) == (1, 1, "none")
    assert objection.message == "left whole: the rules together would remove 52% of what looks like prose"


@dataclass(frozen=True)
class MarkPage(Mark):
    """Does so in the name of the rule that judges whole texts."""

    code = "M004"


@pytest.mark.parametrize(("rule", "is_whole"), [(Mark, True), (MarkPage, False)])
def test_a_guard_does_not_count_what_was_around_the_main_text_of_a_page(rule: type[Mark], is_whole: bool) -> None:
    other = PROSE.replace("Friday", "Monday")
    text = f"{other}\n\n{other}\n\n{PROSE}\n"
    document, _ = run(parse(text), (rule(wanted=other), OverRemoval()))
    assert (document.text == text) is is_whole


LINE = "Rain is expected in the north, with strong winds near the coast on Friday.\n"


def test_thousands_of_emptied_lines_are_merged_at_once() -> None:
    source = LINE * 20 + "\x01\n" * 40_000 + LINE
    document, findings = run(parse(source), [rule for rule in RULES if rule.code in ("U002", "W005")])
    assert document.text == LINE * 20 + "\n" + LINE
    assert [finding.line for finding in findings if finding.rule == "U002"] == list(range(21, 40_021))
    (blank,) = (finding for finding in findings if finding.rule == "W005")
    assert source[slice(*blank.span)].count("\n") == 39_999


def test_thousands_of_dates_below_the_last_paragraph_are_looked_at_once() -> None:
    source = "Title\n\n" + LINE + "\n" + "3 June 2024\n\n" * 40_000
    document, _ = run(parse(source), [rule for rule in RULES if rule.code == "B002"])
    assert document.text.count("June") == 0


def test_deep_pages_with_thousands_of_blocks_can_be_written_as_markdown() -> None:
    page = dehusk.parse("<div>" * 450 + "<p>Rain.</p>" * 8_000, format="html")
    assert page.markdown == "Rain.\n\n" * 7_999 + "Rain.\n"
