"""All inputs of a run and where their outputs go, settled before anything is written.

The plan is a temporary database, so that a million files take no more memory than ten.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from time import time_ns

from dehusk.batch.discovery import Input
from dehusk.batch.output import Outputs
from dehusk.batch.records import ending
from dehusk.batch.task import state
from dehusk.digest import digest
from dehusk.errors import OutputError
from dehusk.files import STDIN

_SETTLING = 2_000_000_000  # nanoseconds, the granularity of FAT
_SCHEMA = """
    CREATE TABLE found (
        turn INTEGER, path BLOB, relative BLOB, trouble TEXT, passed_over TEXT, output BLOB, size INTEGER,
        state BLOB, settled INTEGER, config INTEGER, PRIMARY KEY (turn, path)
    ) WITHOUT ROWID;
    CREATE TABLE outputs (output BLOB PRIMARY KEY, path BLOB) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One input, the output file that is its own, if each input has one, and the number of its configuration.

    ``state`` is that of the input's file, before it is read; empty if it does not tell later that nothing has changed.
    """

    input: Input
    output: Path | None
    size: int
    config: int
    state: bytes

    @property
    def is_archive(self) -> bool:
        """Whether the input holds many documents."""
        return bool(ending(self.input.path)) and not (self.input.trouble or self.input.passed_over)


class Plan:
    """Collects inputs. With a ``folder`` each gets an output file in it, with ``suffix``."""

    def __init__(self, folder: Path | None, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._database = sqlite3.connect("")  # temporary: in memory as long as it is small, then on disk
        self._database.executescript(_SCHEMA)

    def add(self, turn: int, item: Input, config: int) -> None:
        """Add an input that was found for the argument number ``turn``.

        Raises OutputError when two inputs would write one file, or an output would replace its input.
        """
        output = None
        if self._folder is not None and not item.trouble and not item.passed_over:
            output = self._folder / output_name(item, self._suffix)
            Outputs([output]).check_not_input(item)
            self._claim(output, item)
        try:
            status = None if item.path == STDIN else Path(item.path).stat()
        except OSError:
            status = None
        self._database.execute(
            "INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(turn, os.fsencode(item.path), os.fsencode(item.relative), item.trouble, item.passed_over),
                *(os.fsencode(output) if output else None, status.st_size if status else 0),
                *(state(status) if status else b"", bool(status and _is_settled(status)), config),
            ),
        )

    def _claim(self, output: Path, item: Input) -> None:
        row = os.fsencode(output), os.fsencode(item.path)
        if self._database.execute("INSERT OR IGNORE INTO outputs VALUES (?, ?)", row).rowcount:
            return
        (other,) = self._database.execute("SELECT path FROM outputs WHERE output = ?", row[:1]).fetchone()
        if other != row[1]:
            first, second = sorted((os.fsdecode(other), item.name))
            raise OutputError(f"{first} and {second} would both write {output}; rename one or clean them apart")

    def writes(self, path: Path) -> bool:
        """Whether the output of an input goes to ``path``."""
        if self._folder is None:
            return False
        output = os.fsencode(self._folder / os.path.relpath(path, self._folder))
        return self._database.execute("SELECT 1 FROM outputs WHERE output = ?", (output,)).fetchone() is not None

    def totals(self) -> tuple[int, int]:
        """Return how many inputs there are to read, and how many bytes they have in all."""
        count, size = self._database.execute(
            "SELECT count(*), ifnull(sum(size), 0) FROM found WHERE passed_over = ''"
        ).fetchone()
        return count, size

    def digest(self) -> bytes:
        """Return a digest of the names of all inputs, their sizes and when they were changed."""
        whole = digest()
        for row in self._database.execute("SELECT path, state FROM found ORDER BY turn, path"):
            whole = digest(whole, *row)
        return whole

    def steps(self) -> Iterator[Step]:
        """Yield all inputs: in the order of the arguments, and for each in the order of names."""
        rows: Iterable[tuple[bytes, bytes, str, str, bytes | None, int, bytes, int, int]] = self._database.execute(
            "SELECT path, relative, trouble, passed_over, output, size, state, settled, config FROM found "
            "ORDER BY turn, path"
        )
        for path, relative, trouble, passed_over, output, size, seen, settled, config in rows:
            item = Input(os.fsdecode(path), Path(os.fsdecode(relative)), trouble, passed_over)
            yield Step(item, Path(os.fsdecode(output)) if output else None, size, config, seen if settled else b"")


def _is_settled(status: os.stat_result) -> bool:
    """Whether a file was left alone long enough for the next change to give it another time, however coarse that is."""
    return S_ISREG(status.st_mode) and time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLING


def output_name(item: Input, suffix: str) -> Path:
    """Return where the output of an input goes below the output folder.

    Pages and texts get ``suffix`` for their ending; archives become archives of records.

    >>> output_name(Input("a/b.html.gz", Path("b.html.gz")), ".txt").name
    'b.txt'
    >>> output_name(Input("a/b.warc.gz", Path("b.warc.gz")), ".txt").name
    'b.jsonl.gz'
    """
    name = item.relative.name
    if archive := ending(item.path):
        stem = name[: -len(archive)]
        if archive.startswith((".warc", ".wet")):
            archive = archive.replace(".warc", ".jsonl").replace(".wet", ".jsonl")
        return item.relative.with_name(stem + archive)
    stem = name.removesuffix(".gz") if name.lower().endswith(".gz") else name
    return item.relative.with_name(Path(stem).stem + suffix)
