"""Each finding with the line it is in, and a mark below what it is about."""

from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING

from dehusk.linter.formats.concise import one_line, place
from dehusk.linter.report import MARKS, Diagnostic, FileReport
from dehusk.rules import RULES

if TYPE_CHECKING:
    from rich.text import Text


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield a few lines for each finding, without colours."""
    return _rendered(reports, color=False)


def write_colored(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the same for a terminal, in colours unless ``NO_COLOR`` is set."""
    return _rendered(reports, color=True)


def _rendered(reports: Iterable[FileReport], *, color: bool) -> Iterator[str]:
    from rich.console import Console

    stream = StringIO()
    console = Console(
        file=stream, force_terminal=color, color_system="auto" if color else None, highlight=False, markup=False,
        emoji=False, soft_wrap=True,
    )  # fmt: skip
    for report in reports:
        for found in report.findings:
            console.print(_shown(report.file, found))
            yield stream.getvalue()
            stream.seek(0)
            stream.truncate()


def _shown(file: str, found: Diagnostic) -> "Text":
    from rich.cells import cell_len
    from rich.text import Text

    number = str(found.line)
    margin = " " * len(number)
    before = found.column - found.excerpt_column
    line = one_line(found.excerpt)
    size = found.end_column - found.column if found.end_line == found.line else len(line) - before
    marked = line[before : before + max(size, 0)]
    indent = ("… " if found.excerpt_column > 1 else "") + line[:before]
    carets = "^" * max(cell_len(marked), 1) + ("…" if found.end_line > found.line else "")
    code_style = "bold red"
    return Text.assemble(
        (found.rule, code_style), " ", (_name(found.rule), "bold"), f": {one_line(found.message)}",
        (f" {MARKS[found.fix]}".rstrip(), "cyan"), "\n",
        (f"{margin}--> ", "bold blue"), place(file, found), "\n",
        (f"{margin} |", "bold blue"), "\n",
        (f"{number} | ", "bold blue"), indent, (marked, "red"), line[before + len(marked) :], "\n",
        (f"{margin} | ", "bold blue"), " " * cell_len(indent), (carets, code_style), "\n",
    )  # fmt: skip


@cache
def _name(code: str) -> str:
    return next((rule.name for rule in RULES if rule.code == code), code.lower())
