"""N006 line-numbers: numbers beside code that are no part of it."""

from collections.abc import Iterator

from dehusk.document import Block, Document, Element, Finding, Mark
from dehusk.rules.base import Rule

_CLASSES = frozenset(("lineno", "linenos", "line-number", "linenumber", "ln", "lnt", "hljs-ln-n"))
"""What elements with the number of a line are called by Pygments, Chroma and other highlighters."""
_FEWEST = 2  # lines, for one alone may be a number that means something
_MOST_BLANK = 2  # lines at the end of code that have numbers, though the code was read without them


class LineNumbers(Rule):
    """Removes the numbers of lines that stand beside code.

    What it finds: in pages, the numbers of lines in a cell of a table whose next cell has code of as many lines, and
    numbers inside code whose element is called `lineno`, `linenos`, `line-number` or the like.

    Why: they are no part of the code, which does not run with them.

    Example:

          <table><tr>
        - <td><pre>1
        - 2</pre></td>
          <td><pre>depth = gauge.read()
          print(depth)</pre></td></tr></table>

    When to keep it: ignore the rule where the text refers to lines by their numbers.
    """

    code = "N006"
    name = "line-numbers"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block of numbers, and for each number inside code."""
        if document.format == "text":
            return
        for position, block in enumerate(document.blocks):
            if block.kind != "code":
                continue
            before = document.blocks[position - 1] if position else None
            if before and _is_beside(before, block):
                yield self.found(before, f"numbers of {_lines(before)} lines of code")
            numbers = (mark for mark in block.marks if _is_number(mark, block.text))
            yield from self.cut(block, ((mark, "number of a line of code") for mark in numbers))


def _is_beside(block: Block, code: Block) -> bool:
    """Return whether a block consists of the numbers of the lines of ``code``, and stands in the same row."""
    if not block.text[:1].isdigit() or (row := _row(block)) is None or row is not _row(code):
        return False
    lines = block.text.split("\n")
    if len(lines) < _FEWEST or not 0 <= len(lines) - _lines(code) <= _MOST_BLANK:
        return False
    first = int(lines[0]) if lines[0].isdecimal() and len(lines[0]) < 8 else -1
    return first >= 0 and all(line.strip() == str(number) for number, line in enumerate(lines, first))


def _row(block: Block) -> Element | None:
    return next((element for element in reversed(block.path) if element.tag == "tr"), None)


def _lines(block: Block) -> int:
    return block.text.count("\n") + 1


def _is_number(mark: Mark, text: str) -> bool:
    return text[mark.start : mark.end].strip().isdecimal() and not _CLASSES.isdisjoint(mark.element.classes)
