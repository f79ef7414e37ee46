"""A JSON object for each finding, each in a line."""

import json
from collections.abc import Iterable, Iterator

from dehusk.linter.report import FileReport
from dehusk.writers.json import LINE_ENDS


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the lines."""
    for report in reports:
        for found in report.findings:
            line = json.dumps(found.to_dict(report.file), ensure_ascii=False, separators=(",", ":"))
            yield line.translate(LINE_ENDS) + "\n"
