"""Plain text to blocks, without losing a character: every block knows its span, every gap is some block's tail."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from dehusk.document import Block, Document, Kind

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
# What counts as white space around a line: the Unicode spaces and the characters that have no width.
SPACES = " \t\x0b\x0c\x85\xa0\xad\u1680" + "".join(map(chr, range(0x2000, 0x200C))) + "\u202f\u205f\u2060\u3000\ufeff"
_INDENT = ("    ", "\t")
_FENCES = ("```", "~~~")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_ITEM = re.compile(r"\s*(?:[-*+•◦▪‣]|\(?\d{1,3}[.)])\s+\S")
_FIELD = re.compile(r"[\w-]+:(?:\s|$)")
_LONGEST_FRONT = 200  # lines
_COMMENT = re.compile(r"(?: {4}|\t)\s*+(?:#|//|/\*|--|<!--)")  # a comment in code that is not set apart
_BULLETS = ("•", "◦", "▪", "‣")  # signs that no programming language begins a line with

# Hard-wrapped text is filled greedily: a line ends where the next word would not have fitted into the width.
_WIDTHS = range(40, 101)
_FEWEST_PAIRS = 3
_FULL_SHARE = 0.8
_LONG_SHARE = 0.1


Lines = Sequence[str]
Chunk = Sequence[int]
"""The lines of a text without their ends, and the numbers, from 0, of some that follow each other."""


def parse(source: str) -> Document:
    """Return the text as a document whose blocks are its paragraphs.

    Paragraphs may be set apart by blank lines, be one a line, or be hard-wrapped. Fenced and indented code is one
    block of kind ``code``, and so is what a file of Markdown says of itself in front. Joining the texts and tails of
    all blocks gives back ``source``.
    """
    lines, starts = _split(source)
    filled = [i for i, line in enumerate(lines) if line and (line[0].isalnum() or line.strip(SPACES))]
    code, goes_on = _structure(source, lines, filled)
    if end := _front_matter(lines):
        code = {0, *(i for i in code if i > end)}
        goes_on = {*range(end), *(i for i in goes_on if i > end)}
        filled = [0, *range(1, end + 1), *(i for i in filled if i > end)]
    firsts = [i for i in filled if i - 1 not in goes_on] if goes_on else filled
    begins = [starts[first] for first in firsts] + [len(source)]
    blocks = []
    if begins[0] > 0:
        blocks.append(Block("blank", "", 0, 1, (0, 0), tail=source[: begins[0]]))
    for index, (first, start, after) in enumerate(zip(firsts, begins, begins[1:], strict=False), len(blocks)):
        last = first
        while last in goes_on:
            last += 1
        text = lines[last].rstrip(SPACES)
        end = starts[last] + len(text)
        if last > first:
            text = source[start:end]
        # Most lines begin with a letter, and are told without a search.
        kind = "code" if first in code else "paragraph" if text[0].isalpha() else _kind(lines[first])
        level = len(match[1]) if kind == "heading" and (match := _HEADING.match(text)) else 0
        blocks.append(Block(kind, text, index, first + 1, (start, end), source[end:after], level))
    return Document(source, tuple(blocks), "text")


def _front_matter(lines: Lines) -> int:
    """Return the number of the last line of the YAML that a text begins with, between lines of ``---``; 0 if none."""
    if lines[0].rstrip() != "---" or len(lines) < 3 or not _FIELD.match(lines[1]):
        return 0
    return next((i for i, line in enumerate(lines[:_LONGEST_FRONT]) if i and line.rstrip() in ("---", "...")), 0)


def _split(source: str) -> tuple[Lines, Sequence[int]]:
    """Return the lines of a text, and where each begins."""
    if "\r" in source:
        found = list(_LINE.finditer(source))
        return [match[1] for match in found], [match.start() for match in found]
    lines = source.split("\n")
    return lines, list(accumulate([len(line) + 1 for line in lines], initial=0))


def _structure(source: str, lines: Lines, filled: Chunk) -> tuple[set[int], set[int]]:
    """Return the lines with which code begins, and those that the next line goes on in the same block."""
    code: set[int] = set()
    goes_on: set[int] = set()
    if any(mark in source for mark in (*_INDENT, *_FENCES)):
        chunks = []
        for is_code, chunk in _merged(lines, _chunks(lines, filled)):
            if is_code:
                code.add(chunk[0])
                goes_on.update(range(chunk[0], chunk[-1]))
            else:
                chunks.append(chunk)
        pairs = [i for chunk in chunks for i in chunk[:-1]]
        flush = [i for chunk in chunks if not _is_indented(lines, chunk) for i in chunk[:-1]]
    else:
        pairs = flush = [i for i, following in pairwise(filled) if following == i + 1]
    if width := _wrap_width(lines, flush):
        goes_on.update(i for i in pairs if _is_full(lines, i, width) and _kind(lines[i + 1]) == "paragraph")
    return code, goes_on


def _merged(lines: Lines, chunks: Iterable[tuple[bool, Chunk]]) -> Iterator[tuple[bool, Chunk]]:
    """Join indented chunks that follow each other: blank lines do not end indented code, as in CommonMark.

    Lists that are indented, as tools do that turn pages to text, are no code.
    """
    run: list[Chunk] = []
    for fenced, chunk in chunks:
        if not fenced and _is_indented(lines, chunk):
            run.append(chunk)
            continue
        if run:
            yield from _indented_run(lines, run)
            run = []
        yield fenced, chunk
    yield from _indented_run(lines, run)


def _indented_run(lines: Lines, chunks: Sequence[Chunk]) -> Iterator[tuple[bool, Chunk]]:
    """Yield a run of indented chunks: as one that is code if it has more than one line and none of these is an item."""
    run = [i for chunk in chunks for i in chunk]
    if any(lines[i].lstrip(" \t").startswith(_BULLETS) for i in run):
        yield from ((False, chunk) for chunk in chunks)
    elif run:
        yield len(run) > 1, run


def _chunks(lines: Lines, filled: Chunk) -> Iterator[tuple[bool, Chunk]]:
    """Yield runs of lines without a blank line between them; a fenced code block is one run, marked as code."""
    fenced, loose = _fenced(lines)
    behind = 0
    chunk: list[int] = []
    for i in filled:
        if i < behind:
            continue
        if chunk and (i > chunk[-1] + 1 or i in fenced or i >= loose):
            yield False, chunk
            chunk = []
        if i in fenced:
            behind = fenced[i]
            yield True, range(i, behind)
        else:
            chunk.append(i)
    if chunk:
        yield False, chunk


def _fenced(lines: Lines) -> tuple[dict[int, int], int]:
    """Return where fenced code begins and the line behind it, and from which line on none belongs to another.

    A fence that is never closed is no fence: what follows it is ordinary text, in loose lines.
    """
    found: dict[int, int] = {}
    opened, fence = 0, ""
    for i in [i for i, line in enumerate(lines) if "```" in line or "~~~" in line]:
        if not fence and (match := _FENCE.match(lines[i])):
            opened, fence = i, match[1]
        elif fence and lines[i].strip(" ").startswith(fence) and not lines[i].strip(" `~"):
            found[opened], fence = i + 1, ""
    return found, opened if fence else len(lines)


def _wrap_width(lines: Lines, pairs: Sequence[int]) -> int:
    """Return the width at which the text was hard-wrapped, in characters, or 0 if it was not.

    ``pairs`` are the lines that another one follows at once.
    """
    sizes = [len(lines[i]) for i in pairs]
    short = [size for size in sizes if size < _WIDTHS.stop]
    if len(pairs) < _FEWEST_PAIRS or len(pairs) - len(short) > _LONG_SHARE * len(pairs):
        return 0
    width = max(short, default=0)
    if width not in _WIDTHS:
        return 0
    return width if sum(_is_full(lines, i, width) for i in pairs) >= _FULL_SHARE * len(pairs) else 0


def _is_full(lines: Lines, i: int, width: int) -> bool:
    """Return whether the first word of the next line would not have fitted into this one."""
    words = lines[i + 1].split(None, 1)
    return bool(words) and len(lines[i]) + 1 + len(words[0]) > width


def _is_indented(lines: Lines, chunk: Chunk) -> bool:
    return lines[chunk[0]].startswith(_INDENT) and all(lines[i].startswith(_INDENT) for i in chunk)


def _kind(line: str) -> Kind:
    text = line.rstrip(SPACES)
    if text[0] in " \t" and _COMMENT.match(text):
        return "code"
    if _HEADING.match(text):
        return "heading"
    return "item" if _ITEM.match(text) else "paragraph"
