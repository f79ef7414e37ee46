"""A page as columns: what features are computed from, with one look at each block, element and character.

The elements that enclose blocks make a table in document order, parents before children. The blocks inside an element
are a range, so that a sum over an element is a difference of running sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehusk.document import Block, Document, Element
from dehusk.model.tokens import Vocabulary, names_of

Column = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

KINDS = ("paragraph", "heading", "item", "row", "code", "caption", "control")
_KIND = {kind: number for number, kind in enumerate(KINDS)}

SPACE, UPPER, LOWER, DIGIT, STOP, COLON, BAR, UNSPACED, OTHER = range(9)
"""Classes of characters: white space, letters, digits, ends of sentences, colons, separators of entries, letters of
scripts that put no spaces between words, all others."""
_CLASSES = 9
_TABLE_SIZE = 0x3100  # what lies beyond is letters, as far as it is text
IS_TITLE = 0.6
"""Share of words in common with the title from which a text is the title."""
_UNSPACED_RANGE = 0x3400, 0xD7A4  # Han and Hangul

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
_NAME_BITS = {name: _BIT[family] for family, names in _FAMILIES.items() for name in names.split()}


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements around blocks: ``parent`` (-1 for none), and the range of blocks in each.

    ``flags`` hold bits of ``FLAGS`` of the element and all around it. ``wider`` is the closest element around it that
    holds more blocks. ``shape`` numbers the paths of tags and classes: elements of the same shape stand alike.
    ``own``, ``path``, ``low`` and ``high`` are the evidence of its names: of the element, summed over it and all around
    it, and the least and greatest on the way.
    """

    parent: Ints
    start: Ints
    end: Ints
    wider: Ints
    flags: Ints
    shape: Ints
    own: Column
    path: Column
    low: Column
    high: Column


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
    depth: Column
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
    elements, inner = _elements(blocks, vocabulary)
    characters, counts, words, last = _characters(texts)
    seen: dict[str, int] = {}
    before = []
    for text in texts:
        count = seen.get(text, 0)
        before.append(count)
        seen[text] = count + 1
    linked = [sum([link.end - link.start for link in block.links]) if block.links else 0 for block in blocks]
    return Page(
        elements,
        inner,
        kind=np.array([_KIND.get(block.kind, 0) for block in blocks]),
        level=_column([block.level for block in blocks]),
        depth=_column([len(block.path) for block in blocks]),
        marks=_column([len(block.marks) for block in blocks]),
        links=_column([len(block.links) for block in blocks]),
        linked=np.minimum(_column(linked), characters),
        characters=characters,
        counts=counts,
        words=words,
        last=last,
        copies_before=_column(before),
        copies=_column([seen[text] for text in texts]),
        title=_title(texts, words, document.metadata.title),
        evidence=_column([vocabulary.text(text) for text in texts]),
    )


def _column(values: Sequence[float] | Sequence[int]) -> Column:
    return np.array(values, np.float32)


class _Styles:
    """What elements have in common that are named alike and stand in elements that are.

    Numbered as they turn up; the first is that of no element. The columns are those of ``Elements``.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.flags, self.shape = [0], [-1]
        self.own, self.path, self.low, self.high = [0.0], [0.0], [0.0], [0.0]
        self._vocabulary = vocabulary
        self._shapes: dict[Any, int] = {}
        self._named: dict[Any, tuple[int, float]] = {}

    def add(self, element: Element, outer: int) -> int:
        """Return the number of a new style, that of ``element`` in an element of style ``outer``."""
        names = (element.tag, element.id, element.classes, element.role)
        if names not in self._named:
            self._named[names] = self._read(names_of(element), element.tag)
        flags, own = self._named[names]
        if element.hidden or element.tag == "noscript":
            flags |= _BIT["hidden"]
        low, high, shape = self.low[outer], self.high[outer], (self.shape[outer], element.tag, element.classes)
        self.flags.append(self.flags[outer] | flags)
        self.shape.append(self._shapes.setdefault(shape, len(self._shapes)))
        self.own.append(own)
        self.path.append(self.path[outer] + own)
        self.low.append(own if own < low else low)
        self.high.append(own if own > high else high)
        return len(self.own) - 1

    def _read(self, names: set[str], tag: str) -> tuple[int, float]:
        """Return flags and evidence of an element with these names."""
        flags = _TAG_BITS.get(tag, 0)
        for name in _NAME_BITS.keys() & names:
            flags |= _NAME_BITS[name]
        return flags, self._vocabulary.names(names)


def _elements(blocks: Sequence[Block], vocabulary: Vocabulary) -> tuple[Elements, Ints]:
    """Return the table of the elements on the paths of ``blocks``, and the position of the innermost of each."""
    styles = _Styles(vocabulary)
    known: dict[Any, int] = {}
    style: list[int] = []  # of each element
    parent: list[int] = []
    new: list[int] = []  # for each block, how many elements begin with it
    ended: list[int] = []  # elements in the order in which they end
    ends: list[int] = []  # for each block, how many elements end before it
    inner: list[int] = []
    path: tuple[Element, ...] = ()
    opened: list[int] = []  # where the elements of ``path`` stand in the table
    for block in blocks:
        shared = min(len(path), len(block.path))
        while shared and path[shared - 1] is not block.path[shared - 1]:
            shared -= 1
        ended += opened[shared:]
        ends.append(len(opened) - shared)
        del opened[shared:]
        path = block.path
        new.append(len(path) - shared)
        around = opened[-1] if opened else -1
        outer = style[around] if opened else 0
        for element in path[shared:]:
            key = (outer, element.tag, element.id, element.classes, element.role, element.hidden)
            outer = known.get(key) or known.setdefault(key, styles.add(element, outer))
            parent.append(around)
            around = len(style)
            opened.append(around)
            style.append(outer)
        inner.append(around)

    positions = np.arange(len(blocks))
    start = np.repeat(positions, new)
    end = np.full(len(style), len(blocks))
    end[ended] = np.repeat(positions, ends)
    of = np.array([*style, 0])  # the last one is that of no element
    table = Elements(
        np.array(parent, int), start, end, _wider(np.array([*parent, -1]), start, end),
        np.array(styles.flags)[of], np.array(styles.shape)[of],
        *(_column(values)[of] for values in (styles.own, styles.path, styles.low, styles.high)),
    )  # fmt: skip
    return table, np.array(inner, int)


def _wider(parent: Ints, start: Ints, end: Ints) -> Ints:
    """Return for each element, and for none, the closest one around it that holds more blocks, -1 if there is none."""
    size = np.append(end - start, -1)
    wider = parent
    while (same := (wider >= 0) & (size[wider] == size)).any():
        wider = np.where(same, wider[wider], wider)
    return wider


def _character_classes() -> NDArray[np.uint8]:
    table = np.full(_TABLE_SIZE, LOWER, np.uint8)
    for code in range(0x600):
        char = chr(code)
        if not char.isalpha():
            table[code] = SPACE if char.isspace() else DIGIT if char.isdigit() else OTHER
        elif char.isupper():
            table[code] = UPPER
    table[0x2000:0x2070] = OTHER  # general punctuation
    table[0x2190:0x2C00] = OTHER  # arrows to symbols
    table[0x3000:0x3040] = OTHER  # CJK punctuation
    table[0x3040:] = UNSPACED  # kana
    for kind, chars in (
        (SPACE, "\u2003\u2009\u3000"),
        (STOP, ".!?…。।؟"),
        (COLON, ":"),
        (BAR, "|·•›→/–—»+&#@"),
    ):
        table[[ord(char) for char in chars]] = kind
    return table


_CHARACTER_CLASS = _character_classes()


def _characters(texts: Sequence[str]) -> tuple[Column, Column, Column, NDArray[np.uint8]]:
    """Return, of each text: its length, its characters by class, its words, and the class of its last character."""
    codes = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _CHARACTER_CLASS[np.minimum(codes, _TABLE_SIZE - 1)]
    far = codes >= _TABLE_SIZE
    if far.any():
        low, high = _UNSPACED_RANGE
        kinds[far] = np.where((codes[far] >= low) & (codes[far] < high), UNSPACED, LOWER)
    sizes = np.array([len(text) + 1 for text in texts])
    ends = np.cumsum(sizes)
    owner = np.repeat(np.arange(len(texts)), sizes)
    counts = np.bincount(owner * _CLASSES + kinds, minlength=len(texts) * _CLASSES).reshape(-1, _CLASSES)
    letters = (kinds == UPPER) | (kinds == LOWER) | (kinds == DIGIT)
    begins = np.flatnonzero(letters[1:] & ~letters[:-1]) + 1
    words = np.bincount(owner[begins], minlength=len(texts)) + counts[:, UNSPACED] // 2
    words[0] += letters[0]
    return (
        (sizes - 1).astype(np.float32),
        counts.astype(np.float32),
        words.astype(np.float32),
        kinds[np.maximum(ends - 2, 0)],
    )


def _title(texts: Sequence[str], words: Column, title: str) -> Column:
    """Return of each text that is no longer than a headline which share of words it has in common with the title."""
    wanted = set(title.lower().split())
    overlap = np.zeros(len(texts), np.float32)
    if wanted:
        for position in np.flatnonzero((words > 0) & (words <= 30)).tolist():
            own = texts[position].lower().split()
            overlap[position] = len(wanted.intersection(own)) / max(len(own), len(wanted))
    return overlap
