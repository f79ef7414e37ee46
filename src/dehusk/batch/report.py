"""What a run did, gathered document by document in memory that does not grow: for the last lines and ``--report``."""

import heapq
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dehusk.batch.cleaning import Result
from dehusk.batch.manifest import Checkpoint, Missing
from dehusk.batch.task import Task
from dehusk.files import write

_LISTED = 10
MOST_LISTED = 1000
"""Documents of each kind that a report names with their reasons."""
STATUSES = ("cleaned", "empty", "skipped", "failed")


@dataclass
class Report:
    """Counts of a run so far. ``before`` counts documents that an earlier run did and this one left as they are.

    ``others`` counts the files in folders that are neither pages nor texts nor archives, by their endings.
    """

    counts: Counter[str] = field(default_factory=Counter)
    before: int = 0
    characters_in: int = 0
    characters_out: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    empties: list[tuple[str, str]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    _slowest: list[tuple[float, int, str]] = field(default_factory=list)
    _emptiest: list[tuple[float, int, str]] = field(default_factory=list)

    def add(self, task: Task, result: Result) -> None:
        """Count a document."""
        self.counts[result.status] += 1
        self.characters_in += result.characters[0]
        self.characters_out += result.characters[1]
        for rule, (findings, characters) in result.removed.items():
            self.findings[rule] += findings
            self.removed[rule] += characters
        listed = {"failed": self.failures, "empty": self.empties, "skipped": self.passed_over}.get(result.status)
        if listed is not None and result.reason and len(listed) < MOST_LISTED:
            listed.append((task.name, result.reason))
        self.before += result.unchanged
        number = -sum(self.counts.values())  # of documents that are equal the first are listed
        if result.seconds:
            _keep(self._slowest, (result.seconds, number, task.name))
        if result.status == "cleaned" and result.characters[0]:
            _keep(self._emptiest, (-result.characters[1] / result.characters[0], number, task.name))

    def add_earlier(self, point: Checkpoint, missing: Iterable[Missing]) -> list[tuple[str, str]]:
        """Count the documents of a stream that an earlier run did, and return which are not in it, and why."""
        self.counts["skipped"] += point.cleaned + point.skipped
        self.before += point.cleaned
        self.counts["empty"] += point.empty
        self.counts["failed"] += point.failed
        said = []
        for document in missing:
            said.append((document.name, document.reason))
            (self.failures if document.status == "failed" else self.empties).append(said[-1])
        return said

    @property
    def flawless(self) -> bool:
        """Whether nothing failed and nothing was empty."""
        return not (self.counts["failed"] or self.counts["empty"])

    def summary(self) -> str:
        """Return the counts in one line."""
        total = sum(self.counts.values())
        noun = "document" if total == 1 else "documents"
        parts = ", ".join(f"{self.counts[status]} {status}" for status in STATUSES)
        return f"{total} {noun}: {parts}"

    def left_out(self) -> str:
        """Return in one line how many files in folders were not looked at for their endings, empty if none."""
        if not self.others:
            return ""
        endings = ", ".join(f"{count} {ending or 'without one'}" for ending, count in self.others.most_common(_LISTED))
        count = self.others.total()
        return f"{count} {'file' if count == 1 else 'files'} with other endings passed over: {endings}"

    def to_dict(self, seconds: float) -> dict[str, Any]:
        """Return the report as ``--report`` writes it."""
        return {
            "schema_version": 1,
            "documents": {status: self.counts[status] for status in STATUSES},
            "unchanged": self.before,
            "seconds": round(seconds, 3),
            "characters": {"in": self.characters_in, "out": self.characters_out},
            "rules": {
                rule: {"findings": count, "characters_removed": self.removed[rule]}
                for rule, count in sorted(self.findings.items())
            },
            "slowest": [{"document": name, "seconds": round(value, 4)} for name, value in self.slowest()],
            "emptiest": [{"document": name, "share_kept": round(value, 4)} for name, value in self.emptiest()],
            "failed": _listed(self.failures),
            "empty": _listed(self.empties),
            "passed_over": _listed(self.passed_over),
            "other_endings": dict(self.others.most_common()),
        }

    def slowest(self) -> list[tuple[str, float]]:
        """Return the documents that took longest, with their seconds."""
        return [(name, seconds) for seconds, _, name in sorted(self._slowest, reverse=True)]

    def emptiest(self) -> list[tuple[str, float]]:
        """Return the documents of which the smallest share of characters was kept, with that share."""
        return [(name, -share) for share, _, name in sorted(self._emptiest, reverse=True)]

    def write(self, path: Path, seconds: float) -> None:
        """Write the report. Raises OutputError."""
        text = json.dumps(self.to_dict(seconds), ensure_ascii=False, indent=2) + "\n"
        write(path, text.encode("utf-8", "replace"))


def _keep(heap: list[tuple[float, int, str]], entry: tuple[float, int, str]) -> None:
    if len(heap) < _LISTED:
        heapq.heappush(heap, entry)
    else:
        heapq.heappushpop(heap, entry)


def _listed(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"document": name, "reason": reason} for name, reason in pairs]
