"""What earlier runs did, kept beside their output, so that a run that was ended can be taken up where it was.

A database in SQLite. Each change is in it as soon as it is committed, whatever happens to the process afterwards; and
nothing is in it that is not on disk, since outputs are written before they are recorded.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from dehusk.batch.task import Known
from dehusk.errors import OutputError

_VERSION = 3
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS files (
        path BLOB PRIMARY KEY, key BLOB, output BLOB, status TEXT, seen BLOB
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS checkpoints (
        stream BLOB, position INTEGER, prefix BLOB, shard INTEGER, bytes INTEGER,
        cleaned INTEGER, empty INTEGER, skipped INTEGER, failed INTEGER, complete INTEGER,
        PRIMARY KEY (stream, position, complete)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS missing (
        stream BLOB, position INTEGER, name TEXT, status TEXT, reason TEXT, PRIMARY KEY (stream, position)
    ) WITHOUT ROWID;
"""
_COMMIT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a stream has come: after ``position`` documents, whose digest is ``prefix``, ``bytes`` of ``shard``.

    The other numbers count the documents by what became of them; ``complete`` says that there are no more.
    """

    position: int = 0
    prefix: bytes = b""
    shard: int = 0
    bytes: int = 0
    cleaned: int = 0
    empty: int = 0
    skipped: int = 0
    failed: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """Why the document called ``name``, after so many others, is not in a stream: it ``failed`` or was ``empty``."""

    position: int
    name: str
    status: str
    reason: str


class Manifest:
    """The manifest in ``folder``, which is made if need be; nobody else may use it at the same time.

    Outputs are known by their paths from the folder above it, so that it does not matter how that is spelt.
    Raises OutputError when it cannot be opened or written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "manifest.sqlite"
        self._root = "" if folder.parent == Path() else os.path.join(folder.parent, "")  # noqa: PTH118 (with a slash)
        self._committed = monotonic()
        with self._errors():
            folder.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=0.5, isolation_level=None)
            self._database.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise OutputError(f"{self._path} is from another version of dehusk; delete it to begin anew")
            self._database.executescript(_SCHEMA)
            self._database.execute(f"PRAGMA user_version={_VERSION}")
            self._database.execute("BEGIN IMMEDIATE")

    def known(self, path: Path) -> Known | None:
        """Return what is known of an output file."""
        with self._errors():
            found = self._database.execute(
                "SELECT key, output, status, seen FROM files WHERE path = ?", (self._key(path),)
            ).fetchone()
        return Known(found[0], found[1], str(path), *found[2:]) if found else None

    def record(self, path: Path, known: Known) -> None:
        """Record what was done for an output file; it is kept soon."""
        with self._errors():
            self._database.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                (self._key(path), known.key, known.output, known.status, known.seen),
            )
        if monotonic() - self._committed > _COMMIT_SECONDS:
            self.commit()

    def forget(self, path: Path) -> None:
        """Forget an output file, now."""
        with self._errors():
            self._database.execute("DELETE FROM files WHERE path = ?", (self._key(path),))
        self.commit()

    def checkpoints(self, stream: Path) -> Iterator[Checkpoint]:
        """Yield the checkpoints of a stream, the first one first."""
        with self._errors():
            rows = self._database.execute(
                "SELECT position, prefix, shard, bytes, cleaned, empty, skipped, failed, complete FROM checkpoints "
                "WHERE stream = ? ORDER BY position, complete",
                (self._key(stream),),
            )
            for *numbers, complete in rows:
                yield replace(Checkpoint(*numbers), complete=bool(complete))

    def add_checkpoint(self, stream: Path, point: Checkpoint) -> None:
        """Record a checkpoint, and keep it at once."""
        with self._errors():
            self._database.execute(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(self._key(stream), point.position, point.prefix, point.shard, point.bytes),
                    *(point.cleaned, point.empty, point.skipped, point.failed, point.complete),
                ),
            )
        self.commit()

    def add_missing(self, stream: Path, document: Missing) -> None:
        """Record why a document is not in a stream; it is kept with the next checkpoint."""
        row = (document.position, *map(_sayable, (document.name, document.status, document.reason)))
        with self._errors():
            self._database.execute("INSERT OR REPLACE INTO missing VALUES (?, ?, ?, ?, ?)", (self._key(stream), *row))

    def missing(self, stream: Path, end: int, most: int) -> list[Missing]:
        """Return why documents before the position ``end`` are not in a stream, of no more than ``most``."""
        with self._errors():
            rows = self._database.execute(
                "SELECT position, name, status, reason FROM missing WHERE stream = ? AND position < ? "
                "ORDER BY position LIMIT ?",
                (self._key(stream), end, most),
            )
            return [Missing(*row) for row in rows]

    def forget_after(self, stream: Path, position: int, *, complete: bool = False) -> None:
        """Forget the checkpoints behind ``position``, and that the stream was complete unless it is."""
        with self._errors():
            self._database.execute(
                "DELETE FROM checkpoints WHERE stream = ? AND (position > ? OR complete > ?)",
                (self._key(stream), position, complete),
            )
            self._database.execute(
                "DELETE FROM missing WHERE stream = ? AND position >= ?", (self._key(stream), position)
            )
        self.commit()

    def commit(self) -> None:
        """Keep everything recorded so far."""
        with self._errors():
            self._database.execute("COMMIT")
            self._database.execute("BEGIN IMMEDIATE")
        self._committed = monotonic()

    def close(self) -> None:
        """Keep everything and let go of the file."""
        with self._errors():
            self._database.execute("COMMIT")
            self._database.close()

    def _key(self, path: Path) -> bytes:
        return os.fsencode(str(path).removeprefix(self._root))

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise OutputError(f"{self._path} is in use; another dehusk writes there, wait for it") from error
            raise OutputError(f"{self._path}: cannot be written: {error}") from error
        except sqlite3.DatabaseError as error:
            raise OutputError(f"{self._path} is damaged ({error}); delete it to begin anew") from error
        except OSError as error:
            raise OutputError(f"{self._path}: cannot be written: {error.strerror or error}") from error


def _sayable(text: str) -> str:
    """Return a text as the database can hold it, whatever bytes a file's name is made of."""
    return text.encode("utf-8", "replace").decode("utf-8")
