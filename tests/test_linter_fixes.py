"""Fixes change what is flagged, and no byte besides."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dehusk.config import Config
from dehusk.edits import Patch, Replace
from dehusk.errors import InputError
from dehusk.linter.file import Task, check
from dehusk.linter.inspect import inspect
from dehusk.linter.script import script
from dehusk.linter.settings import Ruleset
from dehusk.linter.sources import JsonLines, located
from dehusk.pipeline import run
from dehusk.readers.text import parse
from dehusk.rules import Rule
from tests.test_faults import MORTAL

RULES = Ruleset(Config().active)


def apply(source: str, edits: Sequence[Replace]) -> str:
    return Patch(edits).apply(source)


PROSE = "Rain is expected in the north, with strong winds near the coast on Friday."
LINES = st.sampled_from(
    [
        PROSE,
        "Leave a Reply",
        "Check Also",
        "Two  spaces here.",
        "A tab\tand\u00a0more ",
        "Itâ€™s raining in the cafe\u0301, they say.",
        "ex\u00adpected \u200b",
        "    indented code  here",
        "| a  | b |",
        "By Jane Smith",
        "Home » News » Weather",
        "- an item",
        "```",
        "x\x1b[1my\ud83dz",
        "\x1b[1m",
        "\u200b",
        "",
        " ",
    ]
)
TEXTS = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\r", "\n \n", ""])), max_size=14).map(
    lambda lines: "".join(line + end for line, end in lines)
)


# A line that is emptied above what goes, and below it.
@example(f"{PROSE}\n\n\x1b[1m\nCheck Also\nA tab\tand\u00a0more \r\n")
@example(f"{PROSE}\n\nLeave a Reply\n\n\x1b[1m\n\n\n{PROSE}\n")
@given(TEXTS)
def test_replacements_make_the_text_that_the_rules_leave(text: str) -> None:
    cleaned, _ = run(parse(text), RULES)
    edits = script(cleaned)
    assert apply(text, edits) == cleaned.text
    assert all(text[edit.start : edit.end] != edit.text for edit in edits)


@given(TEXTS)
def test_safe_fixes_change_only_what_is_flagged_as_such(text: str) -> None:
    found = inspect(text, RULES)
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    flagged: set[int] = set()
    insertions: set[int] = set()
    for each in found.findings:
        start = starts[each.line - 1] + each.column - 1
        assert text[start : start + len(each.text)] == each.text
        assert starts[each.end_line - 1] + each.end_column - 1 == start + len(each.text)
        if each.fix == "safe":
            flagged.update(range(start, start + len(each.text)))
            insertions.add(start)
    for edit in found.safe:
        assert flagged.issuperset(range(edit.start, edit.end)), (text, edit)
        assert edit.start < edit.end or edit.start in insertions


@pytest.mark.parametrize(
    ("text", "found", "fixed"),
    [
        ("\x1b[1m\n\n\nRain.\n", [("U002", 1, "\x1b[1m"), ("W005", 1, "\n\n\n")], "Rain.\n"),
        ("Rain.\n\n\x01\x02\n\nSnow.\n", [("U002", 3, "\x01"), ("U002", 3, "\x02"), ("W005", 3, "\n\n")],
         "Rain.\n\nSnow.\n"),
        ("Rain.\n\x01\nSnow.\n", [("U002", 2, "\x01")], "Rain.\n\nSnow.\n"),
        ("Rain.\n\x01", [("U002", 2, "\x01")], "Rain.\n"),
        ("\n \nRain.\n", [("W004", 2, " "), ("W005", 1, "\n \n")], "Rain.\n"),
        ("\x01\n", [("U002", 1, "\x01")], "\n"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_line_goes_only_if_it_is_flagged(
    text: str, found: list[tuple[str, int, str]], fixed: str
) -> None:
    made = inspect(text, RULES)
    assert sorted((each.rule, each.line, each.text) for each in made.findings) == found
    assert apply(text, made.safe) == fixed


@given(TEXTS, st.booleans())
def test_fixing_twice_changes_nothing_more(text: str, unsafe: bool) -> None:
    task = Task("<stdin>", "text", RULES, mode="fix", unsafe=unsafe, data=text.encode("utf-8", "replace"))
    _, report = check(task)
    assert not report.problems
    assert not {each.fix for each in report.findings} & ({"safe", "unsafe"} if unsafe else {"safe"})
    fixed = task.data if report.output is None else report.output
    _, again = check(replace(task, data=fixed))
    assert again.output in (fixed, None)
    assert again.fixed == 0


BYTES = {
    "utf-8": (f"{PROSE}  é\n", f"{PROSE} é\n", "utf-8"),
    "byte order mark": (f"\ufeff{PROSE}  é\n", f"\ufeff{PROSE} é\n", "utf-8"),
    "utf-16": (f"\ufeff{PROSE}  é\r\n", f"\ufeff{PROSE} é\r\n", "utf-16-be"),
    "windows-1252": ("Der  Hafen blieb für Tage zu.\n", "Der Hafen blieb für Tage zu.\n", "cp1252"),
    "mixed line ends": ("One  is.\r\nTwo is.\rThree is. \nFour.\n", "One is.\r\nTwo is.\rThree is.\nFour.\n", "utf-8"),
    "content goes": (f"\ufeff{PROSE}\r\n\r\nLeave a Reply\r\n", f"\ufeff{PROSE}\r\n", "utf-8"),
    "code stays": (f"{PROSE} \n\n    a  = 1  \n    b = 2\n", f"{PROSE}\n\n    a  = 1  \n    b = 2\n", "utf-8"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "encoding"), BYTES.values(), ids=BYTES.keys())
def test_files_keep_encoding_mark_and_line_ends(before: str, after: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(before.encode(encoding))
    path.chmod(0o640)
    _, report = check(Task(str(path), "text", RULES, mode="fix", unsafe=True))
    assert not report.problems
    assert path.read_bytes() == after.encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_missing_final_newline_stays_missing_if_the_rule_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"One  is.")
    check(Task(str(path), "text", Ruleset(Config(ignore=("W006",)).active), mode="fix"))
    assert path.read_bytes() == b"One is."


def test_what_is_not_valid_in_its_encoding_is_checked_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    data = ("ä" * 60).encode() + b" \xff  is.\n"
    path.write_bytes(data)
    _, report = check(Task(str(path), "text", RULES, mode="fix", unsafe=True))
    assert [(each.rule, each.fix) for each in report.findings] == [("W003", "none")]
    assert path.read_bytes() == data


def test_of_a_text_in_an_encoding_that_is_a_guess_only_ascii_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    data = "Größe und Länge: â†’ für\xa0drei Tage  geschlossen.\n".encode("cp1252")
    path.write_bytes(data)
    _, report = check(Task(str(path), "text", RULES, mode="fix"))
    assert not report.problems
    assert [(each.rule, each.fix) for each in report.findings] == [("U001", "none"), ("W002", "none")]
    assert path.read_bytes() == data.replace(b"  ", b" ")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One  is.\n")
    (tmp_path / "b.txt").symlink_to("a.txt")
    check(Task(str(tmp_path / "b.txt"), "text", RULES, mode="fix"))
    assert (tmp_path / "b.txt").is_symlink()
    assert (tmp_path / "a.txt").read_text() == "One is.\n"


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Two  are.\n")
    contents = iter([b"One  is.\n", b"Two  are.\n"])
    monkeypatch.setattr(Task, "read", lambda self: next(contents))
    _, report = check(Task(str(path), "text", RULES, mode="fix"))
    assert report.problems == ("changed while it was checked, and not fixed; run again",)
    assert path.read_text() == "Two  are.\n"


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read and write everything")
def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "locked" / "a.txt"
    path.parent.mkdir()
    path.write_text("One  is.\n")
    path.parent.chmod(0o500)
    command = [*MORTAL, sys.executable, "-m", "dehusk", "check", str(path), "--fix", "--no-cache"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"dehusk: {path}: cannot be written: Permission denied\n")
    assert [(entry.name, entry.read_text()) for entry in path.parent.iterdir()] == [("a.txt", "One  is.\n")]


def fixed_whole(text: str, rules: Sequence[Rule]) -> str:
    """Return the text after all fixes, of which the first may make room for others."""
    while edits := inspect(text, rules).unsafe:
        text = apply(text, edits)
    return text


@pytest.mark.parametrize(("share", "whole"), [(0.5, True), (0.55, False)])
def test_what_is_left_whole_stays_so_when_it_is_mended(share: float, *, whole: bool) -> None:
    text = "Rain is expected on the islands.\n\nLeave a Reply\n\nCheck Also\n\nex\u00adpec\u00adted umbrellas\n"
    rules = Config(options={"over-removal": {"max-share": share}}).active
    assert any(each.rule == "O001" for each in inspect(text, rules).findings) is whole
    kept = text.replace("\u00ad", "") if whole else text.partition("\n\n")[0] + "\n"
    assert fixed_whole(text, rules) == kept


VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.integers(), max_size=2))


@given(TEXTS, st.dictionaries(st.text(max_size=4), VALUES, max_size=3), st.booleans(), st.integers(0, 3))
def test_in_json_lines_only_the_text_changes(text: str, other: dict[str, object], ascii_only: bool, at: int) -> None:
    other.pop("text", None)
    items = list(other.items())
    items.insert(at, ("text", text))
    try:
        line = json.dumps(dict(items), ensure_ascii=ascii_only, separators=(" , ", ":  ")).encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is no UTF-8; as an escape it is tried as well
    data = b'{"text": "Rain."}\r\n' + line + b"\r\n\n"
    _, report = check(Task("<stdin>", "jsonl", RULES, mode="fix", unsafe=True, data=data))
    assert report.output is not None
    first, second, *rest = report.output.split(b"\n")
    assert (first, rest) == (b'{"text": "Rain."}\r', [b"", b""])
    fixed = json.loads(second)
    assert list(fixed) == list(dict(items))
    assert {**fixed, "text": ""} == {**dict(items), "text": ""}
    rules = [rule for rule in RULES if rule.name != "final-newline"]
    assert fixed["text"] == fixed_whole(text, rules)
    _, start, end = located(line.decode(), "text")
    _, new_start, new_end = located(second.decode(), "text")
    assert line.decode()[:start] == second.decode()[:new_start]
    assert line.decode()[end:] + "\r" == second.decode()[new_end:]


def test_escapes_outside_the_change_stay_as_they_were() -> None:
    source = JsonLines(rb'{"text":"caf\u00e9 \/ \ud83d\ude00  na\u00EFve\tend"}' + b"\n", "text")
    found = {text.record: inspect(text.text, RULES).safe for text in source.texts()}
    found = {record: edits[:1] for record, edits in found.items()}
    assert source.rebuilt(found) == rb'{"text":"caf\u00e9 \/ \ud83d\ude00 na\u00EFve\tend"}' + b"\n"


def test_a_lone_surrogate_inside_a_change_stays_an_escape() -> None:
    data = rb'{"text":"It\u00e2\u20ac\u2122s \ud800 it\u00e2\u20ac\u2122s ' + 'ü."}\n'.encode()
    task = Task("a.jsonl", "jsonl", Ruleset(Config(select=("U001",)).active), mode="fix", data=data)
    _, report = check(task)
    assert not report.problems
    assert report.output == '{"text":"It’s \\ud800 it’s ü."}\n'.encode()


@pytest.mark.parametrize(
    "line",
    ["[]", "5", '{"text": "a"', '{"text": "a"} x', '{"text" "a"}', '{"text": "a",}', "{,}", '{text: "a"}', "{",
     '{"a": "\t"}', '{"text": NaN x}', '{"a": ' + "[" * 100_000],
)  # fmt: skip
def test_what_is_no_json_object_is_refused(line: str) -> None:
    with pytest.raises(InputError):
        located(line, "text")


def test_of_fields_with_one_name_the_last_counts() -> None:
    assert located('{"text": "a", "text": "b"}', "text") == ("b", 22, 25)
