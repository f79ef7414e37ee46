"""One line for each finding: ``path:line:column: CODE message``, with the record before the line if there is one."""

from collections.abc import Iterable, Iterator

from dehusk.linter.report import MARKS, Diagnostic, FileReport
from dehusk.printable import printable

# printable has made the other line ends visible.
_ONE_LINE = str.maketrans({"\n": "␊", "\u2028": "␊", "\u2029": "␊", "\t": " "})


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the lines of each file."""
    for report in reports:
        if report.findings:
            yield "".join([_line(report.file, found) for found in report.findings])


def _line(file: str, found: Diagnostic) -> str:
    mark = MARKS[found.fix] and f"{MARKS[found.fix]} "
    return f"{place(file, found)}: {found.rule} {mark}{one_line(found.message)}\n"


def place(file: str, found: Diagnostic) -> str:
    """Return where a finding is: file, record if any, line and column."""
    record = f":{found.record}" if found.record else ""
    return f"{one_line(file)}{record}:{found.line}:{found.column}"


def one_line(text: str) -> str:
    """Return ``text`` as one line that no terminal obeys."""
    return printable(text).translate(_ONE_LINE)
