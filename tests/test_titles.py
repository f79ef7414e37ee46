"""The title of a page: which of the texts that may be it, and what there is to tell of them."""

from collections.abc import Sequence
from time import perf_counter

import pytest

from dehusk.document import Block, Element, Kind, Link, StartTag
from dehusk.readers.titles import PARTS, Names, candidates, choose_title

SITE = "The Daily Quay"
URL = "https://www.dailyquay.example/news/storm"
PROSE = (
    "The storm reached the coast on Monday night and closed the harbour to all boats, large and small, for two days."
)


def block(text: str, level: int = 0, links: Sequence[Link] = (), element: Element | None = None) -> Block:
    kind: Kind = "heading" if level else "paragraph"
    return Block(kind, text, 0, 1, (0, len(text)), level=level, links=tuple(links), element=element)


def chosen(headings: Sequence[str], names: Names) -> str:
    return choose_title(names, [*(block(text, 1) for text in headings), block(PROSE)])


@pytest.mark.parametrize(
    ("headings", "name", "card", "article", "title"),
    [
        (["Harbour closed"], "Harbour closed | The Daily Quay", "", True, "Harbour closed"),
        (["Storm\ncloses the harbour"], "Storm closes the harbour", "", True, "Storm closes the harbour"),
        (["Quickstart¶"], "Quickstart — Moor Documentation (3.1)", "", False, "Quickstart"),
        ([], "Storm closes the harbour - Daily Quay", "", True, "Storm closes the harbour"),
        ([], "The Daily Quay » Storm closes the harbour", "", True, "Storm closes the harbour"),
        ([], "The Daily Quay: Storm closes the harbour", "", True, "Storm closes the harbour"),
        ([], "Boats and moorings | quay-tools.com", "", False, "Boats and moorings"),
        ([], "Storm - The Daily Quay", "Storm reaches the coast", True, "Storm reaches the coast"),
        (["The Daily Quay", "Harbour closed"], "Harbour closed | The Daily Quay", "", True, "Harbour closed"),
        (["Harbour closed | The Daily Quay"], "Harbour closed", "", True, "Harbour closed"),
        (["Welcome aboard"], "Boats and moorings for rent | Daily Quay", "", False, "Boats and moorings for rent"),
        (["harbour forum"], "Which anchor holds? - harbour forum", "", False, "Which anchor holds?"),
        (["Blog"], "Five knots to know | The Daily Quay", "Five knots to know", True, "Five knots to know"),
        (["The Daily Quay"], "The Daily Quay", "", False, "The Daily Quay"),
        (["Boats"], "", "", False, "Boats"),
        (["Boats"], "- | -", "", False, "Boats"),
        (["???"], "", "", False, "???"),
        ([], "Boats", "", False, "Boats"),
        ([], "- | -", "", False, ""),
        ([], "", "", False, ""),
    ],
)  # fmt: skip
def test_choose_title(headings: list[str], name: str, card: str, article: bool, title: str) -> None:
    assert chosen(headings, Names(title=name, card=card, site=SITE, url=URL, is_article=article)) == title


def test_what_is_a_line_of_the_page_rather_than_the_name_of_its_site_is_the_title() -> None:
    names = Names(title="County Gazette: Mill reopens after flood")
    blocks = [block("Home | News | Sport"), block("Mill reopens after flood\nBy Mary Turner"), block(PROSE)]
    assert choose_title(names, blocks) == "Mill reopens after flood"
    assert choose_title(names, [block("County Gazette"), *blocks[::2]]) == "County Gazette"


def test_headings_of_the_second_level_count_where_there_is_no_larger_one() -> None:
    blocks = [block("Mooring by hand", 2), block(PROSE), block("Further reading", 2)]
    assert choose_title(Names(), blocks) == "Mooring by hand"
    assert choose_title(Names(), [block("Knots", 1), *blocks]) == "Knots"


def test_parts_of_a_name() -> None:
    found = candidates(Names(title="One - Two | Three: Four"), [])
    traits = {one.text: set(one.traits) for one in found}
    assert {text: min(known & {f"title: {part}" for part in PARTS}) for text, known in traits.items()} == {
        "One - Two | Three: Four": "title: whole",
        "One": "title: first part",
        "Four": "title: last part",
        "One - Two | Three": "title: less last part",
        "Two | Three: Four": "title: less first part",
        "Two": "title: other part",
        "Three": "title: other part",
    }


@pytest.mark.parametrize("name", ["Re-use", "10:30", "and/or", "state-of-the-art", "https://quay.example"])
def test_what_is_no_separator(name: str) -> None:
    assert [one.text for one in candidates(Names(title=name), [])] == [name]


def test_traits_of_a_heading() -> None:
    header, main = Element(0, StartTag("header")), Element(1, StartTag("main"))
    logo = block("The Daily Quay", 1, [Link(0, 14, "https://dailyquay.example/")], header)
    story = block("Storm closes the harbour", 1, [Link(0, 5, "/")], main)
    menu = [block("Boats")] * 3
    first, second = candidates(Names(url=URL), [logo, *menu, block(PROSE), story])
    assert {"first h1", "at the top", "before prose", "in header", "link home"} <= set(first.traits)
    assert {"later h1", "in main"} <= set(second.traits)
    assert not {"at the top", "before prose", "in header", "link home"} & set(second.traits)


def test_traits_of_agreement() -> None:
    (one,) = candidates(Names(url="https://quay.example/boats/storm?id=harbour"), [block("Storm closes harbour", 1)])
    assert {"in address, page: some", "of address, page: most", "in heading, page: all"} <= set(one.traits)


@pytest.mark.parametrize("url", ["", "http://[", "//", "::", "/", "mailto:a@b"])
def test_an_address_that_is_none_is_no_error(url: str) -> None:
    heading = block("A storm", 1, [Link(0, 7, url)])
    assert choose_title(Names(title="A storm", url=url), [heading]) == "A storm"


@pytest.mark.parametrize(
    "text", ["a | " * 20_000, ": " * 40_000, " - " * 40_000, "- " * 40_000, "a" * 100_000, " " * 90_000]
)
def test_time_is_bounded(text: str) -> None:
    start = perf_counter()
    choose_title(Names(text, text, text, text, text), [block(text, 1)] * 100)
    assert perf_counter() - start < 1
