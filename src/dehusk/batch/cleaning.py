"""What workers do with a task: read it, clean it, write it in its form, and note what there is to tell of it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from dehusk.batch.task import File, Known, PassedOverError, Reading, Shape, Task, digest_of_error
from dehusk.digest import digest
from dehusk.document import Document
from dehusk.edits import Replace
from dehusk.errors import EmptyError, InputError
from dehusk.pipeline import run
from dehusk.rules.base import Rule
from dehusk.writers import WRITERS

if TYPE_CHECKING:
    from dehusk.batch.repeats import Counts, Table

Status = Literal["cleaned", "empty", "skipped", "failed"]


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What became of a task: its ``status`` and, where it was not cleaned, the ``reason``; and what to write.

    ``key`` is a digest of the input. ``characters`` are those read, of a page those of its visible text, and those
    written. ``removed`` counts findings and the characters that they removed, by rule. ``unchanged`` says that an
    earlier run did the same, and that its output is there.
    """

    status: Status
    reason: str = ""
    output: bytes = b""
    key: bytes = b""
    characters: tuple[int, int] = (0, 0)
    removed: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    seconds: float = 0.0
    unchanged: bool = False


def unchanged(known: Known) -> Result:
    """Return the result of a task that an earlier run did."""
    if known.status == "empty":
        return Result("empty", "nothing was kept, as before", unchanged=True)
    return Result("skipped", unchanged=True)


@dataclass(frozen=True, eq=False)
class Cleaning:
    """A task to its result.

    ``rules`` and ``fingerprints`` are those of each configuration, ``writer`` is the form of outputs and ``counts`` the
    table of repeated lines, if they were counted. Only a call needs the fingerprints.
    """

    rules: tuple[tuple[Rule, ...], ...]
    reading: Reading
    writer: str
    fingerprints: tuple[bytes, ...] = ()
    counts: "Table | None" = None

    def __call__(self, task: Task) -> Result:
        """Return the result; what is expected to go wrong is in it as its reason."""
        start = perf_counter()
        try:
            data = task.source.data()
        except InputError as error:
            return Result("failed", str(error), key=digest_of_error(error))
        key = digest(data)
        if task.known and task.known.key == self.keyed(task, key) and task.known.is_there():
            return unchanged(task.known)
        return replace(self.clean(task, data), key=key, seconds=perf_counter() - start)

    def keyed(self, task: Task, key: bytes) -> bytes:
        """Return what a task's output depends on: its input, its name, its configuration, the program's version."""
        return digest(key, os.fsencode(task.name), self.fingerprints[task.config])

    def clean(self, task: Task, data: bytes) -> Result:
        """Return the result of a task whose source holds ``data``, whatever earlier runs did, and without its key."""
        try:
            opened = task.source.open(data, task.name, self.reading)
        except EmptyError as error:
            return Result("empty", str(error))
        except InputError as error:
            return Result("failed", str(error))
        except PassedOverError as reason:
            return Result("skipped", str(reason))
        original = _open(self.counts).marked(opened.document) if self.counts else opened.document
        document, findings = run(original, self.rules[task.config])
        document = replace(document, findings=findings)
        removed: dict[str, tuple[int, int]] = {}
        for finding in findings:
            times, characters = removed.get(finding.rule, (0, 0))
            shorter = len(finding.text) - (len(finding.edit.text) if isinstance(finding.edit, Replace) else 0)
            gone = max(0, shorter) if finding.action in ("drop", "replace") else 0
            removed[finding.rule] = times + 1, characters + gone
        before = sum(len(block.text) for block in original.blocks)
        after = sum(len(block.text) for block in document.blocks)
        output = self._written(document, opened.fields, task.shape)
        if document.is_empty:
            return Result("empty", _why_empty(original, task), output, characters=(before, after), removed=removed)
        return Result("cleaned", "", output, characters=(before, after), removed=removed)

    def _written(self, document: Document, fields: Mapping[str, str], shape: Shape) -> bytes:
        writer = WRITERS[self.writer]
        if shape == "row" and not writer.is_text:
            writer = WRITERS["text"]
        if document.is_empty and writer.is_text:
            return b""
        if shape == "file":
            return writer.write(document).encode("utf-8", "replace")
        from dehusk.batch.members import aside, dumped, joined, line
        from dehusk.writers.json import to_dict

        if not writer.is_text:
            whole = {name: dumped(value) for name, value in to_dict(document).items()}
            return line({**whole, "fields": joined(fields)} if fields else whole)
        page = {"source": document.name, **document.metadata.to_dict()}
        ours = {"text": dumped(writer.write(document)), "dehusk": dumped(page)}
        names = aside(fields, ours)
        return line({**{names[name]: value for name, value in fields.items()}, **ours})


def _why_empty(original: Document, task: Task) -> str:
    if original.is_empty:
        return "there is no text in it"
    path = task.source.path if isinstance(task.source, File) else "FILE"
    return f"nothing was kept, as all of it is husk to some rule; see 'dehusk explain {path}'"


@lru_cache(maxsize=1)
def _open(table: "Table") -> "Counts":
    return table.open()
