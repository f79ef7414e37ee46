"""Whole pages and texts, in ``pages/``: ``NAME.html`` or ``NAME.in.txt`` becomes ``NAME.txt``, byte for byte.

Of pages there is also the Markdown, ``NAME.md``. Their main content is found by readability-lxml, so that nothing
here depends on the weights of the model, which has pages of its own. A page whose first line is a comment such as
``<!-- dehusk: --ignore readability --drop nav -->`` is cleaned with these options.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import dehusk

FOLDER = Path(__file__).parent / "pages"
PAGES = sorted(FOLDER.glob("*.html"))
INPUTS = [*PAGES, *sorted(FOLDER.glob("*.in.txt"))]
OPTIONS = re.compile(rb"<!-- dehusk: (.*) -->\r?\n")

Entry = tuple[str, int, str, str, tuple[str, ...], tuple[str, ...]]


def clean(path: Path) -> dehusk.Document:
    source = path.read_bytes()
    match = OPTIONS.match(source)
    return dehusk.clean(source, config=config(shlex.split(match[1].decode()) if match else []))


def config(words: list[str]) -> dehusk.Config:
    options: dict[str, list[str]] = {"--ignore": [], "--drop": [], "--keep": []}
    for name, value in zip(words[::2], words[1::2], strict=True):
        options[name].append(value)
    selectors = {"drop": options["--drop"], "keep": options["--keep"]}
    ignore = ("main-content", *options["--ignore"])
    return dehusk.Config(select=("ALL",), ignore=ignore, options={"selectors": selectors})


def expected(path: Path, suffix: str) -> str:
    return path.with_name(path.name.split(".")[0] + suffix).read_bytes().decode()


def id_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", INPUTS, ids=id_of)
def test_text(path: Path) -> None:
    assert clean(path).text == expected(path, ".txt")


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_markdown(path: Path) -> None:
    assert clean(path).markdown == expected(path, ".md")


@pytest.mark.parametrize("path", INPUTS, ids=id_of)
def test_nothing_is_left_to_clean(path: Path) -> None:
    text = expected(path, ".txt")
    # Code of a page stands in the text as it is, where nothing tells that its white space counts.
    has_code = path.suffix == ".html" and any(block.kind == "code" for block in clean(path).blocks)
    again = dehusk.clean(text.encode(), config=dehusk.Config(ignore=("W",) if has_code else ()))
    assert [(finding.rule, finding.line, finding.text) for finding in again.findings] == []
    assert again.text == text


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_markdown_is_always_the_same(path: Path) -> None:
    document = clean(path)
    assert document.markdown == document.markdown == clean(path).markdown


@pytest.mark.parametrize("path", PAGES, ids=id_of)
def test_markdown_says_what_the_page_says(path: Path) -> None:
    document = clean(path)
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(document.markdown)
    assert list(outline(dehusk.parse(page, format="html"))) == list(outline(document))


def outline(document: dehusk.Document) -> Iterator[Entry]:
    """Yield what Markdown can tell of each block: kind, rank, language, text, texts of links, and what encloses it."""
    numbers: dict[int, str] = {}
    for block in document.blocks:
        if not block.text:
            continue
        kind = block.kind if block.kind in ("heading", "item", "row", "code") else "paragraph"
        text = "\n".join(line.strip(" ") for line in block.text.strip("\n").split("\n"))
        links = tuple(block.text[link.start : link.end] for link in block.links if not link.url.startswith("#"))
        tables = [element for element in block.path if element.tag == "table"][:-1]  # Markdown nests no tables
        around = (element for element in block.path if element.tag in nesting(kind) and element not in tables)
        places = tuple(numbers.setdefault(element.index, f"{element.tag} {len(numbers)}") for element in around)
        yield kind, block.level if kind == "heading" else 0, block.language, text, links, places


def nesting(kind: str) -> tuple[str, ...]:
    """Return the elements whose limits Markdown keeps; of tables, only those of rows are sure to become tables."""
    return ("ul", "ol", "li", "blockquote", *(["table"] if kind == "row" else []))
