"""Findings that are known and accepted: only what is not among them is news.

A finding is known by its file, its rule and the text of its line, never by the line's number, so that edits elsewhere
do not wake it. Where the same rule finds something in equal lines of a file, these are counted.
"""

import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dehusk.errors import ConfigError
from dehusk.files import write
from dehusk.linter.report import WHOLE, Diagnostic, FileReport
from dehusk.rules import RULES

_VERSION = 1
_SHOWN = 60
_CODES = frozenset(rule.code for rule in RULES)


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of known finding: ``file`` from the folder of the baseline, with slashes; ``shown`` is for readers."""

    file: str
    rule: str
    key: str
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}" + (f" “{self.shown}”" if self.shown else "")


class Baseline:
    """The known findings of a file, and which of them came up again."""

    def __init__(self, path: Path, entries: Mapping[Entry, int] | None = None) -> None:
        self._path = path
        self._folder = path.absolute().parent
        self._known = Counter(dict(entries or {}))
        self._seen: Counter[Entry] = Counter()
        self._checked: set[str] = set()

    @classmethod
    def load(cls, path: Path) -> "Baseline":
        """Return the baseline in a file. Raises ConfigError when there is none in it."""
        try:
            table = json.loads(path.read_text("utf-8"))
            if table["version"] != _VERSION:
                raise ConfigError(f"{path}: a baseline of version {table['version']}; write it anew")
            entries = {
                Entry(name, str(entry["rule"]), str(entry["key"]), str(entry["line"])): int(entry["count"])
                for name, listed in table["files"].items()
                for entry in listed
            }
        except FileNotFoundError as error:
            raise ConfigError(f"{path}: no such baseline; make it with --write-baseline {path}") from error
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(f"{path}: not a baseline; make it with --write-baseline") from error
        return cls(path, entries)

    def news(self, report: FileReport) -> FileReport:
        """Return the report with only those findings that are not known, and remember that the file was checked."""
        name = self._name(report.file)
        if not report.problems:
            self._checked.add(name)
        left = []
        for found in report.findings:
            entry = self._entry(name, found)
            self._seen[entry] += 1
            if self._seen[entry] > self._known[entry]:
                left.append(found)
        return replace(report, findings=tuple(left))

    def stale(self, rules: Collection[str]) -> Iterator[tuple[Entry, int]]:
        """Yield the known findings that did not come up again, and how often they are missing.

        Of files that were not checked, only those count that are gone; of files that were, only findings of ``rules``,
        the codes of those that ran, or of rules that there are no more.
        """
        for entry, count in sorted(self._known.items(), key=lambda item: (item[0].file, item[0].rule, item[0].shown)):
            ran = entry.rule in rules or entry.rule not in _CODES
            gone = (ran and entry.file in self._checked) or not (self._folder / entry.file).exists()
            if gone and count > self._seen[entry]:
                yield entry, count - self._seen[entry]

    def prune(self, rules: Collection[str]) -> None:
        """Write the baseline without what is stale. Raises OutputError."""
        left = Counter(self._known)
        for entry, missing in self.stale(rules):
            left[entry] -= missing
        self._write(+left)

    def write(self) -> None:
        """Write a baseline of all findings that came up. Raises OutputError."""
        self._write(self._seen)

    def _write(self, entries: Mapping[Entry, int]) -> None:
        files: dict[str, list[dict[str, Any]]] = {}
        for entry in sorted(entries, key=lambda entry: (entry.file, entry.rule, entry.shown, entry.key)):
            listed = {"rule": entry.rule, "line": entry.shown, "key": entry.key, "count": entries[entry]}
            files.setdefault(entry.file, []).append(listed)
        text = json.dumps({"version": _VERSION, "files": files}, ensure_ascii=False, indent=1)
        # Files' names may have bytes that are no UTF-8; these are read back from escapes of lone surrogates.
        write(self._path, (text + "\n").encode("utf-8", "backslashreplace"))

    def _entry(self, name: str, found: Diagnostic) -> Entry:
        shown = "" if found.key == WHOLE else " ".join(found.excerpt.split())
        return Entry(name, found.rule, found.key, shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…")

    def _name(self, file: str) -> str:
        return os.path.relpath(Path(file).absolute(), self._folder).replace(os.sep, "/")
