"""W001 to W006: white space that carries no meaning. Code and the columns of tables keep theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding, is_markdown
from dehusk.edits import Drop, Replace
from dehusk.rules.base import Rule, option

_NEWLINE = re.compile(r"\r\n|\r|\n")
_LINE_ENDS = frozenset(("", "\n", "\n\n", "\r\n", "\r\n\r\n"))
"""The usual tails, in which there is nothing to mend."""
_NO_WIDTH = "\u00ad\u200b\u2060\ufeff"
_ZERO_WIDTH = re.compile(f"[{_NO_WIDTH}]+")
_ODD_SPACES = "\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f"
_ODD_SPACE = re.compile(f"[{_ODD_SPACES}]+")
# Possessive repetitions, and starts that a look-behind fixes, keep these linear on long runs of spaces.
_RUN = re.compile(r"(?<=\S)[ \t]{2,}+(?=\S)")
_INDENTED = re.compile(r"(?:[>|] ?){0,8}(?: {4}|\t)")
# A line that stands in columns: with a gap between two of them that does not just follow a sentence, or with bars.
_COLUMNS = re.compile(r"[^\s.!?][\"'”’)]?(?: {2,}+|\t+)\S|\|[^|\n]*\|")
_RULER = re.compile(r"[ \t]*[-=+|:]{3}[-=+|: \t]*")
_DEFINITION = re.compile(r"(?:async )?def \w+\(|class \w+[:(]|@\w+|if __name__ ==|func \w+\(|fn \w+|impl |#include\b")
_TRAILING = re.compile(r"(?<![ \t\x0b\x0c\x85\u3000])[ \t\x0b\x0c\x85\u3000]++(?=[\r\n]|\Z)")


class ZeroWidth(Rule):
    """Removes characters that have no width and join or part words unseen.

    What it finds: zero-width spaces, word joiners, byte order marks inside the text, and soft hyphens. Joiners that
    scripts and emoji need (U+200C, U+200D) and marks of writing direction are left alone.

    Why: they hide in words and make them unfindable.

    Example:

        - Rain is ex<SHY>pected.
        + Rain is expected.

    When to keep it: ignore the rule for Thai or Khmer texts that mark word boundaries with zero-width spaces.
    """

    code = "W001"
    name = "zero-width"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each run of such characters."""
        for block in _holding(_NO_WIDTH, document):
            for match in _removable(_ZERO_WIDTH, block.text + block.tail, _behind_code(block)):
                message = f"character without width: U+{ord(match[0][0]):04X}"
                yield self.found(block, message, Replace(*match.span(), ""))


class OddSpace(Rule):
    """Replaces non-breaking and other typographic spaces by plain ones.

    What it finds: U+00A0, U+202F and the spaces U+2000 to U+200A. The ideographic space is left alone.

    Why: most are left over from layout, and tools that split at spaces trip over them.

    Example:

        - Rain for 10<NBSP>km.
        + Rain for 10 km.

    When to keep it: ignore the rule to keep the spacing of French punctuation or of numbers with their units.
    """

    code = "W002"
    name = "odd-space"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each run of odd spaces."""
        for block in _holding(_ODD_SPACES, document):
            for match in _ODD_SPACE.finditer(block.text + block.tail, _behind_code(block)):
                message = f"space U+{ord(match[0][0]):04X} instead of a plain one"
                yield self.found(block, message, Replace(*match.span(), " " * len(match[0])))


class SpaceRun(Rule):
    """Shortens runs of spaces and tabs between words to one space.

    What it finds: two or more spaces or tabs inside a line. Code, table rows, indented lines, also of a quotation, and
    lines that stand in columns with their neighbours are left alone.

    Why: the runs come from markup and layout, and make equal lines unequal.

    Example:

        - Rain  is   expected.
        + Rain is expected.

    When to keep it: ignore the rule for texts whose spacing is meant, such as poems set out on the page.
    """

    code = "W003"
    name = "space-run"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each run."""
        if not ("  " in document.whole or "\t" in document.whole):
            return
        texts = [block.text for block in document.blocks]
        for position in [position for position, text in enumerate(texts) if "  " in text or "\t" in text]:
            block = document.blocks[position]
            if block.kind in ("code", "row"):
                continue
            if _in_columns(block) and _tabular(document.blocks, position):
                continue
            for match in _RUN.finditer(block.text):
                if _INDENTED.match(block.text, _line_start(block.text, match.start())):
                    continue
                yield self.found(block, f"{len(match[0])} spaces in a row", Replace(*match.span(), " "))


def _in_columns(block: Block) -> bool:
    return _COLUMNS.search(block.text) is not None or _RULER.fullmatch(block.text) is not None


def _tabular(blocks: tuple[Block, ...], position: int) -> bool:
    """Return whether a neighbouring line, or another line of the block, stands in columns too."""
    block = blocks[position]
    if sum(_COLUMNS.search(line) is not None for line in block.text.splitlines()) > 1:
        return True
    above, below = blocks[max(0, position - 1)], blocks[min(position + 1, len(blocks) - 1)]
    return any(
        neighbour is not block and _newlines(gap) == 1 and _in_columns(neighbour)
        for neighbour, gap in ((above, above.tail), (below, block.tail))
    )


class TrailingSpace(Rule):
    """Removes white space at the end of lines.

    What it finds: spaces, tabs and form feeds before a line end. Code is left alone, and so are breaks of lines in a
    file of Markdown, and tabs that end a line with other tabs: they are the empty cells of a table.

    Why: it is invisible and makes equal lines unequal.

    Example:

        - Rain is expected.<SP><SP>
        + Rain is expected.
          It will be warm.

    When to keep it: ignore the rule for Markdown that is not in files that end in .md.
    """

    code = "W004"
    name = "trailing-space"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line with white space at its end."""
        has_breaks = is_markdown(document.name)
        for position, block in enumerate(document.blocks, 1):
            text = block.text
            if block.tail in _LINE_ENDS and not ("\n" in text or "\r" in text or text[-1:].isspace()):
                continue  # the usual case, told without a search
            whole = block.text + block.tail
            for match in _removable(_TRAILING, whole, _behind_code(block)):
                if "\t" in match[0] and "\t" in whole[_line_start(whole, match.start()) : match.start()]:
                    continue
                if has_breaks and match[0].startswith("  ") and _goes_on(whole, match.end(), position, document):
                    continue
                yield self.found(block, "white space at the end of the line", Replace(*match.span(), ""))


@dataclass(frozen=True, eq=False)
class BlankLines(Rule):
    """Shortens runs of blank lines, and removes them at the beginning and the end.

    What it finds: more blank lines in a row than `max-blank` allows. Blank lines inside code are left alone, and those
    above definitions in a text that is code.

    Why: they are what is left where something was removed from a page.

    Example:

          Rain is expected.

        -
          It will be warm.

    When to keep it: raise `max-blank` where two blank lines mean more than one, as between chapters.
    """

    code = "W005"
    name = "blank-lines"
    safe = True

    max_blank: int = option(1, "how many blank lines may stand in a row")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each run of blank lines that is too long."""
        for position, block in enumerate(document.blocks):
            if block.kind == "blank" and len(document.blocks) > 1:
                yield self.found(block, "blank lines at the beginning", Drop())
                continue
            last = position + 1 == len(document.blocks)
            if block.tail == "\n" or (block.tail == "\n\n" and self.max_blank and not last):
                continue  # the usual cases, told without a search
            ends = [match.end() for match in _NEWLINE.finditer(block.tail)]
            allowed = 1 if last else 1 + self.max_blank
            if len(ends) > allowed and (last or not _DEFINITION.match(document.blocks[position + 1].text)):
                start = len(block.text)
                message = "blank lines at the end" if last else f"{len(ends) - 1} blank lines in a row"
                yield self.found(block, message, Replace(start + ends[allowed - 1], start + ends[-1], ""))


class FinalNewline(Rule):
    """Ends the text with a line end.

    What it finds: a last line that is not ended.

    Why: tools that read lines expect one; without it the next file that is joined begins in the same line.

    Example: the line end that is missing is added

        - Rain is expected.<NO LINE END>
        + Rain is expected.

    When to keep it: ignore the rule for texts that are values in a table or a database rather than files.
    """

    code = "W006"
    name = "final-newline"
    safe = True
    of_files = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding when the last line is not ended."""
        if not document.blocks:
            return
        block = document.blocks[-1]
        whole = block.text + block.tail
        if block.text and not block.tail.endswith(("\n", "\r")):
            line_end = _NEWLINE.search(document.source) if document.format == "text" else None
            edit = Replace(len(whole), len(whole), line_end[0] if line_end else "\n")
            yield self.found(block, "no line end after the last line", edit)


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def _goes_on(whole: str, end: int, following: int, document: Document) -> bool:
    """Return whether the line behind that which ends at ``end`` of a block has any text."""
    below = whole[end:].lstrip(" \t")
    line_end = _NEWLINE.match(below)
    if not line_end:
        return False
    return bool(below[line_end.end() :].strip()) or (line_end[0] == below and following < len(document.blocks))


def _removable(pattern: re.Pattern[str], text: str, start: int) -> Iterator[re.Match[str]]:
    """Yield what matches, but not between a carriage return and a line feed: without it these would be one line end."""
    for match in pattern.finditer(text, start):
        if not (text[match.start() - 1 : match.start()] == "\r" and text.startswith("\n", match.end())):
            yield match


def _holding(chars: str, document: Document) -> Iterator[Block]:
    """Yield the blocks that may hold one of some characters, none of which is ASCII; none where no block does."""
    if document.whole.isascii() or not any(char in document.whole for char in chars):
        return
    for block in document.blocks:
        if not (block.text.isascii() and block.tail.isascii()):
            yield block


def _behind_code(block: Block) -> int:
    """Return where in ``text + tail`` white space may be mended: anywhere, but of code below its last line."""
    if block.kind != "code":
        return 0
    line_end = _NEWLINE.search(block.tail)
    return len(block.text) + (line_end.end() if line_end else len(block.tail))


def _newlines(gap: str) -> int:
    return len(_NEWLINE.findall(gap))
