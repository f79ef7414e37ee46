"""Score the metadata that dehusk reads from the pages of WCXB, next to trafilatura's.

    python benchmarks/metadata.py DATA [--limit N]

A title is right if it equals the annotated one after folding case, quotes and punctuation, or if one contains the
other and is at least 60 % of its length; an author if the words are the same; a date to the day. *Invented* is the
share of the pages without an annotated value that got one. How dehusk chooses titles is learned from these pages, so
that its share of right titles is in-sample: ``training/titles.py`` prints that of a cross-validation. The module
:mod:`wcxb` says what the data is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import fmean

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from wcxb import Page, opened, page_ids, read_page

from dehusk import Metadata, read

Reader = Callable[[bytes], Metadata]

_QUOTES = re.compile(r"[\"'“”‘’„«»`´]")
_PUNCTUATION = re.compile(r"[^\w\s]")
_CONTAINED = 0.6


def read_dehusk(html: bytes) -> Metadata:
    """Return what dehusk reads."""
    return next(read(html, format="html")).metadata


def read_trafilatura(html: bytes) -> Metadata:
    """Return what trafilatura reads."""
    from trafilatura import extract_metadata, load_html

    tree = load_html(html)
    found = extract_metadata(tree) if tree is not None else None
    return Metadata(title=found.title or "", author=found.author or "", date=found.date or "") if found else Metadata()


READERS: Mapping[str, Reader] = {"dehusk": read_dehusk, "trafilatura": read_trafilatura}


def folded(text: str) -> str:
    """Return ``text`` without case, quotes and punctuation.

    >>> folded("The “Quay”: it’s open")
    'the quay its open'
    """
    text = _QUOTES.sub("", unicodedata.normalize("NFKC", text).lower())
    return " ".join(_PUNCTUATION.sub(" ", text).split())


def same_title(found: str, gold: str) -> bool:
    """Return whether a title is right.

    >>> same_title("Storm closes harbour", "Storm closes harbour!"), same_title("Storm", "Storm closes harbour")
    (True, False)
    """
    short, long = sorted((folded(found), folded(gold)), key=len)
    return bool(short) and short in long and len(short) >= _CONTAINED * len(long)


def same_author(found: str, gold: str) -> bool:
    """Return whether an author is right: the same words, in any order."""
    return set(folded(found).split()) == set(folded(gold).split())


def same_date(found: str, gold: str) -> bool:
    """Return whether a date is right, to the day."""
    return found[:10] == gold


FIELDS: Mapping[str, Callable[[str, str], bool]] = {
    "title": same_title,
    "author": same_author,
    "date": same_date,
}


def cells(pages: Iterable[tuple[Page, Metadata]]) -> list[str]:
    """Return for each field the share of right values, and the share of invented ones."""
    pages = list(pages)
    row = []
    for name, same in FIELDS.items():
        pairs = [(str(getattr(found, name)), str(getattr(page, name))) for page, found in pages]
        right = [same(found, gold) for found, gold in pairs if gold]
        invented = [bool(found) for found, gold in pairs if not gold]
        row += [f"{fmean(values):.3f}" if values else "-" for values in (right, invented)]
    return row


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), help="Score this many pages, evenly spaced.")
def main(data: Path, limit: int | None) -> None:
    """Score title, author and date on the pages of WCXB in the folder or archive DATA."""
    table = Table("", *(f"{name}{suffix}" for name in FIELDS for suffix in ("", " invented")), box=None)
    console = Console(stderr=True)
    with opened(data) as folder:
        pages = [read_page(folder, page_id) for page_id in page_ids(folder, limit)]
        for name, reader in READERS.items():
            try:
                found = [(page, reader(page.html)) for page in track(pages, name, console=console)]
            except ImportError:
                console.print(f"{name} is not installed and left out")
                continue
            table.add_row(name, *cells(found))
    Console().print(table)


if __name__ == "__main__":
    main()
