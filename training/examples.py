"""Pages to learn from: their blocks, and what is known of each.

Of a page of WCXB the whole main text is known, so every block has a label. Of a page of the multilingual set some
chunks are known that belong to the text (``with``) or do not (``without``); only blocks that hold one have a label.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import tldextract
from labels import label
from numpy.typing import NDArray

from dehusk.document import Document
from dehusk.readers import read

_SPACE = re.compile(r"\s+")
_LONG = 200  # words; a longer block weighs no more
_SHORT = 3  # words; added to each block's weight, so that headings and buttons weigh something
_PARTLY = 0.5  # weight of a page of which only some blocks are known
_domain = tldextract.TLDExtract(suffix_list_urls=())


@dataclass(frozen=True)
class Example:
    """A page. ``labels`` are 1 for main content, 0 for what is not; ``weights`` are 0 where nothing is known.

    The weights of a page add up to one, or to less if little of it is known. ``gold`` is the main text, or nothing;
    ``present`` and ``absent`` are chunks that belong to it or do not. ``copy`` tells how a copy of a page was changed.
    """

    id: str
    type: str
    domain: str
    document: Document
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]
    gold: str = ""
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    copy: str = ""


def wcxb(folder: Path) -> list[Example]:
    """Return the pages of WCXB in ``folder`` (``html/ID.html``, ``ground-truth/ID.json``)."""
    paths = sorted((folder / "ground-truth").glob("*.json"))
    with Pool() as pool:
        return pool.map(_wcxb, paths, chunksize=20)


def multilingual(folder: Path) -> list[Example]:
    """Return the pages of the multilingual set in ``folder`` (``html/FILE``, ``annotations.json``)."""
    records = json.loads((folder / "annotations.json").read_text("utf-8"))
    with Pool() as pool:
        return pool.starmap(_multilingual, ((folder, url, record) for url, record in sorted(records.items())), 20)


def folds(examples: list[Example], count: int, seed: int) -> NDArray[np.int64]:
    """Return for each page the fold it is in: all pages of a registrable domain are in the same."""
    domains = sorted({example.domain for example in examples})
    np.random.RandomState(seed).shuffle(domains)
    fold = {domain: position % count for position, domain in enumerate(domains)}
    return np.array([fold[example.domain] for example in examples])


def _wcxb(path: Path) -> Example:
    record = json.loads(path.read_text("utf-8"))
    html = (path.parent.parent / "html" / f"{path.stem}.html").read_bytes()
    document = _lean(next(read(html, format="html")))
    gold = record["ground_truth"].get("main_content") or ""
    labels = np.array(label([block.text for block in document.blocks], gold), np.float32)
    known = np.ones(len(labels), bool)
    kind = record["_internal"]["page_type"]["primary"]
    return Example(path.stem, kind, site(record["url"]), document, labels, weights_of(document, known), gold)


def _multilingual(folder: Path, url: str, record: dict[str, list[str]]) -> Example:
    html = (folder / "html" / str(record["file"])).read_bytes()
    document = _lean(next(read(html, format="html")))
    return chunks(url, site(url), document, tuple(record["with"]), tuple(record["without"]))


def chunks(name: str, domain: str, document: Document, with_: Sequence[str], without: Sequence[str]) -> Example:
    """Return the example of a document of which some chunks of text are known."""
    texts = [folded(block.text) for block in document.blocks]
    present, absent = tuple(map(folded, with_)), tuple(map(folded, without))
    yes = np.array([any(chunk in text for chunk in present) for text in texts], bool)
    no = np.array([any(chunk in text for chunk in absent) for text in texts], bool)
    known = yes ^ no
    weights = weights_of(document, known) * _PARTLY
    return Example(name, "", domain, document, yes.astype(np.float32), weights, "", present, absent)


def folded(text: str) -> str:
    """Return text with white space folded."""
    return _SPACE.sub(" ", text)


def _lean(document: Document) -> Document:
    return replace(document, source="")


def site(url: str) -> str:
    """Return the registrable domain of an address."""
    return _domain(url).top_domain_under_public_suffix or url


def weights_of(document: Document, known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the weights of the blocks of which something is known: by their words, one for the whole document."""
    weights = np.array([min(block.words, _LONG) + _SHORT for block in document.blocks], np.float32) * known
    shares: NDArray[np.float32] = weights / max(weights.sum(), 1)
    return shares
