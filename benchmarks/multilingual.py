"""Score dehusk on pages in several languages, next to other extractors in the same run.

    python benchmarks/multilingual.py DATA [--limit N] [--peers trafilatura,readability-lxml]

DATA holds pages from the evaluation of Trafilatura (annotations Apache-2.0), most of them German or English. It is a
folder, or a tar archive of one, with ``html/FILE`` and ``annotations.json``, which maps the address of each page to its
``file``, to chunks of text that must appear (``with``) and to some that must not (``without``).

White space is folded, and case is not. A ``with`` chunk that is found is a true positive, one that is missed a false
negative, a ``without`` chunk that is found a false positive. Precision, recall and F1 are those over all chunks of all
pages. The columns after them hold F1 by language, with how many pages each has: what a page's ``lang`` attribute says,
which now and then is wrong; ``none`` is a page that does not say, ``other`` a language of fewer than 10 pages. The
annotations were made without readers' comments, so trafilatura is told to leave them out.

The module :mod:`extractors` says what is called and how.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from dataset import data_argument, limit_option, opened, spaced
from extractors import (
    ALL_TEXT,
    DEHUSK,
    READABILITY,
    TRAFILATURA_WITHOUT_COMMENTS,
    Extractor,
    available,
    outputs,
    peers_option,
)
from rich.console import Console
from tables import share, show, table

import dehusk

FEW_PAGES = 10

_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])")


@dataclass(frozen=True, slots=True)
class Page:
    """One annotated page: its file's name and content, the chunks that must and must not appear, its language."""

    id: str
    html: bytes
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many chunks were found that should be, missed, and found that should not be."""

    found: int = 0
    missed: int = 0
    intruding: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that should be."""
        return self.found / (self.found + self.intruding) if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what should be found that was."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.found / (2 * self.found + self.missed + self.intruding) if self.found else 0.0


def tally(text: str, page: Page) -> Tally:
    r"""Return how many chunks of ``page`` are in ``text``.

    >>> tally("Rain  is\nexpected.", Page("", b"", ("Rain is", "Snow"), ("Leave a Reply",), "en"))
    Tally(found=1, missed=1, intruding=0)
    """
    text = folded(text)
    found = sum(folded(chunk) in text for chunk in page.wanted)
    return Tally(found, len(page.wanted) - found, sum(folded(chunk) in text for chunk in page.unwanted))


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum.

    >>> total([Tally(1, 2, 3), Tally(1, 1, 1)])
    Tally(found=2, missed=3, intruding=4)
    """
    counts = [(one.found, one.missed, one.intruding) for one in tallies]
    return Tally(*map(sum, zip(*counts, strict=True)))


def folded(text: str) -> str:
    """Return ``text`` with every run of white space as one space."""
    return " ".join(text.split())


def language(html: bytes) -> str:
    """Return the language that a page says it is in, as two letters, or ``none``.

    >>> language(b"<html lang=de-AT><p>Heute Regen.</html>"), language(b"<html><p>Heute Regen.</html>")
    ('de', 'none')
    """
    stated = next(dehusk.read(html, format="html")).metadata.language.lower()
    match = _LANGUAGE.match(stated)
    return match[0] if match else "none"


def read_pages(folder: Path, limit: int | None = None) -> Iterator[Page]:
    """Yield the pages of the data set in ``folder``, or ``limit`` of them, by the names of their files."""
    annotations: dict[str, Any] = json.loads((folder / "annotations.json").read_text("utf-8"))
    for entry in spaced(sorted(annotations.values(), key=lambda entry: str(entry["file"])), limit):
        html = (folder / "html" / entry["file"]).read_bytes()
        yield Page(entry["file"], html, tuple(entry["with"]), tuple(entry["without"]), language(html))


def languages(pages: Sequence[Page]) -> dict[str, list[str]]:
    """Return what columns there are by language, the largest first, and the ids of the pages of each."""
    counts = Counter(page.language for page in pages)
    columns: dict[str, list[str]] = {name: [] for name, count in counts.most_common() if count >= FEW_PAGES}
    columns.setdefault("other", [])
    for page in pages:
        columns.get(page.language, columns["other"]).append(page.id)
    return {name: ids for name, ids in columns.items() if ids}


@click.command()
@data_argument
@limit_option
@peers_option
def main(data: Path, limit: int | None, peers: list[str]) -> None:
    """Score dehusk and its peers on pages in several languages.

    DATA is a folder with html/FILE and annotations.json, or a tar archive of one (.tar.xz).
    """
    notes = Console(stderr=True)
    extractors = available((DEHUSK, TRAFILATURA_WITHOUT_COMMENTS, READABILITY, ALL_TEXT), peers, notes)
    tallies: dict[Extractor, dict[str, Tally]] = {extractor: {} for extractor in extractors}
    with opened(data, "annotations.json") as folder:
        pages = list(read_pages(folder, limit))
        for page, made in outputs(extractors, pages, len(pages), notes):
            for extractor, output in made.items():
                tallies[extractor][page.id] = tally(output.text, page)
    columns = languages(pages)
    headings = (f"{name} ({len(ids)})" for name, ids in columns.items())
    grid = table(f"{len(pages):,} pages", ("F1", "P", "R", *headings))
    for extractor, results in tallies.items():
        overall = total(results.values())
        cells = [overall.f1, overall.precision, overall.recall]
        cells += (total(results[page_id] for page_id in ids).f1 for ids in columns.values())
        grid.add_row(extractor.label, *(share([cell]) for cell in cells))
    show(grid)


if __name__ == "__main__":
    main()
