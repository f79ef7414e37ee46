"""JUnit XML: a test suite for each file, a failed test case for each finding, and a passed one if there is none."""

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dehusk.linter.formats.concise import one_line
from dehusk.linter.report import FileReport

# What XML 1.0 cannot say at all, not even as a reference; one_line has made the control characters visible.
_FORBIDDEN = re.compile("[\ufffe\uffff\ud800-\udfff]")


def write(reports: Iterable[FileReport]) -> Iterator[str]:
    """Yield the document."""
    suites = Element("testsuites", name="dehusk")
    for report in reports:
        failures, errors = len(report.findings), len(report.problems)
        counts = {"tests": max(1, failures + errors), "failures": failures, "errors": errors, "skipped": 0}
        suite = SubElement(suites, "testsuite", {key: str(count) for key, count in counts.items()})
        suite.set("name", _text(report.file))
        for found in report.findings:
            record = f"record {found.record}, " if found.record else ""
            place = f"{record}line {found.line}, column {found.column}"
            case = SubElement(suite, "testcase", name=f"{found.rule} {place}", classname=_text(report.file))
            failure = SubElement(case, "failure", message=_text(found.message), type=found.rule)
            failure.text = _text(f"{place}: {found.excerpt}")
        for problem in report.problems:
            case = SubElement(suite, "testcase", name="readable", classname=_text(report.file))
            SubElement(case, "error", message=_text(problem), type="error")
        if not report.findings and not report.problems:
            SubElement(suite, "testcase", name="clean", classname=_text(report.file))
    indent(suites)
    yield '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _text(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", one_line(text))
