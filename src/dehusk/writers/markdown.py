"""Markdown (CommonMark with tables): headings, lists, tables, code, quotes, links and emphasis as the page has them.

Plain text is written as it is, for it may be Markdown already.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from dehusk.document import Block, Document, Element

_EMPHASIS: Mapping[str, str] = {
    **dict.fromkeys(("strong", "b"), "**"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "*"),
    **dict.fromkeys(("del", "s", "strike"), "~~"),
}
_CODE = ("code", "kbd", "samp", "tt")

# What CommonMark would take for markup inside a line, and at the beginning of one.
_SPECIAL = re.compile(
    r"[`*~]|\\(?=[!-/:-@\[-`{-~])|(?<!\w)_|_(?!\w)|\](?=[(\[:])|<(?=[a-zA-Z/!?])|&(?=#?\w{1,32};)|!(?=\[)"
)
_LINE_START = re.compile(r"(?m)^(?:(#{1,6}|[-+>]|={3,}|\|)(?=\s|$|[>=|-])|(\d{1,9})([.)])(?=\s|$))")
_FENCE = re.compile(r"`{3,}")
_BACKTICKS = re.compile(r"`+")


def write(document: Document) -> str:
    """Return the document as Markdown."""
    if document.format == "text":
        return "".join([block.text + block.tail for block in document.blocks])
    lists = _Lists()
    out = ""
    previous: Block | None = None
    for group in _groups(document.blocks):
        body = _table(group, document) if group[0].kind == "row" else _body(group[0], document)
        first, rest = lists.prefixes(group[0].path)
        lines = body.split("\n")
        text = "\n".join([(first + lines[0]).rstrip(), *((rest + line).rstrip() for line in lines[1:])])
        if previous is not None:
            tight = previous.tail == "\n" and previous.kind == "item" and group[0].kind == "item"
            out += "\n" if tight else f"\n{_shared_quote(previous.path, group[0].path)}\n"
        out += text
        previous = group[-1]
    return out + "\n" if out else ""


def _groups(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Yield single blocks, and the rows of one table together."""

    def key(numbered: tuple[int, Block]) -> tuple[str, int]:
        position, block = numbered
        table = next((e.index for e in reversed(block.path) if e.tag == "table"), -1)
        return ("row", table) if block.kind == "row" else ("block", position)

    for _, group in groupby(enumerate(blocks), key):
        yield [block for _, block in group]


class _Lists:
    """Knows which list items have had their marker, and how far each numbered list has counted."""

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        self._counts: dict[int, int] = {}

    def prefixes(self, path: tuple[Element, ...]) -> tuple[str, str]:
        """Return what goes before the first line of a block inside ``path``, and before its other lines."""
        first = rest = ""
        parent: Element | None = None
        for element in path:
            if element.tag == "blockquote":
                first, rest = first + "> ", rest + "> "
            elif element.tag == "li":
                marker = self._markers.get(element.index)
                if marker is None:
                    marker = self._markers[element.index] = self._marker(parent)
                    first += marker
                else:
                    first += " " * len(marker)
                rest += " " * len(marker)
            if element.tag in ("ul", "ol", "menu", "dir"):
                parent = element
        return first, rest

    def _marker(self, parent: Element | None) -> str:
        if parent is None or parent.tag != "ol":
            return "- "
        count = self._counts[parent.index] = self._counts.get(parent.index, 0) + 1
        return f"{count}. "


def _shared_quote(path: tuple[Element, ...], other: tuple[Element, ...]) -> str:
    shared = {element.index for element in path if element.tag == "blockquote"}
    return " ".join(">" for element in other if element.index in shared)


def _body(block: Block, document: Document) -> str:
    if block.kind == "code":
        longest = max((len(run) for run in _FENCE.findall(block.text)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}{block.language}\n{block.text}\n{fence}"
    text = _inline(block, document)
    if block.kind == "heading":
        return f"{'#' * max(1, block.level)} {text.replace(chr(10), ' ')}"
    text = _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)
    return text.replace("\n", "\\\n")


def _table(rows: list[Block], document: Document) -> str:
    """Return a table; its first row is taken for the heading, as Markdown has no tables without."""
    cells = [[cell.strip().replace("|", "\\|") for cell in _inline(row, document).split("\t")] for row in rows]
    width = max(map(len, cells))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    before: str
    after: str
    verbatim: bool = False


def _inline(block: Block, document: Document) -> str:
    """Return a block's text with its links and emphasis, and with what looks like markup escaped."""
    parts: list[str] = []
    _render(block.text, 0, len(block.text), _spans(block, document), parts)
    return "".join(parts)


def _render(text: str, start: int, end: int, spans: list[_Span], parts: list[str]) -> None:
    """Append ``text[start:end]``; ``spans`` lie in it, in order, an enclosing one before those it encloses."""
    at = start
    while spans:
        span = spans.pop(0)
        if span.start < at or span.end > end:
            continue  # crosses another span, which has been written
        inner = []
        while spans and spans[0].start < span.end:
            inner.append(spans.pop(0))
        parts += _escaped(text[at : span.start]), span.before
        if span.verbatim:
            parts.append(text[span.start : span.end])
        else:
            _render(text, span.start, span.end, inner, parts)
        parts.append(span.after)
        at = span.end
    parts.append(_escaped(text[at:end]))


def _spans(block: Block, document: Document) -> list[_Span]:
    links = ((link, _url(link.url, document.metadata.url)) for link in block.links)
    spans = [_trimmed(block.text, _Span(link.start, link.end, "[", f"]({url})")) for link, url in links if url]
    for mark in block.marks:
        if sign := _EMPHASIS.get(mark.element.tag):
            spans.append(_trimmed(block.text, _Span(mark.start, mark.end, sign, sign)))
        elif mark.element.tag in _CODE:
            spans.append(_code_span(block.text, mark.start, mark.end))
    unique = {(span.start, span.end, span.before): span for span in spans if span.start < span.end}
    return sorted(unique.values(), key=lambda span: (span.start, -span.end, span.before != "["))


def _trimmed(text: str, span: _Span) -> _Span:
    """Return the span without white space at its ends, where emphasis would not be recognized."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return _Span(start, start + len(inside.strip()), span.before, span.after, span.verbatim)


def _code_span(text: str, start: int, end: int) -> _Span:
    ticks = "`" * (max((len(run) for run in _BACKTICKS.findall(text[start:end])), default=0) + 1)
    space = " " if len(ticks) > 1 else ""
    return _trimmed(text, _Span(start, end, ticks + space, space + ticks, verbatim=True))


def _url(url: str, base: str) -> str:
    """Return a link's target as Markdown can hold it; an empty string for one that leads nowhere or runs a script."""
    try:
        absolute = urljoin(base, url) if base else url
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return ""
    if scheme in ("javascript", "data", "vbscript") or url.startswith("#"):
        return ""
    absolute = "".join(char for char in absolute if char.isprintable()).replace(" ", "%20")
    return absolute.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: "&amp;" if match[0] == "&" else f"\\{match[0]}", text)
