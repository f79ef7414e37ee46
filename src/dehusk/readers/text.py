"""Plain text to blocks, without losing a character: every block knows its span, every gap is some block's tail."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from dehusk.document import Block, Document, Kind, record

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
# What counts as white space around a line: the Unicode spaces and the characters that have no width.
SPACES = " \t\x0b\x0c\x85\xa0\xad\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u205f\u2060\u3000\ufeff"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_ITEM = re.compile(r"\s*(?:[-*+•◦▪‣]|\(?\d{1,3}[.)])\s+\S")
_COMMENT = re.compile(r"(?: {4}|\t)\s*+(?:#|//|/\*|--|<!--)")  # a comment in code that is not set apart
_BULLETS = ("•", "◦", "▪", "‣")  # signs that no programming language begins a line with

# Hard-wrapped text is filled greedily: a line ends where the next word would not have fitted into the width.
_WIDTHS = range(40, 101)
_FEWEST_PAIRS = 3
_FULL_SHARE = 0.8
_LONG_SHARE = 0.1


@record(eq=False)
class _Line:
    number: int
    start: int
    text: str


def parse(source: str) -> Document:
    """Return the text as a document whose blocks are its paragraphs.

    Paragraphs may be set apart by blank lines, be one a line, or be hard-wrapped. Fenced and indented code is one
    block of kind ``code``. Joining the texts and tails of all blocks gives back ``source``.
    """
    ranges = list(_ranges(_lines(source)))
    starts = [first.start for _, first, _ in ranges] + [len(source)]
    blocks = []
    if starts[0] > 0:
        blocks.append(Block("blank", "", 0, 1, (0, 0), tail=source[: starts[0]]))
    for (kind, first, last), after in zip(ranges, starts[1:], strict=True):
        end = last.start + len(last.text.rstrip(SPACES))
        level = len(match[1]) if (match := _HEADING.match(first.text)) and kind == "heading" else 0
        span = (first.start, end)
        text, tail = source[first.start : end], source[end:after]
        blocks.append(Block(kind, text, len(blocks), first.number, span, tail=tail, level=level))
    return Document(source, tuple(blocks), "text")


def _lines(source: str) -> list[_Line]:
    if "\r" in source:
        return [_Line(number, match.start(), match[1]) for number, match in enumerate(_LINE.finditer(source), 1)]
    texts = source.split("\n")
    starts = accumulate([len(text) + 1 for text in texts], initial=0)
    return [_Line(number, start, text) for number, (start, text) in enumerate(zip(starts, texts, strict=False), 1)]


def _ranges(lines: list[_Line]) -> Iterator[tuple[Kind, _Line, _Line]]:
    """Yield kind, first and last line of each block."""
    chunks = list(_merged(_chunks(lines)))
    width = _wrap_width([chunk for code, chunk in chunks if not (code or _indented(chunk))])
    for code, chunk in chunks:
        if code:
            yield "code", chunk[0], chunk[-1]
            continue
        first = chunk[0]
        for line, following in zip(chunk, [*chunk[1:], None], strict=True):
            if following is None or not (_full(line, following, width) and _kind(following) == "paragraph"):
                yield _kind(first), first, line
                first = following or first


def _merged(chunks: Iterable[tuple[bool, list[_Line]]]) -> Iterator[tuple[bool, list[_Line]]]:
    """Join indented chunks that follow each other: blank lines do not end indented code, as in CommonMark.

    Lists that are indented, as tools do that turn pages to text, are no code.
    """
    run: list[list[_Line]] = []
    for fenced, chunk in chunks:
        if not fenced and _indented(chunk):
            run.append(chunk)
            continue
        yield from _indented_run(run)
        run = []
        yield fenced, chunk
    yield from _indented_run(run)


def _indented_run(chunks: list[list[_Line]]) -> Iterator[tuple[bool, list[_Line]]]:
    """Yield a run of indented chunks: as one that is code if it has more than one line and none of these is an item."""
    lines = [line for chunk in chunks for line in chunk]
    if any(line.text.lstrip(" \t").startswith(_BULLETS) for line in lines):
        yield from ((False, chunk) for chunk in chunks)
    elif lines:
        yield len(lines) > 1, lines


def _chunks(lines: list[_Line]) -> Iterator[tuple[bool, list[_Line]]]:
    """Yield runs of lines without a blank line between them; a fenced code block is one run, marked as code."""
    chunk: list[_Line] = []
    fence = ""
    for line in lines:
        if fence:
            chunk.append(line)
            if line.text.strip(" ").startswith(fence) and not line.text.strip(" `~"):
                yield True, chunk
                chunk, fence = [], ""
            continue
        text = line.text
        opening = _FENCE.match(text) if "```" in text or "~~~" in text else None
        blank = not text or (text[0] in SPACES and not text.strip(SPACES))
        if (blank or opening) and chunk:
            yield False, chunk
            chunk = []
        if opening:
            chunk, fence = [line], opening[1]
        elif not blank:
            chunk.append(line)
    if chunk:
        # A fence that is never closed is no fence: what follows it is ordinary text.
        yield from ((False, [line]) for line in chunk if line.text.strip(SPACES)) if fence else [(False, chunk)]


def _wrap_width(chunks: list[list[_Line]]) -> int:
    """Return the width at which the text was hard-wrapped, in characters, or 0 if it was not."""
    pairs = [pair for chunk in chunks for pair in pairwise(chunk)]
    if len(pairs) < _FEWEST_PAIRS or sum(len(line.text) >= _WIDTHS.stop for line, _ in pairs) > _LONG_SHARE * len(
        pairs
    ):
        return 0
    width = max((len(line.text) for line, _ in pairs if len(line.text) < _WIDTHS.stop), default=0)
    if width not in _WIDTHS:
        return 0
    return width if sum(_full(*pair, width) for pair in pairs) >= _FULL_SHARE * len(pairs) else 0


def _full(line: _Line, following: _Line, width: int) -> bool:
    words = following.text.split(None, 1)
    return bool(width and words) and len(line.text) + 1 + len(words[0]) > width


def _indented(chunk: list[_Line]) -> bool:
    return all(line.text.startswith(("    ", "\t")) for line in chunk)


def _kind(line: _Line) -> Kind:
    if line.text[0].isalpha():
        return "paragraph"  # the usual case, told without a search
    text = line.text.rstrip(SPACES)
    if text[0] in " \t" and _COMMENT.match(text):
        return "code"
    if _HEADING.match(text):
        return "heading"
    return "item" if _ITEM.match(text) else "paragraph"
