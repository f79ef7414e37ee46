"""Workflow commands of GitHub Actions, which become annotations of the files in a pull request."""

from collections.abc import Iterable, Iterator

from dehusk.linter.formats.concise import one_line
from dehusk.linter.report import Diagnostic, FileReport

# How the runner reads properties: nothing else has an escape, so that a file's name goes through as it is.
_ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield a command for each finding."""
    for report in reports:
        for found in report.findings:
            properties = {"title": f"dehusk ({found.rule})", "file": report.file} | _region(found)
            listed = ",".join(f"{key}={str(value).translate(_ESCAPES)}" for key, value in properties.items())
            yield f"::error {listed}::{_data(_message(report.file, found))}\n"


def _region(found: Diagnostic) -> dict[str, int]:
    """Return the lines of the file, of JSON Lines that of the record. Columns must not go with several lines."""
    if found.record:
        return {"line": found.record}
    if found.end_line != found.line:
        return {"line": found.line, "endLine": found.end_line}
    return {"line": found.line, "col": found.column, "endLine": found.line, "endColumn": found.end_column}


def _message(file: str, found: Diagnostic) -> str:
    record = f":{found.record}" if found.record else ""
    return f"{file}{record}:{found.line}:{found.column}: {found.rule} {found.message}"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25")
