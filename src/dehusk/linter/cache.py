"""Findings of earlier runs, kept by what they depend on: the content, the configuration and the version."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path

from dehusk.digest import digest
from dehusk.linter.report import Diagnostic, FileReport
from dehusk.version import state_of_program

FOLDER = ".dehusk_cache"
_TABLE = "CREATE TABLE IF NOT EXISTS findings (key BLOB PRIMARY KEY, made INTEGER, report TEXT) WITHOUT ROWID"
_MOST_FINDINGS = 10_000
"""Files with more findings are not kept: they are no corpus, and would make the store large."""
_FORGET_AFTER = 30 * 24 * 3600
_PATIENCE = 5.0
"""Seconds: how long an entry is kept, and how long to wait for another run that writes."""


class Cache:
    """A store of findings in a folder, which is made when there is something to keep.

    It is a convenience and never an obstacle: where it cannot be read or written, nothing is known and nothing kept.
    Several runs may use it at once. ``folder`` is ``None`` for a store that is never there.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "findings.sqlite" if folder else None
        self._connection: sqlite3.Connection | None = None
        self._failed = self._file is None

    @property
    def is_there(self) -> bool:
        """Whether anything may be known."""
        return self._open(create=False) is not None

    def known(self, key: bytes) -> FileReport | None:
        """Return what is known under a key, as a report without the name of a file; ``None`` if nothing is."""
        connection = self._open(create=False)
        found: FileReport | None = None
        if connection:
            with self._forgiving():
                row = connection.execute("SELECT report FROM findings WHERE key = ?", (key,)).fetchone()
                found = _loaded(row[0]) if row else None
        return found

    def keep(self, reports: Mapping[bytes, FileReport]) -> None:
        """Remember reports under their keys."""
        connection = self._open(create=True) if reports else None
        if not connection:
            return
        now = int(time.time())
        small = ((key, report) for key, report in reports.items() if len(report.findings) <= _MOST_FINDINGS)
        rows = [(key, now, _dumped(report)) for key, report in small]
        with self._forgiving(), connection:
            connection.executemany("INSERT OR REPLACE INTO findings VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """End the use of the store, and forget what was found long ago."""
        if self._connection:
            with self._forgiving(), self._connection as connection:
                connection.execute("DELETE FROM findings WHERE made < ?", (int(time.time()) - _FORGET_AFTER,))
            self._connection.close()
            self._connection = None

    def clear(self) -> None:
        """Forget everything."""
        if self._file:
            self.close()
            for path in self._file.parent.glob(self._file.name + "*"):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _open(self, *, create: bool) -> sqlite3.Connection | None:
        if self._connection or self._failed or self._file is None:
            return None if self._failed else self._connection
        if not create and not self._file.exists():
            return None
        try:
            if not self._file.parent.is_dir():
                self._file.parent.mkdir(parents=True)
                (self._file.parent / ".gitignore").write_text("# Made by dehusk.\n*\n", "utf-8")
                (self._file.parent / "CACHEDIR.TAG").write_text(
                    "Signature: 8a477f597d28d172789f06886806bc55\n", "utf-8"
                )
        except OSError:
            self._failed = True
            return None
        for attempt in (1, 2):
            try:
                self._connection = sqlite3.connect(self._file, timeout=_PATIENCE)
                self._connection.execute(_TABLE)
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:  # not a database: damaged, and of no value
                with contextlib.suppress(OSError):
                    self._file.unlink()
                if attempt == 2:
                    break
            else:
                return self._connection
        self._failed = True
        return None

    @contextlib.contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, TypeError):
            self._failed = True


def key_of(data: bytes, *settings: str) -> bytes:
    """Return the key of a file with this content that is checked with these settings by this state of the program."""
    return digest(data, *(part.encode("utf-8", "surrogatepass") for part in (state_of_program(), *settings)))


def _dumped(report: FileReport) -> str:
    return json.dumps([[astuple(found) for found in report.findings], report.problems], separators=(",", ":"))


def _loaded(text: str) -> FileReport:
    findings, problems = json.loads(text)
    return FileReport("", tuple(Diagnostic(*found) for found in findings), tuple(problems))
