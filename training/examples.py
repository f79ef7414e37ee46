"""Pages to learn from: their blocks, and what is known of each.

Of a page of WCXB the whole main text is known, so every block has a label. Of a page of the multilingual set some
chunks are known that belong to the text (``with``) or do not (``without``); only blocks that hold one have a label.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from multiprocessing import Pool
from pathlib import Path
from zlib import crc32

import numpy as np
import tldextract
from labels import label
from numpy.typing import NDArray

from dehusk.document import Block, Document, Element
from dehusk.readers import read
from dehusk.readers.layout import common

_SPACE = re.compile(r"\s+")
_LONG = 200  # words; a longer block weighs no more
_SHORT = 3  # words; added to each block's weight, so that headings and buttons weigh something
_PARTLY = 0.5  # weight of a page of which only some blocks are known
_FEWEST_BLOCKS, _FEWEST_WORDS = 8, 200  # of main content of a page that is stretched
_LENGTHS = 5_000, 100_000  # words of main content that pages are stretched to
_COPIED = 0.2  # weight of such a page
_LABELLED = 300  # blocks of a stretched page
_STEP = 7  # words
_domain = tldextract.TLDExtract(suffix_list_urls=())


@dataclass(frozen=True)
class Example:
    """A page. ``labels`` are 1 for main content, 0 for what is not; ``weights`` are 0 where nothing is known.

    The weights of a page add up to one, or to less if little of it is known. ``gold`` is the main text, or nothing;
    ``present`` and ``absent`` are chunks that belong to it or do not. A copy is there to learn from only.
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
    is_copy: bool = False


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


def stretched(examples: Iterable[Example], every: int) -> list[Example]:
    """Return one in ``every`` pages, or texts, with its main content many times over, as long as books on a page are.

    Few of the annotated pages have ten thousand words, and few of those words are main content. Each time the words of
    a block begin with another one, or a number follows them, so that they are no copies. Such a page weighs little,
    and of its blocks some hundreds have a label.
    """
    found = []
    for example in examples:
        blocks = example.document.blocks
        content = [position for position, yes in enumerate(example.labels) if yes]
        words = sum(blocks[position].words for position in content)
        chance = crc32(example.id.encode())
        if chance % every or len(content) < _FEWEST_BLOCKS or words < _FEWEST_WORDS:
            continue
        times = int(_LENGTHS[0] * (_LENGTHS[1] / _LENGTHS[0]) ** (chance / 2**32) / words) + 1
        document, labels = _stretched(example, content, times)
        known = np.zeros(len(labels), bool)
        known[np.linspace(0, len(labels) - 1, _LABELLED).astype(int)] = True
        weights = weights_of(document, known) * _COPIED
        gold = "\n".join(block.text for block, yes in zip(document.blocks, labels, strict=True) if yes)
        found.append(replace(example, document=document, labels=labels, weights=weights, gold=gold, is_copy=True))
    return found


def _stretched(example: Example, content: Sequence[int], times: int) -> tuple[Document, NDArray[np.float32]]:
    """Return a page on which the main content, the blocks at ``content``, follows itself so many ``times``."""
    blocks = example.document.blocks
    elements = [block.element for block in (blocks[position] for position in content) if block.element]
    around = reduce(common, elements) if elements else None
    last = blocks[content[-1]].element
    while last is not None and last is not around and last.parent is not around:
        last = last.parent
    end = content[-1] + 1
    while last is not around and end < len(blocks) and last in blocks[end].path:
        end += 1
    more: list[Block] = []
    for time in range(1, times + 1):
        own: dict[Element | None, Element | None] = {}
        for block in (blocks[position] for position in content):
            for element in block.path[block.path.index(around) + 1 :] if around else ():
                if element not in own:
                    own[element] = Element(element.index, element.start, own.get(element.parent, around))
            more.append(replace(block, text=_turned(block.text, time), element=own.get(block.element, around)))
    labels = np.concatenate([example.labels[:end], np.ones(len(more), np.float32), example.labels[end:]])
    return replace(example.document, blocks=(*blocks[:end], *more, *blocks[end:])), labels


def _turned(text: str, time: int) -> str:
    *words, last = text.split()
    if len(words) < _SHORT:
        return f"{text} {time}"
    first = time * _STEP % len(words)
    return " ".join([*words[first:], *words[:first], last])


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
