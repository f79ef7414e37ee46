"""The pages of WCXB and the score of a text extracted from them.

WCXB, the Web Content Extraction Benchmark (Murrough Foley, 2026, CC-BY-4.0), holds web pages of seven types,
each with its main text as annotated. A copy is a folder, or a tar archive of one, with two files a page::

    html/ID.html            the page as fetched, in the encoding it was sent in
    ground-truth/ID.json    ground_truth.main_content, _internal.page_type.primary, url and more
"""

import json
import re
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dataset

TYPES = ("article", "documentation", "service", "forum", "collection", "listing", "product")
"""The page types, in the order in which tables show them."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Page:
    """One annotated page: ``html`` is what an extractor gets, ``gold`` the main text it should give back.

    ``type`` is one of ``TYPES``. ``gold`` is empty for a page that has no main text, and so are ``title``, ``author``
    and ``date`` (ISO 8601) where the page names none.
    """

    id: str
    type: str
    url: str
    html: bytes
    gold: str
    title: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well a text agrees with the gold text: shares of words, 0 to 1."""

    precision: float
    recall: float
    f1: float


def opened(source: Path) -> AbstractContextManager[Path]:
    """Give the folder of the data set at ``source``, a folder or an archive, as :func:`dataset.opened` does."""
    return dataset.opened(source, "ground-truth/*.json")


def page_ids(folder: Path, limit: int | None = None) -> list[str]:
    """Return the ids of all pages, sorted, or of ``limit`` pages.

    These are evenly spaced, since ids roughly go by page type: the first twenty are all articles.
    """
    return dataset.spaced(sorted(path.stem for path in (folder / "ground-truth").glob("*.json")), limit)


def read_page(folder: Path, page_id: str) -> Page:
    """Return one page of the data set in ``folder``."""
    record: dict[str, Any] = json.loads((folder / "ground-truth" / f"{page_id}.json").read_text("utf-8"))
    truth = record["ground_truth"]
    return Page(
        id=page_id,
        type=record["_internal"]["page_type"]["primary"],
        url=record["url"],
        html=(folder / "html" / f"{page_id}.html").read_bytes(),
        # A few pages lack the field; they count as pages without main text.
        gold=truth.get("main_content") or "",
        title=truth.get("title") or "",
        author=truth.get("author") or "",
        date=(truth.get("publish_date") or "")[:10],
    )


def words(text: str) -> Counter[str]:
    r"""Return the words of ``text``, as WCXB counts them: how often each run of ``\w`` occurs, case folded.

    >>> words("Rain, rain!")
    Counter({'rain': 2})
    """
    return Counter(_WORD.findall(text.lower()))


def score(output: str, gold: str) -> Score:
    """Return precision, recall and F1 of the words in ``output`` against those in ``gold``, as multisets.

    Against an empty gold text an empty output scores 1 throughout, any other 0.

    >>> score("rain and rain", "Rain is expected.")
    Score(precision=0.3333333333333333, recall=0.3333333333333333, f1=0.3333333333333333)
    >>> score("", ""), score("rain", "")
    (Score(precision=1.0, recall=1.0, f1=1.0), Score(precision=0.0, recall=0.0, f1=0.0))
    """
    found, wanted = words(output), words(gold)
    if not wanted:
        perfect = 0.0 if found else 1.0
        return Score(perfect, perfect, perfect)
    shared = (found & wanted).total()
    if not shared:
        return Score(0.0, 0.0, 0.0)
    precision, recall = shared / found.total(), shared / wanted.total()
    return Score(precision, recall, 2 * precision * recall / (precision + recall))
