"""Markdown (CommonMark with tables and strikethrough): the structure of pages, kept.

Headings, lists, tables, code, quotes, links and emphasis stay.
Plain text is written as it is, for it may be Markdown already.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from dehusk.document import Block, Document, Element, Link, Mark

_EMPHASIS: Mapping[str, str] = {
    **dict.fromkeys(("strong", "b"), "**"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "*"),
    **dict.fromkeys(("del", "s", "strike"), "~~"),
}
_CODE = ("code", "kbd", "samp", "tt")
_LISTS = ("ul", "ol", "menu", "dir")

# What would be taken for markup inside a line, at its beginning, and at the end of a heading.
_SPECIAL = re.compile(
    r"[`*~]|\\(?=[!-/:-@\[-`{-~\n])|(?<![^\W_])_|_(?![^\W_])|\](?=[(\[:])|<(?=[a-zA-Z/!?]|\d[^\s<>]*@)|&(?=#?\w{1,32};)|!(?=\[)"
)
_SPECIAL_OR_BRACKET = re.compile(rf"{_SPECIAL.pattern}|[\[\]]")
_LINE_START = re.compile(r"(?m)^(?:(#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+(?=\s*$)|-+(?=\s*$)|\|)|(\d{1,9})([.)])(?=\s|$))")
_HEADING_END = re.compile(r"(?:(?<=\s)|^)(#+)$")
_FENCE = re.compile(r"`{3,}")
_MANY = 500  # pieces of markup in one block; with more, which no text has, joining them would take too long
_LINE = re.compile(r"[^\n]+")
_URL_ESCAPES = {ord(char): f"%{ord(char):02X}" for char in " ()<>\\"}
_BACKTICKS = re.compile(r"`+")


def write(document: Document) -> str:
    """Return the document as Markdown."""
    return _written(document, images=False)


def write_with_images(document: Document) -> str:
    """Return the document as Markdown with its images, each a paragraph of its own next to the block it goes with."""
    return _written(document, images=True)


def _written(document: Document, *, images: bool) -> str:
    if document.format == "text":
        return "".join([block.text + block.tail for block in document.blocks])
    lists = _Lists()
    out = ""
    previous: Block | None = None
    for group in _groups(document.blocks):
        body = _table(group, document) if group[0].kind == "row" else _body(group[0], document)
        if images:
            body = _with_images(body, group, document)
        first, rest = lists.prefixes(group[0].path)
        lines = body.split("\n")
        text = "\n".join([(first + lines[0]).rstrip(), *((rest + line).rstrip() for line in lines[1:])])
        if previous is not None:
            tight = previous.tail == "\n" and previous.kind == "item" and group[0].kind == "item"
            out += "\n" if tight else f"\n{lists.between(previous.path, group[0].path)}\n"
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


def _with_images(body: str, group: list[Block], document: Document) -> str:
    """Return what is written of blocks with their images before and behind it; those of a table are all behind it."""
    above: list[str] = []
    below: list[str] = []
    for image in (image for block in group for image in block.images):
        if url := _url(image.url, document.metadata.url):
            place = above if image.before and group[0].kind != "row" else below
            place.append(f"![{_escaped(image.alt, '', brackets=True)}]({url})")
    return "\n\n".join([*above, body, *below])


class _Lists:
    """Knows which list items have had their marker, and how far each numbered list has counted."""

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        self._counts: dict[int, int] = {}
        self._signs: dict[int, str] = {}
        self._last: Element | None = None

    def prefixes(self, path: tuple[Element, ...]) -> tuple[str, str]:
        """Return what goes before the first line of a block inside ``path``, and before its other lines."""
        first = rest = ""
        around: Element | None = None
        for element in path:
            if element.tag == "blockquote":
                first, rest = first + "> ", rest + "> "
            elif element.tag == "li":
                marker = self._markers.get(element.index)
                if marker is None:
                    marker = self._markers[element.index] = self._marker(element, around, path)
                    first += marker
                else:
                    first += " " * len(marker)
                rest += " " * len(marker)
            if element.tag in _LISTS:
                around = element
        self._last = around
        return first, rest

    def between(self, path: tuple[Element, ...], other: tuple[Element, ...]) -> str:
        """Return the blank line between two blocks: with the signs of the quotes that hold both."""
        line = ""
        for element, same in zip(path, other, strict=False):
            if element is not same:
                break
            if element.tag == "blockquote":
                line += "> "
            elif element.tag == "li":
                line += " " * len(self._markers.get(element.index, ""))
        return line.rstrip()

    def _marker(self, item: Element, around: Element | None, path: tuple[Element, ...]) -> str:
        """Return the marker of a new ``item``. A list right behind another has other markers, or they would be one."""
        numbered = around is not None and around.tag == "ol"
        index = around.index if around else -1
        if index not in self._signs:
            last = self._last
            follows = last is not None and last not in path and (last.tag == "ol") == numbered
            before = self._signs.get(last.index, "") if last and follows else ""
            first, second = (".", ")") if numbered else ("-", "*")
            self._signs[index] = second if before == first else first
        if not numbered:
            return f"{self._signs[index]} "
        number = item.start.number
        if number is None:
            begins = around.start.number if around else None
            number = self._counts.get(index, (1 if begins is None else begins) - 1) + 1
        number = self._counts[index] = max(number, 0)  # as Markdown has none below
        return f"{number}{self._signs[index]} "


def _body(block: Block, document: Document) -> str:
    if block.kind == "code":
        longest = max((len(run) for run in _FENCE.findall(block.text)), default=2)
        fence = "`" * (longest + 1)
        return f"{fence}{block.language}\n{block.text}\n{fence}"
    text = _inline(block, document)
    if block.kind == "heading":
        return f"{'#' * max(1, block.level)} {_HEADING_END.sub(_escape_group, text.replace(chr(10), ' '))}"
    text = _LINE_START.sub(_escape_group, text)
    return text.replace("\n", "\\\n")


def _table(rows: list[Block], document: Document) -> str:
    """Return a table; its first row is taken for the heading, as Markdown has no tables without."""
    cells = [[cell.strip().replace("|", "\\|") for cell in _inline(row, document).split("\t")] for row in rows]
    width = max(map(len, cells))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _escape_group(match: re.Match[str]) -> str:
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


@dataclass(frozen=True, slots=True)
class _Span:
    """Markup over some characters of a text: a link, emphasis, or code, in the order in which they enclose others."""

    start: int
    end: int
    rank: int
    before: str
    after: str


_LINK, _STRESS, _VERBATIM = range(3)


def _inline(block: Block, document: Document) -> str:
    """Return a block's text with its links and emphasis, and with what looks like markup escaped."""
    return _render(block.text, 0, len(block.text), _spans(block, document), "", brackets=False)


def _render(text: str, start: int, end: int, spans: list[_Span], following: str, *, brackets: bool) -> str:
    """Return ``text[start:end]``; ``spans`` lie in it, in order, an enclosing one before those it encloses.

    ``following`` is what comes behind, and ``brackets`` says that these have to be escaped.
    """
    parts: list[str] = []
    at = start
    while spans:
        span = spans.pop(0)
        if span.start < at or span.end > end:
            continue  # crosses another span, which has been written
        inner = []
        while spans and spans[0].start < span.end:
            inner.append(spans.pop(0))
        parts += _escaped(text[at : span.start], span.before, brackets=brackets), span.before
        if span.rank == _VERBATIM:
            parts.append(text[span.start : span.end])
        else:
            inner_brackets = brackets or (span.rank == _LINK and not _is_balanced(text[span.start : span.end]))
            parts.append(_render(text, span.start, span.end, inner, span.after, brackets=inner_brackets))
        parts.append(span.after)
        at = span.end
    parts.append(_escaped(text[at:end], following, brackets=brackets))
    return "".join(parts)


def _spans(block: Block, document: Document) -> list[_Span]:
    """Return the markup of a block's text, the outermost of those that begin together first."""
    text = block.text
    links = ((link, _url(link.url, document.metadata.url)) for link in _outermost(block.links))
    spans = [_trimmed(text, _Span(link.start, link.end, _LINK, "[", f"]({url})")) for link, url in links if url]
    crossed = [(link.start, link.end) for link in block.links] + [(mark.start, mark.end) for mark in block.marks]
    for sign in dict.fromkeys(_EMPHASIS.values()):
        marks = [mark for mark in block.marks if _EMPHASIS.get(mark.element.tag) == sign]
        for start, end in _merged(marks, crossed):
            spans.append(_flanked(text, _trimmed(text, _Span(start, end, _STRESS, sign, sign))))
    marks = [mark for mark in block.marks if mark.element.tag in _CODE]
    for start, end in _merged(marks, crossed):
        lines = (match.span() for match in _LINE.finditer(text[start:end]))
        spans += (_code_span(text, start + line_start, start + line_end) for line_start, line_end in lines)
    found = [span for span in spans if span.start < span.end]
    return sorted(_loose(text, found), key=lambda span: (span.start, -span.end, span.rank))


def _outermost(links: Iterable[Link]) -> Iterator[Link]:
    """Yield the links that are in no other: Markdown has none in links, nor has HTML if it is sound."""
    end = -1
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        if link.end > end:
            end = link.end
            yield link


def _loose(text: str, spans: Iterable[_Span]) -> Iterator[_Span]:
    """Yield the spans but for emphasis that would not be recognized, for a word touches the sign of a span inside."""
    inner = [span for span in spans if span.rank != _STRESS]
    last = {span.end: span.start for span in inner}
    first = {span.start: span.end for span in inner}
    code = {(span.start, span.end) for span in inner if span.rank == _VERBATIM}
    for span in spans:
        start, end = span.start, span.end
        if span.rank == _STRESS:
            is_code = (start, end) in code
            if text[start - 1 : start].isalnum() and (is_code or first.get(start, end) < end):
                continue
            if text[end : end + 1].isalnum() and (is_code or last.get(end, start) > start):
                continue
        yield span


def _merged(marks: Iterable[Mark], others: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of marks, those that touch as one, for ``**a****b**`` would not be read as it is meant.

    They stay apart where one range would cross another piece of markup. What lies inside another range is left out.
    """
    last: tuple[int, int] | None = None
    for start, end in sorted((mark.start, mark.end) for mark in marks):
        if last and end <= last[1]:
            continue  # emphasis in emphasis is no more of it; and without this there is no end to nesting
        joined = (last[0], max(last[1], end)) if last and start <= last[1] else None
        if joined and len(others) <= _MANY and not any(_cross(joined, other) for other in others):
            last = joined
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last


def _cross(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[0] < one[1] < other[1] or other[0] < one[0] < other[1] < one[1]


def _trimmed(text: str, span: _Span) -> _Span:
    """Return the span without white space at its ends, where emphasis would not be recognized."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return replace(span, start=start, end=start + len(inside.strip()))


def _flanked(text: str, span: _Span) -> _Span:
    """Return the span without the punctuation at an end that touches a word: there, emphasis would not begin or end.

    See "left-flanking delimiter run" in the CommonMark specification.
    """
    start, end = span.start, span.end
    if text[start - 1 : start].isalnum():
        while start < end and not text[start].isalnum():
            start += 1
    if text[end : end + 1].isalnum():
        while start < end and not text[end - 1].isalnum():
            end -= 1
    return _trimmed(text, replace(span, start=start, end=end))


def _code_span(text: str, start: int, end: int) -> _Span:
    ticks = "`" * (max((len(run) for run in _BACKTICKS.findall(text[start:end])), default=0) + 1)
    space = " " if len(ticks) > 1 else ""
    return _trimmed(text, _Span(start, end, _VERBATIM, ticks + space, space + ticks))


def _url(url: str, base: str) -> str:
    """Return a link's target as Markdown can hold it; an empty string for one that leads nowhere or runs a script."""
    url = "".join(char for char in url if char.isprintable()).strip()  # first, or they would hide what scheme it has
    try:
        absolute = urljoin(base, url) if base else url
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return ""
    if scheme in ("javascript", "data", "vbscript") or url.startswith("#"):
        return ""
    return absolute.translate(_URL_ESCAPES)


def _is_balanced(text: str) -> bool:
    """Return whether brackets in the text of a link may stay as they are."""
    depth = 0
    for bracket in re.findall(r"[\[\]]", text):
        depth += 1 if bracket == "[" else -1
        if depth < 0:
            return False
    return not depth and "](" not in text and "][" not in text


def _escaped(text: str, following: str, *, brackets: bool) -> str:
    """Return text with what looks like markup escaped, also together with the markup that follows it."""
    special = _SPECIAL_OR_BRACKET if brackets else _SPECIAL
    escaped = special.sub(lambda match: "&amp;" if match[0] == "&" else f"\\{match[0]}", text)
    if following and text.endswith("\\"):
        return escaped + "\\"
    if following.startswith("[") and text.endswith("!"):
        return escaped[:-1] + "\\!"
    return escaped
