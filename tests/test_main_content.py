"""What the main-content model makes of whole pages, in ``main_content/``: one lesson for each.

A page begins with a comment of lines like these::

    lesson: a forum's posts are its content, the boxes with the posters' profiles are not
    keep: first words of a text that must stay
    drop: a text that must be gone
    once: a text that stands on the page several times, of which one must stay
    options: --favor recall

All rules that run by default clean the page, with these options of the command line. A line that the model is known to
get wrong is marked ``keep?:``, ``drop?:`` or ``once?:``; its test fails as soon as the model gets it right.
"""

import re
import shlex
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest

import dehusk
from dehusk.model.page import load
from dehusk.rules.main_content import FAVOR, PARTS, in_tables, with_headings

FOLDER = Path(__file__).parent / "main_content"
PAGES = sorted(FOLDER.glob("*.html"))
EXPECTATIONS = ("keep", "drop", "once")
HEAD = re.compile(r"<!--\n(.*?)\n-->\n", re.DOTALL)
SCORE = re.compile(r"\b[01]\.\d\d\b")
SPACE = re.compile(r"\s+")
MOST_KNOWN_FAILURES = 1 / 6
"""Share of the expectations that the model may be known to fail."""


class Line(NamedTuple):
    """One line of the comment at the beginning of a page."""

    key: str
    value: str
    fails: bool


@cache
def lines(path: Path) -> tuple[Line, ...]:
    match = HEAD.match(path.read_text("utf-8"))
    assert match, f"{path.name} does not begin with a comment"
    split = [line.partition(": ") for line in match[1].split("\n")]
    return tuple(Line(key.removesuffix("?"), value, key.endswith("?")) for key, _, value in split)


def values(path: Path, *keys: str) -> list[str]:
    return [line.value for line in lines(path) if line.key in keys]


def config(path: Path) -> dehusk.Config:
    words = shlex.split(" ".join(values(path, "options")))
    options = {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}
    assert set(options) <= {"favor", *PARTS}
    return dehusk.Config(options={"main-content": options})


def clean(path: Path) -> dehusk.Document:
    return dehusk.clean(path.read_bytes(), config=config(path))


def texts(document: dehusk.Document) -> list[str]:
    return [block.text for block in document.blocks]


def spaced(text: str) -> str:
    return SPACE.sub(" ", text)


@cache
def cleaned(path: Path) -> str:
    return spaced(clean(path).text)


@cache
def visible(path: Path) -> str:
    return spaced(dehusk.parse(path.read_text("utf-8"), format="html").text)


def expectations() -> list[Any]:
    cases = []
    for path in PAGES:
        for line in lines(path):
            if line.key in EXPECTATIONS:
                marks = [pytest.mark.xfail(reason="the model is known to get this wrong")] if line.fails else []
                cases.append(pytest.param(path, line, id=f"{path.stem}: {line.key} {line.value[:40]}", marks=marks))
    return cases


def id_of(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize(("path", "line"), expectations())
def test_page(path: Path, line: Line) -> None:
    found = cleaned(path).count(line.value)
    assert {"keep": found > 0, "drop": found == 0, "once": found == 1}[line.key], cleaned(path)


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_page_has_a_lesson_and_says_what_it_expects(path: Path) -> None:
    assert {line.key for line in lines(path)} <= {"lesson", "options", *EXPECTATIONS}
    assert len(values(path, "lesson")) == 1
    assert len(values(path, "keep")) >= 2
    assert len(values(path, "drop", "once")) >= 2
    expected = values(path, *EXPECTATIONS)
    assert len(set(expected)) == len(expected)
    assert [value for value in expected if value not in visible(path)] == [], "not on the page"
    assert [value for value in values(path, "once") if visible(path).count(value) < 2] == [], "not there twice"


def test_pages_are_many_and_few_lines_are_known_failures() -> None:
    expected = [line for path in PAGES for line in lines(path) if line.key in EXPECTATIONS]
    assert len(PAGES) >= 30
    assert sum(line.fails for line in expected) <= len(expected) * MOST_KNOWN_FAILURES


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_each_finding_says_its_score_or_what_else_decided(path: Path) -> None:
    document = clean(path)
    findings = [finding for finding in document.findings if finding.rule == "M003"]
    assert findings
    for finding in findings:
        if not SCORE.search(finding.message):
            blocks = dehusk.parse(path.read_text("utf-8"), format="html").blocks
            block = next(block for block in blocks if block.index == finding.block)
            copied = sum(other.text == block.text for other in blocks) > 1
            assert copied or block.kind == "heading", (finding.message, finding.text)


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_what_is_favored_keeps_more_or_less(path: Path) -> None:
    kept = {}
    for favor in FAVOR:
        options = {"main-content": {"favor": favor}}
        kept[favor] = set(texts(dehusk.clean(path.read_bytes(), config=dehusk.Config(("M003",), options=options))))
    assert kept["precision"] <= kept["balance"] <= kept["recall"]
    assert kept["precision"]


WORDS = (
    "harbour boat storm wind quay ferry baker bread lamp keeper island road bridge letter winter summer field fence"
    " stone river night morning council ship rope sail cloud rain gate door market coat hill tower clock bell tide net"
).split()


@pytest.mark.parametrize("paragraphs", [30, 300, 3000])
def test_a_book_on_one_page_is_kept_and_its_menu_is_not(paragraphs: int) -> None:
    random = Random(paragraphs)
    prose = [f"The {' and the '.join(random.choices(WORDS, k=random.randint(6, 24)))}." for _ in range(paragraphs)]
    around = [f'<ul><li><a href="/{word}">{word.title()}</a></li></ul>' for word in WORDS[:8]]
    chapters = [f"<h2>Chapter {n // 10 + 1}</h2>{p}" if n % 10 == 0 else p for n, p in enumerate(map(paragraph, prose))]
    page = f"<body><nav>{''.join(around)}</nav><main><article>{''.join(chapters)}</article></main></body>"
    kept = set(texts(dehusk.clean(page, format="html")))
    assert len(kept & set(prose)) >= 0.98 * len(set(prose))
    assert not kept & {word.title() for word in WORDS[:8]}


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


def test_the_rows_of_a_table_share_a_score_by_their_words() -> None:
    table = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    blocks = dehusk.parse(f"<p>x</p>{table}<p>y</p>{table}", format="html").blocks
    scores = np.array([0.1, 0.2, 0.8, 0.3, 0.6, 0.7], np.float32)
    found = in_tables(blocks, scores, np.array([9, 1, 2, 9, 0, 0], np.float32))
    assert found.round(2).tolist() == pytest.approx([0.1, 0.56, 0.56, 0.3, 0.65, 0.65])


def test_a_heading_scores_no_less_than_what_follows_it() -> None:
    page = "<h1>a</h1><h2>b</h2><h3>c</h3><p>d</p><h3>e</h3><h2>f</h2><p>g</p><h2>h</h2><h4>i</h4>"
    blocks = dehusk.parse(page, format="html").blocks
    scores = np.array([0.1, 0.2, 0.3, 0.9, 0.4, 0.7, 0.6, 0.2, 0.5], np.float32)
    assert with_headings(blocks, scores).round(2).tolist() == pytest.approx(
        [0.1, 0.9, 0.9, 0.9, 0.4, 0.7, 0.6, 0.5, 0.5]
    )
    assert with_headings(blocks[:1], scores[:1]).tolist() == scores[:1].tolist()


def test_a_summary_scores_no_less_than_what_it_opens() -> None:
    blocks = dehusk.parse("<details><summary>a</summary><p>b</p></details><p>c</p>", format="html").blocks
    scores = np.array([0.1, 0.8, 0.9], np.float32)
    assert with_headings(blocks, scores).round(2).tolist() == pytest.approx([0.8, 0.8, 0.9])


def test_lines_that_are_said_again_stay_and_long_copies_do_not() -> None:
    refrain, long = (
        "Row the boat, the harbour is near.",
        "The wind blew from the north for three days, and on the fourth,",
    )
    verses = "".join(f"<p>{long} as verse {n} of the song says, it turned.</p><p>{refrain}</p>" for n in range(4))
    again = paragraph(f"{long} as verse 0 of the song says, it turned.")
    kept = texts(dehusk.clean(f"<main><article>{verses}{again}</article></main>", format="html"))
    assert kept.count(refrain) == 4
    assert len(set(kept)) == len(kept) - 3


def test_pages_are_judged_each_for_itself() -> None:
    """Whatever was cleaned before, by a model just loaded or one that has seen other pages."""
    first = {path: texts(clean(path)) for path in PAGES}
    assert {path: texts(clean(path)) for path in reversed(PAGES)} == first
    for path in PAGES[::5]:
        load.cache_clear()
        assert texts(clean(path)) == first[path]


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_a_page_is_cleaned_the_same_way_twice(path: Path) -> None:
    first, second = clean(path), clean(path)
    assert (first.text, first.findings) == (second.text, second.findings)


@pytest.mark.parametrize("tag", ["h1", "div", "font"])
@pytest.mark.parametrize(("treatment", "stays"), [("keep", True), ("drop", False)])
def test_a_title_is_kept_or_dropped_whether_it_is_a_heading_or_not(tag: str, treatment: str, stays: bool) -> None:
    page = (FOLDER / "letter_with_boxes.html").read_text("utf-8")
    headline = '<h1 class="post-title">The bell nobody rings</h1>'
    assert headline in page
    config = dehusk.Config(options={"main-content": {"title": treatment}})
    text = dehusk.clean(page.replace(headline, f"<{tag}>The bell nobody rings</{tag}>"), config=config).text
    assert ("The bell nobody rings\n" in text) is stays
