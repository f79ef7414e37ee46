"""What a page says of itself, and what it must not be understood to say."""

import tomllib
from pathlib import Path
from time import perf_counter

import pytest

import dehusk
from dehusk.readers.metadata.calendar import first_date
from dehusk.readers.metadata.names import after_label, read_lines, read_names, read_stated

CASES = [
    pytest.param(case["html"], path.stem, case[path.stem], id=f"{path.stem}: {case['name']}")
    for path in sorted(Path(__file__, "../metadata").resolve().glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]


def read(html: str) -> dehusk.Metadata:
    return next(dehusk.read(html.encode(), format="html")).metadata


@pytest.mark.parametrize(("html", "field", "expected"), CASES)
def test_field(html: str, field: str, expected: str) -> None:
    assert getattr(read(html), field) == expected


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        "null",
        "[[[[[[[[[[[[{}]]]]]]]]]]]]",
        '{"@graph": 3}',
        '{"@type": {"a": 1}, "author": 3}',
        '{"@type": "Article", "author": [[{"name": {"a": []}}], null, 7, {"name": []}, {"@id": 4}]}',
        '{"@type": "Article", "author": {"@id": "a"}, "@id": "a", "name": {"x": 1}}',
        '{"@type": "Article", "headline": [], "datePublished": 20240603}',
        '{"@type": "Article", "datePublished": ' + "9" * 5000 + "}",
        '{"@type": "Article", "author": "' + "a" * 100_000 + '"}',
        "[" * 50_000,
        '{"mainEntity":' * 2_000 + "1" + "}" * 2_000,
    ],
)
def test_odd_linked_data_is_no_error(data: str) -> None:
    metadata = read(f'<script type="application/ld+json">{data}</script><h1>The quay</h1>')
    assert (metadata.title, metadata.author, metadata.date) == ("The quay", "", "")


@pytest.mark.parametrize(
    "html",
    [
        '<meta name><meta property="og:title"><time datetime><a rel href><div itemprop itemscope itemtype>',
        '<link rel="canonical" href="http://[/2024/06/"><h1></h1><title></title>',
        '<meta name="date" content="99999-99-99"><h1>&#0;</h1><p>By </p><p>31/31/2024 0/0/00</p>',
        "<h1>a</h1>" + "<div class='author byline date username'>" * 600 + "By Ada",
        "<h1>a</h1>" + "<span class=author>" * 600 + "By <p>Ada</p>" * 200,
        "<h1 class='" + "author-" * 100_000 + "'>a</h1>" + "<meta name=author content=Ada>" * 9_000,
    ],
)
def test_odd_markup_is_no_error(html: str) -> None:
    read(html)


@pytest.mark.parametrize(
    "text",
    ["by " * 400, "By " + "A " * 400, "1 " * 400, "a" * 900, "view " * 200, "12." * 300, ", " * 400, "Jan 1 " * 200],
)
def test_time_is_bounded(text: str) -> None:
    html = "<h1>The quay</h1>" + f"<p class=author itemprop=author rel=author>{text[:230]}</p><time>{text}</time>" * 200
    start = perf_counter()
    read(html)
    for function in (first_date, after_label, read_names, read_stated):
        function(text * 20)
    assert perf_counter() - start < 2


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 June 2024", "2024-06-03"),
        ("June 3rd, 2024", "2024-06-03"),
        ("Jun. 3, 2024", "2024-06-03"),
        ("03-Jun-2024", "2024-06-03"),
        ("2024-06-03", "2024-06-03"),
        ("2024/6/3 10:00", "2024-06-03"),
        ("2024. 6. 3.", "2024-06-03"),
        ("Jane SmithJun 3, 2024", "2024-06-03"),
        ("3 Octember 2024", ""),
        ("June 2024", ""),
        ("room 12-34-2024", ""),
    ],
)
def test_first_date(text: str, day: str) -> None:
    assert first_date(text) == day


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["By", "Jane Smith", "June 3, 2024"], "Jane Smith"),
        (["By", "Jane Smith", ",", "John Roe", "and", "Ada Lind", "Editor"], "Jane Smith, John Roe and Ada Lind"),
        (["June 3, 2024", "Jane Smith"], "Jane Smith"),
        (["Jane Smith", "Staff Writer"], "Jane Smith"),
        ([], ""),
        (["By"], ""),
    ],
)
def test_read_lines(lines: list[str], names: str) -> None:
    assert read_lines(lines) == names
