"""One file: checked, and if asked for fixed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dehusk.collector import uncollected
from dehusk.document import is_markdown
from dehusk.errors import DehuskError, InputError, OutputError
from dehusk.files import unreadable, write
from dehusk.linter.cache import key_of
from dehusk.linter.inspect import Inspection, inspect
from dehusk.linter.report import FileReport
from dehusk.linter.settings import Ruleset
from dehusk.linter.sources import Kind, Source, opened

Mode = Literal["check", "fix", "diff"]

_MAX_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Task:
    """A file to check: what to call it, what is in it, with which rules, and what to do about what is found.

    ``data`` is its content if it is not to be read from the file called ``name``. ``is_chosen`` says that it was named
    itself, so that it is an error if there is no text in it.
    """

    name: str
    kind: Kind
    rules: Ruleset
    text_field: str = "text"
    mode: Mode = "check"
    unsafe: bool = False
    data: bytes | None = None
    is_chosen: bool = True

    @property
    def weight(self) -> int:
        """How many bytes the file has; 0 where that is unknown."""
        try:
            return len(self.data) if self.data is not None else os.stat(self.name).st_size  # noqa: PTH116
        except OSError:
            return 0

    def read(self) -> bytes:
        """Return the file's content. Raises InputError when it cannot be read."""
        if self.data is not None:
            return self.data
        try:
            return Path(self.name).read_bytes()
        except OSError as error:
            raise unreadable(error) from error

    def key(self, data: bytes) -> bytes:
        """Return under what the findings in ``data`` are known."""
        field = self.text_field if self.kind == "jsonl" else ""
        return key_of(data, self.kind, field, self.rules.described, str(self.is_chosen), str(is_markdown(self.name)))


@uncollected
def check(task: Task) -> tuple[bytes, FileReport]:
    """Return what is found in a file, and the key of its content. What goes wrong is in the report."""
    try:
        data = task.read()
    except InputError as error:
        return b"", FileReport(task.name, problems=(str(error),))
    key = task.key(data)
    try:
        if not data.strip():
            return key, FileReport(task.name)
        return key, _check(task, data)
    except InputError as error:
        return key, FileReport(task.name, problems=(str(error),) if task.is_chosen else ())
    except DehuskError as error:
        problem = str(error).removeprefix(f"{task.name}: ")  # which the report says already
        return b"", FileReport(task.name, problems=(problem,))
    except Exception as error:  # noqa: BLE001 - an error of ours in one file must not hide what is in the others
        problem = f"internal error, please report it: {type(error).__name__}: {error}"
        return b"", FileReport(task.name, problems=(problem,))


def _check(task: Task, data: bytes) -> FileReport:
    original = source = opened(data, task.kind, text_field=task.text_field, rules=task.rules)
    found = _inspect(task, source)
    report = _report(task, source, found)
    if task.mode == "check":
        return report
    left, fixed = report, 0
    for _ in range(_MAX_ROUNDS):
        edits = {record: each.unsafe if task.unsafe else each.safe for record, each in found.items()}
        edits = {record: each for record, each in edits.items() if each}
        if not edits:
            break
        try:
            source = opened(source.rebuilt(edits), task.kind, text_field=task.text_field, rules=task.rules)
        except InputError as error:
            return replace(report, problems=(*report.problems, f"not fixed: {error}"))
        wanted = ("safe", "unsafe") if task.unsafe else ("safe",)
        fixed += sum(each.fix in wanted for each in left.findings)
        found = _inspect(task, source)
        left = _report(task, source, found)
    left = replace(left, fixed=fixed)
    if task.mode == "diff":
        from dehusk.linter.diff import unified

        return replace(left, diff=unified(original.data, source.data, task.name))
    if task.data is not None:
        return replace(left, output=source.data)
    if fixed:
        _write(task, data, source.data)
    return left


def _inspect(task: Task, source: Source) -> dict[int, Inspection]:
    rules = task.rules if task.kind == "text" else [rule for rule in task.rules if not rule.of_files]
    name = task.name if task.kind == "text" else ""
    return {
        text.record: inspect(
            text.text, rules, name=name, record=text.record, fixable=not source.frozen, guessed=text.guessed
        )
        for text in source.texts()
    }


def _report(task: Task, source: Source, found: Mapping[int, Inspection]) -> FileReport:
    findings = tuple(finding for each in found.values() for finding in each.findings)
    return FileReport(task.name, findings, tuple(source.problems))


def _write(task: Task, before: bytes, after: bytes) -> None:
    """Write the fixed file. Raises OutputError, also if it changed meanwhile."""
    if task.read() != before:
        raise OutputError("changed while it was checked, and not fixed; run again")
    write(Path(task.name), after)
