"""SARIF 2.1.0, the exchange format for results of static analysis (OASIS)."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dehusk import __version__
from dehusk.linter.report import Diagnostic, FileReport
from dehusk.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NUMBERS = {rule.code: number for number, rule in enumerate(RULES)}


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the log, with one run."""
    results: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for report in reports:
        results += (_result(report.file, found) for found in report.findings)
        for problem in report.problems:
            location = {"physicalLocation": {"artifactLocation": {"uri": _uri(report.file)}}}
            problems.append({"level": "error", "message": {"text": problem}, "locations": [location]})
    driver = {
        "name": "dehusk",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [
            {
                "id": rule.code,
                "name": rule.name,
                "shortDescription": {"text": rule.summary()},
                "fullDescription": {"text": rule.documentation()},
                "defaultConfiguration": {"level": "warning"},
            }
            for rule in RULES
        ],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not problems, "toolExecutionNotifications": problems}],
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _result(file: str, found: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}, "region": _region(found)}
    prefix = f"line {found.line} of the text: " if found.record else ""
    result: dict[str, Any] = {
        "ruleId": found.rule,
        "level": "warning",
        "message": {"text": prefix + found.message},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"lineHash/v1": found.key},
    }
    if found.rule in _NUMBERS:
        result["ruleIndex"] = _NUMBERS[found.rule]
    if found.fix == "safe" and not found.record:
        change = {"deletedRegion": _region(found), "insertedContent": {"text": found.replacement or ""}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": location["artifactLocation"],
                                                 "replacements": [change]}]}]  # fmt: skip
    return result


def _region(found: Diagnostic) -> dict[str, Any]:
    """Return the place in the file; of a record, which is one line of it, no more than that line."""
    if found.record:
        return {"startLine": found.record}
    return {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }


def _uri(file: str) -> str:
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
