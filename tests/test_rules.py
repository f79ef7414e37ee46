"""Every rule against its fixture, ``rules/<CODE>.toml``, and against the example in its own documentation.

A case under ``changes`` says what becomes of a text, a case under ``keeps`` that nothing does. ``html = true`` makes
the text a page, ``options`` sets the rule's options, ``site`` has the other pages of its site; the line end after the
opening quotes does not count. ``with`` names rules that run along with one that is about what others do.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import dehusk
from dehusk.document import Site
from dehusk.errors import ConfigError
from dehusk.rules import RULES, Rule
from dehusk.rules.reference import SECTIONS, reference
from dehusk.rules.repeated import runs, together

FOLDER = Path(__file__).parent / "rules"
VISIBLE = {"<ESC>": "\x1b", "<NBSP>": "\xa0", "<SHY>": "\xad", "<SP>": " ", "<COMBINING ACUTE>": "\u0301"}
NO_LINE_END = "<NO LINE END>"


def fixture(rule: Rule) -> dict[str, Any]:
    path = FOLDER / f"{rule.code}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, case, id=f"{rule.code}: {case['name']}")
        for rule in RULES
        for case in fixture(rule).get(kind, ())
    ]


def run(
    rule: Rule, text: str, *, html: bool = False, options: dict[str, Any] | None = None, site: Sequence[str] = ()
) -> dehusk.Document:
    config = dehusk.Config(
        select=(rule.code, *fixture(rule).get("with", ())), options={rule.code: options} if options else {}
    )
    format = "html" if html else "text"  # noqa: A001
    document = dehusk.parse(text, format=format)
    if site:
        pages = [document, *(dehusk.parse(page, format=format) for page in site)]
        counts = Counter(run for page in pages for run in set(runs(page)))
        times = [counts[run] for run in runs(document)]
        document = replace(document, site=Site(len(pages), together(document, times)))
    document, findings = dehusk.run(document, config.active)
    return replace(document, findings=findings)


@pytest.mark.parametrize(("rule", "case"), cases("changes"))
def test_changes(rule: Rule, case: dict[str, Any]) -> None:
    html, options, site = case.get("html", False), case.get("options"), case.get("site", ())
    document = run(rule, case["text"], html=html, options=options, site=site)
    assert document.text == case["expected"]
    assert document.findings
    assert {finding.rule for finding in document.findings} == {rule.code}
    if not html:
        again = run(rule, document.text, options=options, site=site)
        assert again.text == document.text
        assert {finding.action for finding in again.findings} <= {"none"}


@pytest.mark.parametrize(("rule", "case"), cases("keeps"))
def test_keeps(rule: Rule, case: dict[str, Any]) -> None:
    html, options, site = case.get("html", False), case.get("options"), case.get("site", ())
    document = run(rule, case["text"], html=html, options=options, site=site)
    findings = [finding for finding in document.findings if finding.rule == rule.code]
    assert [(finding.message, finding.text) for finding in findings] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_has_cases_of_both_kinds(rule: Rule) -> None:
    assert fixture(rule).get("changes"), f"tests/rules/{rule.code}.toml lacks a case of what the rule changes"
    assert fixture(rule).get("keeps"), f"tests/rules/{rule.code}.toml lacks a case of what the rule must keep"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_documentation_says_what_it_must(rule: Rule) -> None:
    documentation = rule.documentation()
    places = [documentation.find(f"\n{section}:") for section in SECTIONS]
    assert all(place > 0 for place in places)
    assert places == sorted(places)
    assert rule.summary().endswith(".")
    assert "None" not in reference(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_example_in_documentation_holds(rule: Rule) -> None:
    lines = example(rule)
    before = text_of(line[2:] for line in lines if not line.startswith("+"))
    after = text_of(line[2:] for line in lines if not line.startswith("-"))
    html = before.startswith("<")
    around = fixture(rule).get("example", {})
    document = run(rule, before, html=html, options=around.get("options"), site=around.get("site", ()))
    assert document.findings
    expected = dehusk.parse(after, format="html").text if html else after
    assert document.text == expected


def example(rule: Rule) -> list[str]:
    """Return the indented lines below ``Example:``: a diff, in which white space that counts is written out."""
    section = rule.documentation().split("\nExample:", 1)[1].split("\nWhen to keep it:", 1)[0]
    lines = [line[4:] for line in section.splitlines()[1:]]
    for name, character in VISIBLE.items():
        lines = [line.replace(name, character) for line in lines]
    return lines


def text_of(lines: Iterable[str]) -> str:
    """Join lines, without the blank ones at both ends; white space at the end of a line stays."""
    text = re.sub(r"\A\n+|\n+\Z", "", "\n".join(lines))
    return text.removesuffix(NO_LINE_END) if text.endswith(NO_LINE_END) else text + "\n"


BOX = """
<p>Rain is expected in the north, with strong winds near the coast on Friday.</p>
<div><p>Related articles</p><ul class=links><li><a href=/a>Ten umbrellas</a></li></ul></div>
<p>It will stay wet until Sunday, the forecasters say, and then turn cold.</p>
"""


@pytest.mark.parametrize(("drop", "label"), [([".links"], False), (["p.none"], True)])
def test_a_label_goes_when_what_it_labelled_is_gone(drop: list[str], label: bool) -> None:
    page = BOX if not label else BOX.replace("<ul class=links><li><a href=/a>Ten umbrellas</a></li></ul>", "")
    config = dehusk.Config(select=("S001", "R001"), options={"selectors": {"drop": drop}})
    text = dehusk.clean(page, format="html", config=config).text
    assert ("Related articles" in text) is label
    assert "It will stay wet" in text


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "Red,  \nblue.  \n\nGreen.  \n", "Red,  \nblue.\n\nGreen.\n"),
        ("a.md.gz", "Red,   \r\nblue. \r\n", "Red,   \r\nblue.\r\n"),
        ("a.md", "Red, \nblue.\n", "Red,\nblue.\n"),
        ("a.txt", "Red,  \nblue.\n", "Red,\nblue.\n"),
    ],
)
def test_breaks_of_lines_in_markdown_stay(name: str, text: str, expected: str) -> None:
    document = replace(dehusk.parse(text, format="text"), name=name)
    assert dehusk.run(document, dehusk.Config(select=("W004",)).active)[0].text == expected


def test_a_phrase_that_is_none_is_an_error_at_once() -> None:
    with pytest.raises(ConfigError, match="a bracket is not closed"):
        dehusk.Config().updated({"rules": {"related": {"phrases": ["more (rain"]}}}, source="dehusk.toml")
