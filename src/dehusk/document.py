"""The intermediate form between readers, rules and writers: a document is a sequence of blocks."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal, TypeVar, dataclass_transform

from dehusk.edits import Edit, Patch, Replace
from dehusk.lazy import lazy

Kind = Literal["paragraph", "heading", "item", "row", "code", "caption", "control", "blank"]
Format = Literal["html", "text"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?。！？؟।:;：；][\"'”’»“)\]」』）】]*(?:\[\d+\])*$")
_TRUNCATED = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])[\"'”’»)」』）]*$")

SENTENCE_WORDS = 4
PROSE_WORDS = 12
"""A block of at least this many words that ends like a sentence is prose. Headlines are shorter or unended."""


_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(*, eq: bool = True, slots: bool = True) -> Callable[[type[_Class]], type[_Class]]:
    """Make a dataclass of which a page has hundreds: frozen to the type checker, though not when the program runs.

    Making an object of a class that is also frozen then takes three to six times as long, which adds up to a third
    of the time for reading a page.
    """
    return dataclass(eq=eq, slots=slots, unsafe_hash=eq)


@record(eq=False)
class StartTag:
    """What the tag that begins an element says of it; elements with the same tag and attributes share one object.

    ``number`` is what an item of a list, or the first of a numbered list, is numbered with, if the tag says so.
    """

    name: str
    id: str = ""
    classes: tuple[str, ...] = ()
    role: str = ""
    hidden: bool = False
    number: int | None = None

    def __str__(self) -> str:
        return self.name + (f"#{self.id}" if self.id else "") + "".join(f".{name}" for name in self.classes)


@record(eq=False)
class Element:
    """One HTML element that encloses blocks; all blocks inside it share the same object.

    ``index`` is the element's position among all elements of the page, in document order, ``parent`` the element
    around it.
    """

    index: int
    start: StartTag
    parent: "Element | None" = None

    @property
    def tag(self) -> str:
        """The name of the element, in lower case."""
        return self.start.name

    @property
    def id(self) -> str:
        """The ``id`` attribute; empty if there is none."""
        return self.start.id

    @property
    def classes(self) -> tuple[str, ...]:
        """The names in the ``class`` attribute."""
        return self.start.classes

    @property
    def role(self) -> str:
        """The ``role`` attribute; empty if there is none."""
        return self.start.role

    @property
    def hidden(self) -> bool:
        """Whether the element's own attributes hide it."""
        return self.start.hidden

    def __str__(self) -> str:
        return str(self.start)

    def ancestry(self) -> Iterator["Element"]:
        """Yield the element and those around it, innermost first."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


@record()
class Link:
    """A hyperlink over the characters ``start`` to ``end`` of a block's text."""

    start: int
    end: int
    url: str


@record()
class Mark:
    """An inline element over the characters ``start`` to ``end`` of a block's text."""

    start: int
    end: int
    element: Element


@record()
class Image:
    """An image that stands before the text of a block or, if not, in or behind it. ``alt`` says what it shows."""

    url: str
    alt: str = ""
    before: bool = True


Range = TypeVar("Range", Link, Mark)


@record(slots=False)  # which would leave no room for what is computed once
class Block:
    """A paragraph, heading, list item, table row, caption, form control or piece of code.

    ``text`` is what it says, ``tail`` the white space that follows it: joining both over all blocks of a plain
    text gives back its source, character for character. ``span`` counts characters of the document as read, from
    the first of ``text`` to after its last, ``line`` its lines from 1. ``level`` is a heading's rank. ``element`` is
    the innermost HTML element around all of it, ``None`` in plain text. A ``blank`` block has no text: it
    carries white space that precedes everything else. ``tail_start`` tells where the tail stood if not right behind
    the text, as when the blocks between were dropped, and ``patches`` what was replaced since the block was read.
    """

    kind: Kind
    text: str
    index: int
    line: int
    span: tuple[int, int]
    tail: str = "\n\n"
    level: int = 0
    links: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    element: Element | None = None
    language: str = ""
    images: tuple[Image, ...] = ()
    protected: bool = False
    tail_start: int = -1
    patches: tuple[Patch, ...] = field(default=(), repr=False, compare=False)

    @lazy
    def path(self) -> tuple[Element, ...]:
        """The elements around the block, outermost first; empty in plain text."""
        return tuple(self.element.ancestry())[::-1] if self.element else ()

    @lazy
    def words(self) -> int:
        """How many words the block has; two characters of an unspaced script count as one."""
        if self.unspaced * 2 > len(self.text):
            return max(1, self.unspaced // 2)
        return len(_WORD.findall(self.text))

    @lazy
    def unspaced(self) -> int:
        """How many characters the block has of scripts written without spaces between words."""
        return 0 if self.text.isascii() else len(_unspaced().findall(self.text))

    @lazy
    def truncated(self) -> bool:
        """Whether the text breaks off with an ellipsis, as teasers do."""
        return _TRUNCATED.search(self.text[-12:].rstrip()) is not None

    @property
    def prose(self) -> bool:
        """Whether this reads as running text: long enough, ended like a sentence, mostly not link text."""
        # So many words have so many characters, with what is between them.
        return len(self.text) >= 2 * PROSE_WORDS - 1 and self.sentence and self.words >= PROSE_WORDS

    @lazy
    def sentence(self) -> bool:
        """Whether this is text of some words, ended like a sentence, that is mostly not link text."""
        return (
            self.kind in ("paragraph", "item", "caption")
            and _SENTENCE_END.search(self.text[-24:].rstrip()) is not None
            and not self.truncated
            and self.words >= SENTENCE_WORDS
            and self.link_density < 0.5
        )

    @lazy
    def link_density(self) -> float:
        """Share of the text's characters that are link text, 0 to 1 (Kohlschütter et al., 2010)."""
        if not self.links or not self.text:
            return 0.0
        return min(1.0, sum(link.end - link.start for link in self.links) / len(self.text))

    def origin(self, offset: int) -> int:
        """Return where the character at ``offset`` of ``text + tail`` stood in the document as read."""
        for patch in reversed(self.patches):
            offset = patch.backward(offset)
        start, end = self.span
        if self.tail_start >= 0 and start + offset >= end:
            return self.tail_start + start + offset - end
        return start + offset

    def region(self, start: int, end: int) -> tuple[int, int]:
        """Return from where to where the characters ``start`` to ``end`` of ``text + tail`` stood."""
        first = self.origin(start)
        if start < end == len(self.text):  # where the tail stands now says nothing of where the text ended
            return first, max(first, self.span[1])
        return first, max(first, self.origin(end))


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; an empty string where it says nothing. ``date`` is ISO 8601, to the day."""

    title: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    url: str = ""
    site: str = ""

    def to_dict(self) -> dict[str, str | None]:
        """Return the fields by name, ``None`` for those that are not known."""
        return {item.name: getattr(self, item.name) or None for item in fields(self)}


@record()
class Finding:
    """What one rule saw in one place, why it minds, and what it would do about it.

    A rule gives ``rule``, ``message``, ``block`` (the block's index) and ``edit``; :func:`dehusk.pipeline.run`
    adds the place: ``line`` and ``column`` count from 1 in the document as read, ``text`` is what stood there, on
    a page as far as it was mended by then, and ``span`` from which to which character.
    """

    rule: str
    message: str
    block: int
    edit: Edit | None = None
    line: int = 0
    column: int = 0
    text: str = ""
    span: tuple[int, int] = (0, 0)

    @property
    def action(self) -> str:
        """Return ``drop``, ``keep``, ``replace`` or ``none``."""
        return type(self.edit).__name__.lower() if self.edit else "none"

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as the JSON schema describes it."""
        replacement = self.edit.text if isinstance(self.edit, Replace) else None
        return {
            "rule": self.rule,
            "message": self.message,
            "action": self.action,
            "block": self.block,
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "replacement": replacement,
        }


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of the site that a document is from.

    ``pages`` of it were read. ``lines`` says of the document's lines, by the index of their block and their text with
    single spaces, on how many pages they stand together with those next to them, if that is more than one.
    """

    pages: int = 0
    lines: Mapping[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Document:
    """A page or a text: its decoded ``source``, the ``blocks`` read from it, and what was found in them.

    ``name`` is the file it was read from, if any.
    """

    source: str
    blocks: tuple[Block, ...]
    format: Format = "text"
    name: str = ""
    metadata: Metadata = Metadata()
    findings: tuple[Finding, ...] = ()
    site: Site = Site()

    @property
    def text(self) -> str:
        """The document as plain text."""
        from dehusk.writers.text import write

        return write(self)

    @property
    def markdown(self) -> str:
        """The document as Markdown (CommonMark with tables and strikethrough)."""
        from dehusk.writers.markdown import write

        return write(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as the JSON schema describes it."""
        from dehusk.writers.json import to_dict

        return to_dict(self)

    @property
    def is_empty(self) -> bool:
        """Whether no block has any text."""
        return not any(block.text for block in self.blocks)

    @lazy
    def words(self) -> int:
        """How many words all blocks have."""
        return sum([block.words for block in self.blocks])

    @lazy
    def first(self) -> int:
        """Position of the first block with text that is no code. 0 when there is none."""
        return next((i for i, block in enumerate(self.blocks) if block.text and block.kind != "code"), 0)

    @lazy
    def body(self) -> int:
        """Position of the first block below the title: a text begins with it, a page tells what it is elsewhere."""
        named = bool(self.metadata.title) and self.blocks[self.first : self.first + 1]
        return self.first if named and named[0].kind != "heading" else self.first + 1

    @lazy
    def head(self) -> int:
        """Position of the first prose block: what stands before it is the head. 0 when nothing is prose."""
        return self._prose[0]

    @lazy
    def tail(self) -> int:
        """Position after the last prose block: from here on is the tail. ``len(blocks)`` when nothing is prose."""
        return self._prose[1]

    def around(self, wanted: Callable[[Element], object]) -> list[tuple[Element, ...]]:
        """Return for each block the elements around it that are ``wanted``, outermost first; each is asked once."""
        known: dict[Element | None, tuple[Element, ...]] = {None: ()}
        return [_around(block.element, wanted, known) for block in self.blocks]

    def at_edge(self, position: int) -> bool:
        """Whether a block stands in the head of the document, below its title, or in its tail."""
        return self.body <= position < self.head or position >= self.tail

    @lazy
    def places(self) -> Mapping[int, int]:
        """The position of each block by its index, which is what findings tell."""
        return {block.index: position for position, block in enumerate(self.blocks)}

    @lazy
    def whole(self) -> str:
        """The texts and tails of all blocks: one look at it tells whether a rule need look at any of them."""
        return "".join([part for block in self.blocks for part in (block.text, block.tail)])

    @lazy
    def first_words(self) -> Sequence[str]:
        """The first word of each block, in lower case: what tells at once that most of them are no husk."""
        from dehusk.phrases import first_words

        return first_words([block.text for block in self.blocks])

    @lazy
    def cued(self) -> Mapping[str, Sequence[int]]:
        """Positions of the blocks that a phrase of the shipped packs begins or makes up, by the phrases' family.

        Phrases that begin with a person's name are left out: nearly any block may begin with one.
        """
        from dehusk.phrases import families, lexicon

        found: dict[str, list[int]] = {}
        for position in lexicon().openings(self.first_words):
            for family in families(self.blocks[position].text):
                found.setdefault(family, []).append(position)
        return found

    @lazy
    def list_starts(self) -> Sequence[int]:
        """For each block the position of the first item of the list that it is in; its own if it is no item."""
        starts: list[int] = []
        for position, block in enumerate(self.blocks):
            goes_on = block.kind == "item" and position > 0 and self.blocks[position - 1].kind == "item"
            starts.append(starts[-1] if goes_on else position)
        return starts

    @lazy
    def _prose(self) -> tuple[int, int]:
        """Positions of the first prose block and after the last; of short sentences if a text has nothing longer."""
        positions = range(len(self.blocks))
        for is_prose in (attrgetter("prose"), attrgetter("sentence")):
            first = next((i for i in positions if is_prose(self.blocks[i])), None)
            if first is not None:
                return first, next(i + 1 for i in reversed(positions) if is_prose(self.blocks[i]))
        return 0, len(self.blocks)

    @lazy
    def _line_starts(self) -> Sequence[int]:
        as_read = self.source if self.format == "text" else "".join([b.text + b.tail for b in self.blocks])
        if "\r" in as_read:
            return [0, *(match.end() for match in _LINE_END.finditer(as_read))]
        return list(accumulate([len(line) + 1 for line in as_read.split("\n")], initial=0))

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of a character offset into the document as read.

        For plain text that is the source. For a page it is its visible text: all blocks as a reader made them.
        """
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _around(
    element: Element | None, wanted: Callable[[Element], object], known: dict[Element | None, tuple[Element, ...]]
) -> tuple[Element, ...]:
    """Return those of an element and all around it that are ``wanted``; ``known`` remembers them."""
    climbed: list[Element] = []
    while element is not None and element not in known:
        climbed.append(element)
        element = element.parent
    found = known[element]
    for inner in reversed(climbed):
        if wanted(inner):
            found = (*found, inner)
        known[inner] = found
    return found


def is_markdown(name: str) -> bool:
    """Return whether a file of this name holds Markdown, in which two spaces at the end of a line are a break."""
    return name.lower().removesuffix(".gz").endswith((".md", ".markdown"))


@cache
def _unspaced() -> re.Pattern[str]:
    """Characters of scripts written without spaces between words: Thai, Lao, Burmese, Khmer, Kana, Han, Hangul."""
    return re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
