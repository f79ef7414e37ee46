"""HTML to blocks: one walk over the page as a browser would parse it.

The walk keeps everything a visitor could see, and the parts that a script may show. What to leave out is for the
rules to say; only what is never text (scripts, styles, templates, embedded media) is not read at all.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dehusk.document import Block, Document, Element, Kind, Link, Mark, Range
from dehusk.readers.metadata import Head, read_metadata

MAX_DEPTH = 512
"""Elements nested deeper than this are not on any path; Blink, too, builds no deeper trees."""

_SKIPPED = frozenset(
    "script style template head title meta link base iframe frame frameset object embed applet audio video canvas map"
    " area svg annotation annotation-xml datalist track source param".split()
)
_BREAKING = frozenset(
    "html body address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav noscript ol optgroup option p"
    " plaintext pre search section summary table tbody td tfoot th thead tr ul xmp caption button select textarea"
    .split()
)  # fmt: skip
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), "code"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    **dict.fromkeys(("button", "option", "textarea"), "control"),
    "li": "item",
}
_PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext", "textarea"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BLANK = " \n\u00a0"
_INVISIBLE_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|highlight-source|brush:?)-?\s*([\w+#-]+)")
# A cell of more words than this holds prose: its table lays a page out and has no rows to speak of.
_CELL_WORDS = 60

NUMBER = "data-dehusk"
"""Attribute by which another library's tree of the same page tells which element it has; see :func:`numbered`."""


def parse(source: str) -> Document:
    """Return the page as a document: its blocks with their enclosing elements, and its metadata."""
    reader = _Reader()
    for step, node in _walk(_tree(source)):
        reader.read(step, node)
    reader.flush()
    blocks = tuple(_laid_out(reader.drafts))
    return Document(source, blocks, "html", metadata=read_metadata(reader.head, blocks))


def numbered(source: str) -> str:
    """Return the page as HTML in which every element carries its :attr:`Element.index` in ``NUMBER``.

    This is how rules ask other libraries, which build trees of their own, about the blocks of a document.
    """
    root = _tree(source)
    if root is None:
        return ""
    index = 0
    for step, node in _walk(root):
        if step == "start":
            node.attrs[NUMBER] = str(index)
            index += 1
    return root.html or ""


def _tree(source: str) -> LexborNode | None:
    return LexborHTMLParser(_shallow(source)).root


def _walk(root: LexborNode | None) -> Iterator[tuple[str, LexborNode]]:
    """Yield (``start``, element), (``text``, node) and (``end``, element) in document order."""
    stack: list[LexborNode] = []
    node = root
    while node is not None:
        if node.is_element_node:
            yield "start", node
            child = node.first_child
            if child is not None:
                stack.append(node)
                node = child
                continue
            yield "end", node
        elif node.is_text_node:
            yield "text", node
        following = node.next if stack else None
        while following is None and stack:
            node = stack.pop()
            yield "end", node
            following = node.next if stack else None
        node = following


@dataclass(slots=True)
class _Draft:
    """A block before it is known where it stands; the fields are those of :class:`Block`."""

    kind: Kind
    text: str
    path: tuple[Element, ...]
    links: list[Link]
    marks: list[Mark]
    level: int = 0
    language: str = ""


class _Reader:
    """Gathers inline text into blocks while walking a page."""

    def __init__(self) -> None:
        self.drafts: list[_Draft] = []
        self.head = Head()
        self._index = 0
        self._stack: list[Element] = []
        self._depth = 0
        self._skip = 0  # depth of elements inside a skipped one
        self._raw = 0  # depth of preformatted elements
        self._rows: list[list[int]] = []  # for each open row, how many blocks there were at the start of its cells
        self._items: set[int] = set()  # list items that have their bullet already
        self._parts: list[str] = []
        self._length = 0
        self._line = 0  # which of the parts is the first of the line, if the text has broken lines
        self._path: list[Element] = []  # the elements around all of the text gathered
        self._lowest = 0  # how low the stack has been since the last of that text
        self._inline: list[tuple[Element, str, int]] = []  # open inline elements: element, link target, start
        self._links: list[Link] = []
        self._marks: list[Mark] = []

    def read(self, step: str, node: LexborNode) -> None:
        """Take one step of the walk."""
        if step == "text":
            if not self._skip:
                self._text(node.text_content or "")
        elif step == "start":
            self._start(node.tag or "", node)
        else:
            self._end(node.tag or "")

    def _start(self, tag: str, node: LexborNode) -> None:
        index = self._index
        self._index += 1
        attributes = node.attributes
        self.head.see(tag, attributes, node)
        if self._skip or tag in _SKIPPED:
            self._skip += 1
            return
        if tag == "br":
            self._line_break()
        if self._length and tag in _BREAKING:
            self._break(tag)
        element = _element(index, tag, attributes)
        if self._depth < MAX_DEPTH:
            self._stack.append(element)
        self._depth += 1
        if tag not in _BREAKING:
            url = (attributes.get("href") or "").strip() if tag == "a" else ""
            self._inline.append((element, url, self._length))
            if tag == "q":
                self._text("“")
        elif tag in _PREFORMATTED:
            self._raw += 1
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(len(self.drafts))

    def _end(self, tag: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        if tag == "q":
            self._text("”")
        if tag in _BREAKING:
            if self._length:
                self._break(tag)
        elif self._inline:
            self._close_inline(*self._inline.pop())
        if tag in _PREFORMATTED:
            self._raw -= 1
        elif tag == "tr" and self._rows and (starts := self._rows.pop()):
            self._row(starts)
        self._depth -= 1
        if self._depth < MAX_DEPTH:
            self._stack.pop()
            self._lowest = min(self._lowest, len(self._stack))

    def _text(self, text: str) -> None:
        if not self._raw:
            text = _SPACE.sub(" ", text)
            if text.startswith(" ") and (not self._length or self._parts[-1].endswith((" ", "\n"))):
                text = text[1:]
        if not text:
            return
        if self._length:
            del self._path[self._lowest :]
        else:
            self._path = self._stack.copy()
        self._lowest = len(self._stack)
        self._parts.append(text)
        self._length += len(text)

    def _line_break(self) -> None:
        """One break is a line end, two in a row set paragraphs apart, whatever white space is between them."""
        if self._raw:
            self._text("\n")
        if self._raw or not self._length:
            return
        if not "".join(self._parts[self._line :]).strip():
            self.flush()
            return
        if self._parts[-1].endswith(" "):
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
        self._parts.append("\n")
        self._length += 1
        self._line = len(self._parts)

    def _close_inline(self, element: Element, url: str, start: int) -> None:
        if start < self._length:
            self._marks.append(Mark(start, self._length, element))
            if url:
                self._links.append(Link(start, self._length, url))

    def _break(self, tag: str) -> None:
        """End the block, or inside preformatted text only the line."""
        if not self._raw or tag in _PREFORMATTED or tag == "button":
            self.flush()
        elif not self._parts[-1].endswith("\n"):
            self._text("\n")

    def flush(self) -> None:
        """End the block being gathered, if it has any text. Open inline elements go on in the next one."""
        if not self._length:
            return
        for inline in self._inline:
            self._close_inline(*inline)
        path = tuple(self._path)
        kind, level, language = self._kind(path)
        text = "".join(self._parts)
        blank = "\n" if kind == "code" else _BLANK
        cut = len(text) - len(text.lstrip(blank))
        text = text[cut:].rstrip(_BLANK)
        if text.strip():
            links, marks = _clipped(self._links, cut, len(text)), _clipped(self._marks, cut, len(text))
            self.drafts.append(_Draft(kind, text, path, links, marks, level, language))
        self._parts, self._length, self._line, self._links, self._marks = [], 0, 0, [], []
        self._inline = [(element, url, 0) for element, url, _ in self._inline]

    def _kind(self, path: tuple[Element, ...]) -> tuple[Kind, int, str]:
        """Return kind, heading level and code language of a block by the elements around it, innermost first."""
        for element in reversed(path):
            kind = _KINDS.get(element.tag)
            if kind == "item":
                if element.index in self._items:
                    return "paragraph", 0, ""
                self._items.add(element.index)
                return "item", 0, ""
            if kind == "heading":
                return kind, int(element.tag[1]), ""
            if kind == "code":
                return kind, 0, _code_language(path, self._marks)
            if kind:
                return kind, 0, ""
            if element.tag in ("td", "th", "blockquote"):
                break
        return "paragraph", 0, ""

    def _row(self, starts: list[int]) -> None:
        """Join the cells of a row to one block, unless the table lays out a page: its cells then stay blocks."""
        ends = [*starts[1:], len(self.drafts)]
        cells = [self.drafts[start:end] for start, end in zip(starts, ends, strict=True)]
        filled = [cell[0] for cell in cells if cell]
        plain = all(len(cell) <= 1 and all(draft.kind == "paragraph" for draft in cell) for cell in cells)
        if len(filled) < 2 or not plain or any(len(draft.text.split()) > _CELL_WORDS for draft in filled):
            return
        texts: list[str] = []
        links: list[Link] = []
        marks: list[Mark] = []
        offset = 0
        for cell in cells:
            texts.append(cell[0].text.replace("\n", " ") if cell else "")
            if cell:
                box = next(e for e in reversed(cell[0].path) if e.tag in ("td", "th"))
                marks.append(Mark(offset, offset + len(texts[-1]), box))
                links += (Link(k.start + offset, k.end + offset, k.url) for k in cell[0].links)
                marks += (Mark(k.start + offset, k.end + offset, k.element) for k in cell[0].marks)
            offset += len(texts[-1]) + 1
        heading = all(any(e.tag == "th" for e in draft.path) for draft in filled)
        text = "\t".join(texts).rstrip("\t")
        self.drafts[starts[0] :] = [_Draft("row", text, tuple(self._stack), links, marks, level=int(heading))]


def _laid_out(drafts: list[_Draft]) -> Iterator[Block]:
    """Yield the blocks with their places, and with gaps between them.

    Items of a list and rows of a table stand on consecutive lines, all else is set apart by a blank line.
    """
    offset, line = 0, 1
    for index, draft in enumerate(drafts):
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        tail = "\n" if following is None or _goes_on(draft, following) else "\n\n"
        end = offset + len(draft.text)
        yield Block(
            draft.kind, draft.text, index, line, (offset, end), tail, draft.level,
            tuple(draft.links), tuple(draft.marks), draft.path, draft.language,
        )  # fmt: skip
        offset = end + len(tail)
        line += draft.text.count("\n") + len(tail)


def _goes_on(draft: _Draft, following: _Draft) -> bool:
    """Return whether two blocks are items of one list, or of a list and one inside it, or rows of one table."""
    if draft.kind != following.kind or draft.kind not in ("item", "row"):
        return False
    tags = ("table",) if draft.kind == "row" else ("ul", "ol", "menu", "dir")
    around, next_around = ([e for e in path if e.tag in tags] for path in (draft.path, following.path))
    return not around or around[-1] in next_around or not next_around or next_around[-1] in around


def _clipped(ranges: list[Range], cut: int, size: int) -> list[Range]:
    """Return ``ranges`` of a text of which ``cut`` characters at the beginning and all after ``size`` are gone."""
    if not cut and all(item.end <= size for item in ranges):
        return ranges
    moved = (replace(item, start=max(0, item.start - cut), end=min(size, item.end - cut)) for item in ranges)
    return [item for item in moved if item.start < item.end]


def _element(index: int, tag: str, attributes: Mapping[str, str | None]) -> Element:
    if not attributes:
        return Element(index, tag)
    style = attributes.get("style")
    hidden = "hidden" in attributes or bool(style and _INVISIBLE_STYLE.search(style))
    classes = tuple((attributes.get("class") or "").split())
    return Element(index, tag, attributes.get("id") or "", classes, attributes.get("role") or "", hidden)


def _code_language(path: tuple[Element, ...], marks: list[Mark]) -> str:
    for element in (*(mark.element for mark in marks if mark.element.tag == "code"), *reversed(path)):
        for name in element.classes:
            if match := _LANGUAGE_CLASS.fullmatch(name):
                return match[1]
    return ""


# The parser looks through all open elements at many a tag, so that its time grows with the square of the depth.
_SAFE_TAGS = 10_000
_TAG_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_UNCLOSED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup td th tr tbody"
    " thead tfoot rp rt".split()
)


def _shallow(source: str) -> str:
    """Return ``source`` without the tags of elements nested absurdly deep, whose text moves up to their ancestor."""
    if source.count("<") < _SAFE_TAGS:
        return source
    depth = 0
    cuts: list[int] = []
    for match in _TAG_NAME.finditer(source):
        closing, name = match.groups()
        if name.lower() in _UNCLOSED and depth < MAX_DEPTH * 4:
            continue
        depth += not closing
        if depth >= MAX_DEPTH * 4:
            cuts.append(match.start())
        depth = max(0, depth - bool(closing))
    if not cuts:
        return source
    parts, at = [], 0
    for cut in cuts:
        if cut >= at:
            parts.append(source[at:cut])
            at = source.find(">", cut) + 1 or len(source)
    parts.append(source[at:])
    return "".join(parts)
