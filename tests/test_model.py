"""The main-content model: its columns against plain counting, its threshold against brute force, its weights file."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dehusk
from dehusk.document import StartTag
from dehusk.model import network
from dehusk.model.characters import DIGIT, SPACE, STOP, UPPER
from dehusk.model.columns import columns
from dehusk.model.features import features
from dehusk.model.page import from_json, load
from dehusk.model.tokens import (
    LONG,
    MEDIUM,
    NAME,
    SHORT,
    WHOLE,
    Vocabulary,
    name_tokens,
    text_tokens,
    tokens_of,
    words_of,
)

EMPTY = Vocabulary({kind: {} for kind in (NAME, WHOLE, SHORT, MEDIUM, LONG)})
PAGE = """
<html><head><title>Storm reaches the coast</title></head><body>
<nav class="main-menu"><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main id="content"><h1>Storm reaches the coast</h1>
<p>Rain is expected in the north, with strong winds near the coast on Friday.</p>
<p>It will stay wet until Sunday, the forecasters say, and then turn cold.</p>
<div class="comments"><p>I have never seen such waves.</p></div>
<table><tr><th>Day</th><th>Rain</th></tr><tr><td>Friday</td><td>12 mm</td></tr></table></main>
<footer>© 2024</footer></body></html>
"""


def parsed(html: str) -> dehusk.Document:
    return dehusk.parse(html, format="html")


texts = st.lists(
    st.text(st.sampled_from("aZé9 .!,|\n$中文кЖ😀\u2014\u3002"), min_size=1, max_size=12).filter(str.strip),
    min_size=1,
    max_size=6,
)


@given(texts)
def test_characters_are_counted_as_they_are_one_by_one(given_texts: list[str]) -> None:
    document = parsed("".join(f"<pre>{text}</pre>" for text in given_texts))
    if not document.blocks:
        return
    page = columns(document, EMPTY)
    for position, block in enumerate(document.blocks):
        assert page.characters[position] == len(block.text)
        assert page.counts[position, DIGIT] == block.text.count("9")
        assert page.counts[position, UPPER] == sum(block.text.count(char) for char in "ZЖ")
        assert page.counts[position, STOP] == sum(block.text.count(char) for char in ".!\u3002")
        assert page.counts[position, SPACE] == sum(map(block.text.count, " \n"))


def test_words_are_runs_of_letters_or_half_the_characters_of_scripts_without_spaces() -> None:
    document = parsed("<p>Rain, rain; it's 12 o'clock</p><p>雨が降る</p><p>— … —</p>")
    assert columns(document, EMPTY).words.tolist() == [7, 2, 0]


def test_elements_are_ranges_of_blocks_with_their_parents_before_them() -> None:
    document = parsed("<main><p>One</p><section><p>Two</p><p>Three</p></section></main><footer>Four</footer>")
    elements = columns(document, EMPTY).elements
    paths = [block.path for block in document.blocks]
    listed = list(dict.fromkeys(element for path in paths for element in path))
    for position, element in enumerate(listed):
        inside = [i for i, path in enumerate(paths) if element in path]
        assert (elements.start[position], elements.end[position]) == (inside[0], inside[-1] + 1)
        parent = int(elements.parent[position])
        assert parent < position
        assert parent == -1 or listed[parent] in paths[inside[0]]


def test_a_wider_element_holds_more_blocks() -> None:
    document = parsed("<main><div><div><p>One</p></div></div><p>Two</p></main>")
    page = columns(document, EMPTY)
    wider = int(page.elements.wider[page.inner[0]])
    assert (page.elements.start[wider], page.elements.end[wider]) == (0, 2)


def test_flags_of_an_element_hold_for_what_is_inside() -> None:
    document = parsed(PAGE)
    page = columns(document, EMPTY)
    inside = {flag: [b.text for b, yes in zip(document.blocks, page.inside(flag), strict=True) if yes] for flag in
              ("nav", "comment", "table", "footer")}  # fmt: skip
    assert inside == {
        "nav": ["Home", "News"],
        "comment": ["I have never seen such waves."],
        "table": ["Day\tRain", "Friday\t12 mm"],
        "footer": ["© 2024"],
    }


def test_evidence_sums_the_names_of_all_elements_around_and_the_words() -> None:
    vocabulary = Vocabulary({NAME: {"<main": 2, "content": 1, "<nav": -3}, WHOLE: {"home": -5}, SHORT: {"home": -1},
                             MEDIUM: {}, LONG: {}}, unit=0.5)  # fmt: skip
    document = parsed(PAGE)
    page = columns(document, vocabulary)
    path = page.elements.path[page.inner].tolist()
    assert document.blocks[0].text == "Home"
    assert (page.evidence[0], path[0]) == (-3.0, -1.5)
    assert document.blocks[2].text == "Storm reaches the coast"
    assert (page.evidence[2], path[2]) == (0.0, 1.5)


@pytest.mark.parametrize(
    ("classes", "found"),
    [
        (("postContent",), {"<div", "post", "content", "post-content"}),
        (("entry__body--wide",), {"<div", "entry", "body", "wide", "entry-body-wide"}),
        (("x" * 60,), {"<div"}),
        (("col-12",), {"<div", "col"}),
    ],
)
def test_names_are_taken_whole_and_in_parts(classes: tuple[str, ...], found: set[str]) -> None:
    assert set(name_tokens(StartTag("div", classes=classes))) == found


def test_words_are_told_apart_by_the_length_of_their_text() -> None:
    assert list(tokens_of("Leave a Reply")) == [
        (WHOLE, "leave a reply"),
        *((SHORT, w) for w in ("leave", "a", "reply")),
    ]
    assert text_tokens(text := "one two three four five six", words_of(text))[0] == MEDIUM
    assert text_tokens(text := "word " * 30, words_of(text))[0] == LONG
    assert len(text_tokens(text := "word " * 3000, words_of(text))[1]) == 10


@pytest.mark.parametrize("html", ["<p>Rain</p>", "Rain", "<b>1</b>", PAGE, PAGE * 3, "<p>1</p>" * 300])
def test_features_are_finite_and_one_for_each_block(html: str) -> None:
    document = parsed(html)
    for name, column in features(columns(document, EMPTY)).items():
        assert len(column) == len(document.blocks), name
        assert np.isfinite(column).all(), name


def expected_f1(scores: list[float], words: list[float], chosen: tuple[int, ...]) -> float:
    size = sum(words[i] for i in chosen)
    hits = sum(words[i] * scores[i] for i in chosen)
    return 2 * hits / (size + sum(w * s for w, s in zip(words, scores, strict=True)))


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 50)), min_size=1, max_size=7))
def test_no_choice_of_blocks_expects_more_than_the_best(pairs: list[tuple[float, int]]) -> None:
    scores, words = [score for score, _ in pairs], [float(count) for _, count in pairs]
    best = network.best_expected(np.array(scores, np.float32), np.array(words, np.float32))
    every = [c for size in range(1, len(pairs) + 1) for c in combinations(range(len(pairs)), size)]
    assert best == pytest.approx(max(expected_f1(scores, words, chosen) for chosen in every), abs=1e-5)
    kept = tuple(i for i, score in enumerate(scores) if score >= 0.5 * best - 1e-6)
    assert expected_f1(scores, words, kept) == pytest.approx(best, abs=1e-4)


def test_the_shipped_model_says_with_what_it_was_made_and_fits_into_a_megabyte() -> None:
    model = load()
    assert len(model.to_json().encode()) < 1_000_000
    assert set(model.network.features) <= set(features(columns(parsed(PAGE), EMPTY)))
    assert any("WCXB" in line and "CC-BY-4.0" in line for line in model.network.about["data"])
    assert {"settings", "versions", "made by"} <= set(model.network.about)


def test_a_model_reads_what_it_writes() -> None:
    model, document = load(), parsed(PAGE)
    again = from_json(model.to_json())
    assert again.scores(again.page(document)).tolist() == model.scores(model.page(document)).tolist()


def kept(html: str, **options: Any) -> list[str]:
    config = dehusk.Config(select=("M003",), options={"main-content": options})
    return [block.text for block in dehusk.clean(html, format="html", config=config).blocks]


def test_comments_links_and_tables_are_kept_and_dropped_on_request() -> None:
    assert "I have never seen such waves." in kept(PAGE, comments="keep")
    assert "I have never seen such waves." not in kept(PAGE, comments="drop")
    assert "Friday\t12 mm" in kept(PAGE, tables="keep", favor="recall")
    assert "Friday\t12 mm" not in kept(PAGE, tables="drop", favor="recall")
    assert "Home" not in kept(PAGE, links="drop", favor="recall")


def test_what_is_favored_keeps_more_or_less() -> None:
    assert set(kept(PAGE, favor="precision")) <= set(kept(PAGE)) <= set(kept(PAGE, favor="recall"))


@pytest.mark.parametrize(("name", "value"), [("favor", "both"), ("comments", "yes"), ("tables", "")])
def test_an_option_with_a_wrong_value_is_an_error(name: str, value: str) -> None:
    with pytest.raises(dehusk.ConfigError, match=f"'{name}' of rule main-content must be one of"):
        kept(PAGE, **{name: value})
