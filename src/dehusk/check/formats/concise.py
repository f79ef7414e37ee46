"""One line for each finding: ``path:line:column: CODE message``, with the record before the line if there is one."""

from collections.abc import Iterable, Iterator

from dehusk.check.report import FileReport, Found
from dehusk.printable import printable

MARKS = {"safe": "[*] ", "unsafe": "[-] ", "none": ""}
"""What stands in front of a message: whether ``--fix`` mends it, or only with ``--unsafe-fixes``, or neither."""


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the lines of each file."""
    for report in reports:
        if report.findings:
            yield "".join([_line(report.file, found) for found in report.findings])


def _line(file: str, found: Found) -> str:
    return f"{place(file, found)}: {found.rule} {MARKS[found.fix]}{one_line(found.message)}\n"


def place(file: str, found: Found) -> str:
    """Return where a finding is: file, record if any, line and column."""
    record = f":{found.record}" if found.record else ""
    return f"{one_line(file)}{record}:{found.line}:{found.column}"


def one_line(text: str) -> str:
    """Return ``text`` as one line that no terminal obeys."""
    return printable(text).replace("\n", "␊").replace("\t", " ")
