"""HTML to blocks: one walk over the page as a browser would parse it.

The walk keeps everything a visitor could see, and the parts that a script may show. What to leave out is for the
rules to say; only what is never text (scripts, styles, templates, embedded media) is not read at all.

Most of the time for cleaning a page is spent here, and most of that in :meth:`_Reader.read`, which sees each node
once. Elements with nothing in them are not made objects, what is read of an element's attributes is shared by all that
have the same, and places inside a block are counted in pieces of its text until the block ends, for most are a single
piece.
"""

import re
from collections.abc import Sequence
from itertools import accumulate, islice, pairwise
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dehusk.document import Document, Element, Link, Mark, StartTag
from dehusk.readers.elements import (
    BLOCK,
    CONTEXTS,
    IMAGE,
    INLINE,
    LINE_BREAK,
    MAX_DEPTH,
    NO_ELEMENT,
    PARAGRAPH,
    PREFORMATTED,
    QUOTE,
    ROLES,
    SPECIAL,
    UNMARKED,
    UNREAD,
    WITHIN_WORDS,
    Context,
)
from dehusk.readers.layout import Attributes, Draft, SeenImage, common, innermost, joined, laid_out
from dehusk.readers.markup import repaired
from dehusk.readers.metadata import TELLING_TAGS, Head, read_metadata

_SPACES = " \t\n\r\f"
_SPACE = re.compile(rf"[{_SPACES}]+")
_BLANK = " \n\u00a0"
_INVISIBLE_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b")
# How highlighters name the language of code: Prism and most others, GitHub, SyntaxHighlighter; Sphinx, which adds that
# the code is not to be translated; and Pandoc, SyntaxHighlighter and highlight.js, in the name behind their own.
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|highlight-source|brush:?)-?([\w+#-]+);?")
_SPHINX_CLASS = re.compile(r"highlight-([\w+#-]+)")
_HIGHLIGHTERS = ("sourceCode", "brush:", "hljs")
_LANGUAGE = re.compile(r"([\w+#-]+);?")
_NO_LANGUAGE = ("none", "default", "nohighlight")
_BOXES = 5  # elements around code that may be a highlighter's; those further out name the language of the page
_WHOLE_NUMBER = re.compile(r"\s*[-+]?\d{1,9}")
_MOST_INLINE = 64
"""Inline elements nested deeper than this are no marks of blocks: each block would have thousands."""
# A cell of more words than this holds prose: its table lays a page out and has no rows to speak of.
_CELL_WORDS = 60
_NUMBERS = {"ol": "start", "li": "value"}
"""Elements of numbered lists, and the attributes with their numbers."""
_MOST_COLUMNS, _MOST_ROWS = 40, 1_000
"""A cell reaches over no more columns and rows than this, and none behind so many columns over more than one."""

NUMBER = "data-dehusk"
"""Attribute by which another library's tree of the same page tells which element it has; see :func:`numbered`."""


def parse(source: str) -> Document:
    """Return the page as a document: its blocks with their enclosing elements, and its metadata."""
    reader = _Reader()
    reader.read(_tree(source))
    blocks = tuple(laid_out(reader.drafts, reader.images, reader.base))
    return Document(source, blocks, "html", metadata=read_metadata(reader.head, blocks))


def numbered(source: str) -> str:
    """Return the page as HTML in which every element carries its :attr:`Element.index` in ``NUMBER``.

    Those inside an element that is not read carry its number. This is how rules ask other libraries, which build
    trees of their own, about the blocks of a document.
    """
    root = _tree(source)
    if root is None:
        return ""
    index = -1
    following: list[LexborNode | None] = [root]
    while following:
        node = following.pop()
        while node is not None:
            role = ROLES.get(node.tag or "", INLINE) if node.is_element_node else NO_ELEMENT
            if role == NO_ELEMENT:
                node = node.next
                continue
            index += 1
            for element in node.traverse() if role == UNREAD else (node,):
                if element.is_element_node:
                    element.attrs[NUMBER] = str(index)
            following.append(node.next)
            node = node.first_child if role != UNREAD else None
    return root.html or ""


def _tree(source: str) -> LexborNode | None:
    return LexborHTMLParser(repaired(source.encode("utf-8", "ignore"))).root


class _Bare(dict[str, StartTag]):
    """Tags without attributes that matter, by name."""

    def __missing__(self, name: str) -> StartTag:
        self[name] = start = StartTag(name)
        return start


class _Cell(NamedTuple):
    """A cell of a table: how many blocks there were before it, and over how many columns and rows it reaches."""

    start: int
    columns: int = 1
    rows: int = 1


class _Reader:
    """Gathers inline text into blocks while walking a page."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.images: list[SeenImage] = []
        self.head = Head()
        self.base = ""  # what targets of links are relative to, if the page says so
        self._starts: dict[Any, StartTag] = {}
        self._bare = _Bare()
        self._around = Element(0, StartTag("html"))  # the innermost element that has not ended
        self._contexts = [PARAGRAPH]  # what the open elements say of the blocks in them, the innermost last
        self._raw = 0  # how many of them are preformatted
        self._rows: list[list[_Cell]] = []  # the cells of each open row
        self._taken: dict[Element, dict[int, int]] = {}  # for how many rows cells above take columns of a table's part
        self._items: set[int] = set()  # list items that have their bullet already
        # The block being gathered:
        self._parts: list[str] = []  # pieces of its text
        self._line = 0  # which of them is the first of the line, if the text has broken lines
        self._inner = self._around  # the innermost element around all of them
        self._inline: list[tuple[Element, str, int]] = []  # open inline elements: link target, parts before it
        self._ranges: list[tuple[Element, str, int, int]] = []  # those that have ended: also the parts before the end

    def read(self, root: LexborNode | None) -> None:
        """Walk the page and gather its blocks.

        The inner loop goes along siblings and down into elements, the outer one climbs out of them. They run once
        for each node and each element: what most of these need is written out here, the rest has methods.
        """
        see, role_of, start_of, bare = self.head.see, ROLES.get, self._start, self._bare
        parts, inline, ranges = self._parts, self._inline, self._ranges
        # For each open element what follows, its name and role, and what is around it.
        behind: list[tuple[LexborNode | None, str, int, Element]] = []
        if root is None:
            return
        see("html", root.attributes, root)
        self._around = Element(0, self._start("html", root.attributes))
        index = 0
        node = root.first_child
        while True:
            while node is not None:
                text = node.text_content
                if text is not None:
                    if self._raw:
                        if text:  # in which references may have written line ends of other kinds
                            self._gather(text.replace("\r", "\n") if "\r" in text else text)
                    elif words := text.strip(_SPACES):
                        self._add(text, words)
                    elif parts and text and parts[-1][-1] not in " \n":
                        parts.append(" ")
                    node = node.next
                    continue
                tag = node.tag or ""
                role = role_of(tag, INLINE)
                if role == NO_ELEMENT:
                    node = node.next
                    continue
                index += 1
                attributes = node.attributes
                if tag in TELLING_TAGS or (attributes and ("itemprop" in attributes or "itemscope" in attributes)):
                    see(tag, attributes, node)
                if role <= LINE_BREAK:
                    if role == LINE_BREAK:
                        self._line_break()
                    elif role == IMAGE:
                        self.images.append(SeenImage(len(self.drafts), not parts, self._around, attributes))
                    elif tag == "base" and not self.base:
                        self.base = (attributes.get("href") or "").strip()
                    node = node.next
                    continue
                if parts and role >= BLOCK:
                    self._break(tag)
                child = node.first_child
                if child is None and role <= BLOCK:
                    node = node.next
                    continue
                if role <= QUOTE and len(inline) == _MOST_INLINE:
                    role = UNMARKED
                behind.append((node.next, tag, role, self._around))
                if len(behind) < MAX_DEPTH:
                    start = start_of(tag, attributes) if attributes else bare[tag]
                    self._around = Element(index, start, self._around)
                if role <= QUOTE:
                    inline.append((self._around, self._target(attributes) if tag == "a" else "", len(parts)))
                    if role == QUOTE:
                        self._gather("“")
                elif role == SPECIAL:
                    self._enter(tag, index, attributes)
                node = child
            if not behind:
                break
            node, tag, role, outer = behind.pop()
            if role <= QUOTE:
                if role == QUOTE:
                    self._gather("”")
                element, url, first = inline.pop()
                if first < len(parts):
                    ranges.append((element, url, first, len(parts)))
            elif role >= BLOCK:
                if parts:
                    self._break(tag)
                if role == SPECIAL:
                    self._leave(tag)
            self._around = outer
        if parts:
            self._flush()

    def _start(self, tag: str, attributes: Attributes) -> StartTag:
        """Return what an element is called."""
        get = attributes.get
        classes, id_, role = get("class"), get("id"), get("role")
        hidden = "hidden" in attributes or ("style" in attributes and _is_invisible(attributes["style"] or ""))
        number = _number(get(_NUMBERS[tag])) if tag in _NUMBERS else None
        if not (classes or id_ or role or hidden or number is not None):
            return self._bare[tag]
        key = (tag, classes, id_, role, hidden, number)
        start = self._starts.get(key)
        if start is None:
            names = tuple(classes.split()) if classes else ()
            start = self._starts[key] = StartTag(tag, id_ or "", names, role or "", hidden, number)
        return start

    def _target(self, attributes: Attributes) -> str:
        target = (attributes.get("href") or "").strip()
        return joined(self.base, target) if self.base else target

    def _add(self, text: str, words: str) -> None:
        """Add ``text`` to the block, its white space as a browser shows it. ``words`` is what is between its ends."""
        if "\n" in words or "  " in words or "\t" in words or "\r" in words or "\f" in words:
            words = _SPACE.sub(" ", words)
        parts = self._parts
        if parts and parts[-1][-1] not in " \n" and (text[0] != words[0] or self._is_apart(words)):
            words = " " + words
        if text[-1] != words[-1]:
            words += " "
        self._gather(words)

    def _is_apart(self, words: str) -> bool:
        """Return whether ``words`` are no part of the word before, from which only a style sheet sets them apart.

        That is where inline elements begin or end, as labels do that stand side by side. Two links to different places
        are two words. Where else the case of letters does not show it, they may be parts of a word: so the letters of a
        drop cap are, or those that are set in bold.
        """
        size, before, first = len(self._parts), self._parts[-1][-1], words[0]
        ended, left = self._ranges[-1][:2] if self._ranges and self._ranges[-1][3] == size else (None, "")
        begun = [(element, url) for element, url, start in self._inline if start == size]
        if not (ended or begun) or (ended and ended.tag in WITHIN_WORDS):
            return False
        if any(element.tag in WITHIN_WORDS for element, _, _ in self._inline):
            return False
        if ended and begun:
            entered = next((url for _, url in begun if url), "")
            if left and entered and left != entered:
                return before.isalnum() and first.isalnum()
            return before.isalnum() and (first.isupper() or first.isdigit())
        return before.islower() and first.isupper()

    def _gather(self, text: str) -> None:
        """Add a piece of text to the block. Elements that do not enclose it are not around the block."""
        if not self._parts:
            self._inner = self._around
        elif self._inner is not self._around:
            self._inner = common(self._inner, self._around)
        self._parts.append(text)

    def _enter(self, tag: str, index: int, attributes: Attributes) -> None:
        """Note the beginning of an element that says what the blocks in it are, or of a table row or cell."""
        context = CONTEXTS.get(tag)
        if context is None or (self._raw and tag not in PREFORMATTED and tag != "button"):
            context = self._contexts[-1]
        elif tag == "li":
            context = Context("item", item=index)
        self._contexts.append(context)
        if tag in PREFORMATTED:
            self._raw += 1
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(_Cell(len(self.drafts), *_spans(attributes)))

    def _leave(self, tag: str) -> None:
        """Note the end of such an element."""
        self._contexts.pop()
        if tag in PREFORMATTED:
            self._raw -= 1
        elif tag == "tr" and self._rows:
            self._row(self._rows.pop())

    def _line_break(self) -> None:
        """One break is a line end, two in a row set paragraphs apart, whatever white space is between them."""
        parts = self._parts
        if self._raw:
            self._gather("\n")
        elif not parts:
            pass
        elif not "".join(parts[self._line :]).strip():
            self._flush()
        else:
            parts[-1] = parts[-1].removesuffix(" ")
            parts.append("\n")
            self._line = len(parts)

    def _break(self, tag: str) -> None:
        """End the block, or inside preformatted text only the line."""
        if not self._raw or tag in PREFORMATTED or tag == "button":
            self._flush()
        elif not self._parts[-1].endswith("\n"):
            self._gather("\n")

    def _flush(self) -> None:
        """End the block, which has some text. Open inline elements go on in the next one."""
        context, parts, ranges, inline = self._contexts[-1], self._parts, self._ranges, self._inline
        if inline:
            ranges += [(element, url, first, len(parts)) for element, url, first in inline if first < len(parts)]
            inline[:] = [(element, url, 0) for element, url, _ in inline]
        kind = context.kind
        whole = parts[0] if len(parts) == 1 else "".join(parts)
        text = whole.strip(_BLANK) if kind != "code" else whole.lstrip("\n").rstrip(_BLANK)
        if text and not text.isspace():
            links: Sequence[Link] = ()
            marks: Sequence[Mark] = ()
            if ranges:
                links, marks = self._placed(whole.index(text), len(text))
            if kind == "item":
                if context.item in self._items:
                    kind = "paragraph"
                self._items.add(context.item)
            language = _code_language(self._inner, marks) if kind == "code" else ""
            self.drafts.append(Draft(kind, text, self._inner, links, marks, context.level, language))
        ranges.clear()
        parts.clear()
        self._line = 0

    def _placed(self, start: int, size: int) -> tuple[list[Link], list[Mark]]:
        """Return the inline elements of the block, of whose parts ``size`` characters from ``start`` are its text."""
        if len(self._parts) == 1:
            marks = [Mark(0, size, element) for element, _, _, _ in self._ranges]
            return [Link(0, size, url) for _, url, _, _ in self._ranges if url], marks
        ends = accumulate(map(len, self._parts), initial=-start)
        offsets = [0 if end < 0 else size if end > size else end for end in ends]
        placed = [(offsets[first], offsets[last], element, url) for element, url, first, last in self._ranges]
        marks = [Mark(start, end, element) for start, end, element, _ in placed if start < end]
        return [Link(start, end, url) for start, end, _, url in placed if url and start < end], marks

    def _columns(self, cells: Sequence[_Cell]) -> Sequence[int]:
        """Return in which column of the table each cell of a row begins: cells above may take columns of it, too."""
        part = innermost(self._around, ("tbody", "thead", "tfoot", "table")) or self._around
        taken = self._taken.get(part)
        if not taken and all(cell.columns == cell.rows == 1 for cell in cells):
            return range(len(cells))
        taken = taken or {}
        below = self._taken[part] = {column: rows - 1 for column, rows in taken.items() if rows > 1}
        columns: list[int] = []
        column = 0
        for cell in cells:
            while column in taken:
                column += 1
            columns.append(column)
            if column >= _MOST_COLUMNS:
                column += 1
                continue
            if cell.rows > 1:
                below |= dict.fromkeys(range(column, column + cell.columns), cell.rows - 1)
            column += cell.columns
        return columns

    def _follows_row(self, position: int) -> bool:
        """Return whether the block before a position is a row of the table that is open."""
        above = self.drafts[position - 1] if position else None
        if above is None or above.kind != "row":
            return False
        return innermost(above.element, ("table",)) is innermost(self._around, ("table",))

    def _row(self, row: Sequence[_Cell]) -> None:
        """Join the cells of a row to one block, unless the table lays out a page: its cells then stay blocks.

        So does a single cell that is not empty, unless it is the first of a row that follows another: a label without
        values.
        """
        columns = self._columns(row)
        if len(row) < 2:
            return
        starts = [cell.start for cell in row]
        ends = [*starts[1:], len(self.drafts)]
        cells = [self.drafts[start:end] for start, end in zip(starts, ends, strict=True)]
        filled = [cell[0] for cell in cells if cell]
        plain = all(len(cell) <= 1 and all(draft.kind == "paragraph" for draft in cell) for cell in cells)
        lone = len(filled) < 2 and not (cells[0] and self._follows_row(starts[0]))
        if lone or not plain or any(len(draft.text.split()) > _CELL_WORDS for draft in filled):
            return
        texts: list[str] = []
        links: list[Link] = []
        marks: list[Mark] = []
        offset = 0
        for cell, column in zip(cells, columns, strict=True):
            offset += column - len(texts)
            texts += [""] * (column - len(texts))
            texts.append(cell[0].text.replace("\n", " ") if cell else "")
            if cell:
                box = next(e for e in cell[0].element.ancestry() if e.tag in ("td", "th"))
                marks.append(Mark(offset, offset + len(texts[-1]), box))
                links += (Link(k.start + offset, k.end + offset, k.url) for k in cell[0].links)
                marks += (Mark(k.start + offset, k.end + offset, k.element) for k in cell[0].marks)
            offset += len(texts[-1]) + 1
        heading = all(any(e.tag == "th" for e in draft.element.ancestry()) for draft in filled)
        text = "\t".join(texts).rstrip("\t")
        first = starts[0]
        for position in range(len(self.images) - 1, -1, -1):
            number, _, around, attributes = self.images[position]
            if number <= first:
                break
            self.images[position] = SeenImage(first, False, around, attributes)
        self.drafts[first:] = [Draft("row", text, self._around, links, marks, level=int(heading))]


def _is_invisible(style: str) -> bool:
    style = style.lower()
    return ("none" in style or "hidden" in style) and _INVISIBLE_STYLE.search(style) is not None


def _number(value: str | None) -> int | None:
    """Return a whole number that an attribute gives, ``None`` if it gives none that anybody would number by."""
    match = _WHOLE_NUMBER.match(value or "")
    return int(match[0]) if match else None


def _spans(attributes: Attributes) -> tuple[int, int]:
    """Return over how many columns and rows a cell reaches."""
    if "colspan" not in attributes and "rowspan" not in attributes:
        return 1, 1
    columns, rows = (_number(attributes.get(name)) for name in ("colspan", "rowspan"))
    return min(max(columns or 1, 1), _MOST_COLUMNS), min(max(rows or 1, 1), _MOST_ROWS)


def _code_language(inner: Element, marks: Sequence[Mark]) -> str:
    for element in (*(mark.element for mark in marks if mark.element.tag == "code"), *islice(inner.ancestry(), _BOXES)):
        for before, name in pairwise(("", *element.classes)):
            match = _LANGUAGE_CLASS.fullmatch(name)
            if not match and "notranslate" in element.classes:
                match = _SPHINX_CLASS.fullmatch(name)
            if not match and before in _HIGHLIGHTERS:
                match = _LANGUAGE.fullmatch(name)
            if match:
                return "" if match[1] in _NO_LANGUAGE else match[1]
    return ""
