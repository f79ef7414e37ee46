"""A page as columns: what features are computed from, with one look at each block, element and character.

The elements that enclose blocks make a table in document order, parents before children. The blocks inside an element
are a range, so that a sum over an element is a difference of running sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehusk.document import Block, Document, Element, StartTag
from dehusk.model.characters import characters, class_table, copies
from dehusk.model.tokens import BEGINNING, CACHED_NAMES, Vocabulary, names_of, tokens_of_name, words_of

Column = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

KINDS = ("paragraph", "heading", "item", "row", "code", "caption", "control")
_KIND = {kind: number for number, kind in enumerate(KINDS)}

_CLASS = class_table()
IS_TITLE = 0.6
"""Share of words in common with the title from which a text is the title."""
_SECTIONS = "nav header footer aside main article section form table figure blockquote".split()
_LISTS = ("ul", "ol", "menu", "dir")
_FAMILIES = {
    "comment": "comment comments reply replies respond discussion disqus",
    "product": "product price cart sku shop buy basket variant",
    "content": "content entry body text post article story richtext prose markdown",
    "card": "card cards teaser grid tile tiles carousel slider slide swiper",
    "consent": "cookie consent modal popup overlay gdpr dialog drawer",
    "review": "review reviews rating ratings testimonial testimonials",
    "details": "spec specs specification specifications description details detail features attributes",
    "forum": "forum thread message topic posts messages bbs user",
    "listing": "list listing results items archive feed loop",
    "related": "related recommend recommended recommendations more popular trending suggested similar",
    "title": "title headline heading hero",
}
FLAGS = (*_SECTIONS, "list", "hidden", *_FAMILIES)
"""What may hold of an element, by its tag, by being hidden, or by a word in its names."""
_BIT = {flag: 1 << position for position, flag in enumerate(FLAGS)}
_TAG_BITS = {tag: _BIT[tag] for tag in _SECTIONS} | dict.fromkeys(_LISTS, _BIT["list"])
# Odd numbers whose multiples are well spread (Steele, Lea and Flood, 2014). The hash of a path is a polynomial.
_SCATTER, _SHIFT = np.array([[0x9E3779B97F4A7C15], [0xBF58476D1CE4E5B9]], np.uint64)
_NAME_BITS = {name: _BIT[family] for family, names in _FAMILIES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements around blocks: ``parent`` (-1 for none), the range of blocks in each, ``depth`` (1 is outermost).

    ``flags`` hold bits of ``FLAGS`` of the element and all around it. ``wider`` is the closest element around it that
    holds more blocks. ``shape`` is a hash of the path of tags and classes: elements of the same shape stand alike.
    ``own``, ``path``, ``low`` and ``high`` are the evidence of its names: of the element, summed over it and all around
    it, and the least and greatest on the way.
    """

    parent: Ints
    start: Ints
    end: Ints
    wider: Ints
    depth: Ints
    flags: Ints
    shape: NDArray[np.uint64]
    path: Column
    low: Column
    high: Column
    own: Column


@dataclass(frozen=True, slots=True)
class Page:
    """Columns with a number for each block, and the elements around the blocks.

    ``inner`` is the position of the innermost element around a block, the last one (an element of no page) if it has
    none. ``counts`` holds the characters by class, ``linked`` how many are link text. ``copies_before`` and ``copies``
    count blocks with the same text, ``evidence`` sums the weights of the words.
    """

    elements: Elements
    inner: Ints
    kind: Ints
    level: Column
    marks: Column
    links: Column
    linked: Column
    characters: Column
    counts: Column
    words: Column
    last: NDArray[np.uint8]
    copies_before: Column
    copies: Column
    title: Column
    evidence: Column

    def inside(self, flag: str) -> Flags:
        """Return which blocks are inside an element of which one of ``FLAGS`` holds."""
        inside: Flags = self.elements.flags[self.inner] & _BIT[flag] != 0
        return inside

    @property
    def is_title(self) -> Flags:
        """Which block is the heading with the page's title: one at most."""
        best = int(self.title.argmax())
        named = self.title[best] > IS_TITLE and KINDS[self.kind[best]] == "heading"
        is_title: Flags = (np.arange(len(self.title)) == best) & named
        return is_title


def columns(document: Document, vocabulary: Vocabulary) -> Page:
    """Return the columns of a page that has blocks."""
    blocks = document.blocks
    texts = [block.text for block in blocks]
    beginnings = list(map(words_of, texts))
    elements, inner = _elements(blocks, vocabulary)
    counted = characters(texts, _CLASS)
    sizes, words = counted.sizes.astype(np.float32), counted.words.astype(np.float32)
    before, copied = copies(texts)
    linked = [sum([link.end - link.start for link in block.links]) if block.links else 0 for block in blocks]
    return Page(
        elements,
        inner,
        kind=np.array([_KIND.get(block.kind, 0) for block in blocks]),
        level=_column([block.level for block in blocks]),
        marks=_column([len(block.marks) for block in blocks]),
        links=_column([len(block.links) for block in blocks]),
        linked=np.minimum(_column(linked), sizes),
        characters=sizes,
        counts=counted.counts.astype(np.float32),
        words=words,
        last=counted.kinds[np.maximum(counted.starts + counted.sizes - 1, 0)],
        copies_before=_column(before),
        copies=_column(copied),
        title=_title(texts, beginnings, words, document.metadata.title),
        evidence=_column(list(map(vocabulary.text, texts, beginnings))),
    )


def _column(values: Sequence[float] | Sequence[int]) -> Column:
    return np.array(values, np.float32)


def _elements(blocks: Sequence[Block], vocabulary: Vocabulary) -> tuple[Elements, Ints]:
    """Return the table of the elements around ``blocks``, and the position of the innermost of each."""
    starts: list[StartTag] = []
    firsts: list[int] = []  # the first block in each
    parents: list[int] = []
    places: dict[Element | None, int] = {None: -1}  # where elements stand in the table
    inner: list[int] = []
    fresh: list[Element] = []
    for position, block in enumerate(blocks):
        element = block.element
        while element is not None and element not in places:
            fresh.append(element)
            element = element.parent
        place = places[element]
        while fresh:
            element = fresh.pop()
            parents.append(place)
            places[element] = place = len(starts)
            starts.append(element.start)
            firsts.append(position)
        inner.append(place)
    sizes = [0] * (len(starts) + 1)  # how many blocks are in each, and, the last one, on the page
    for place in inner:
        sizes[place] += 1
    for place in range(len(starts) - 1, -1, -1):
        sizes[parents[place]] += sizes[place]
    parent, start = np.array(parents, int), np.array(firsts, int)
    end = start + np.array(sizes[:-1], int)
    wider = _wider(np.append(parent, -1), start, end)
    flags, kinds, evidence = _told(starts, vocabulary)
    return Elements(parent, start, end, wider, *_along_paths(parent, flags, kinds, evidence)), np.array(inner, int)


def _told(starts: Sequence[StartTag], vocabulary: Vocabulary) -> tuple[Ints, NDArray[np.uint64], Column]:
    """Return flags, a number for name and classes, and evidence of each element by itself.

    Behind them stand those of no element.
    """
    numbers: dict[StartTag, int] = {}
    which = [numbers.setdefault(start, len(numbers)) for start in starts]
    kinds: dict[Any, int] = {}
    told = [(0, 0, 0.0)]
    for tag in numbers:
        names = names_of(tag)
        kind = kinds.setdefault((tag.name, tag.classes), len(kinds) + 1)
        told.append((_flags(tag, names), kind, vocabulary.element(tag.name, names)))
    flags, kind_of, evidence = zip(*told, strict=True)
    at = np.array([*which, -1]) + 1
    return np.array(flags)[at], np.array(kind_of, np.uint64)[at], np.array(evidence, np.float32)[at]


def _along_paths(parent: Ints, flags: Ints, kinds: NDArray[np.uint64], own: Column) -> tuple[Any, ...]:
    """Return the columns of ``Elements`` from ``depth`` on, from what holds of each element by itself.

    In each turn elements take in what as many around them as before have gathered (Hillis and Steele, 1986).
    """
    above = np.append(parent, -1)
    depth = np.append(np.ones_like(parent), 0)
    shape, factor = kinds * _SCATTER, _SHIFT
    path, low, high = own, np.minimum(own, 0), np.maximum(own, 0)
    while (above >= 0).any():
        depth = depth + depth[above]
        flags = flags | flags[above]
        shape, factor = shape + factor * shape[above], factor * factor
        path = path + path[above]
        low, high = np.minimum(low, low[above]), np.maximum(high, high[above])
        above = np.where(above >= 0, above[above], -1)
    return depth, flags, shape, path, low, high, own


def _flags(tag: StartTag, names: Sequence[str]) -> int:
    """Return the bits of ``FLAGS`` that hold of an element."""
    flags = _TAG_BITS.get(tag.name, 0)
    for name in names:
        flags |= _bits_of(name)
    return flags | _BIT["hidden"] if tag.hidden or tag.name == "noscript" else flags


@lru_cache(CACHED_NAMES)
def _bits_of(name: str) -> int:
    bits = 0
    for token in tokens_of_name(name):
        bits |= _NAME_BITS.get(token, 0)
    return bits


def _wider(parent: Ints, start: Ints, end: Ints) -> Ints:
    """Return for each element, and for none, the closest one around it that holds more blocks, -1 if there is none."""
    size = np.append(end - start, -1)
    wider = parent
    while (same := (wider >= 0) & (size[wider] == size)).any():
        wider = np.where(same, wider[wider], wider)
    return wider


def _title(texts: Sequence[str], beginnings: Sequence[list[str]], words: Column, title: str) -> Column:
    """Return of each text that is no longer than a headline which share of words it has in common with the title."""
    wanted = set(title.lower().split())
    overlap = np.zeros(len(texts), np.float32)
    if wanted:
        for position in np.flatnonzero((words > 0) & (words <= 30)).tolist():
            text, own = texts[position], beginnings[position]
            if len(text) > BEGINNING:
                own = text.lower().split()
            if not wanted.isdisjoint(own):
                overlap[position] = len(wanted.intersection(own)) / max(len(own), len(wanted))
    return overlap
