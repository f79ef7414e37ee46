"""One JSON array with an object for each finding."""

import json
from collections.abc import Iterable, Iterator

from dehusk.linter.report import FileReport


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the array, an object at a time."""
    between = "[\n"
    for report in reports:
        for found in report.findings:
            yield between + json.dumps(found.to_dict(report.file), ensure_ascii=False)
            between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"
