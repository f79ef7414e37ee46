"""One file of records, or a row of shards, that grows group by group and can be gone on with after any of them.

Where groups and shards end depends on the records alone, so that a stream which was ended and taken up again has the
same bytes as one that was not.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from dehusk.batch.cleaning import Cleaning, Result
from dehusk.batch.encodings import Encoding, Row
from dehusk.batch.manifest import Checkpoint, Manifest, Missing
from dehusk.batch.output import shard, shards
from dehusk.batch.task import Known, Task, Trouble, digest_of, state
from dehusk.digest import digest, digest_of_file
from dehusk.errors import OutputError
from dehusk.files import make_folder, not_written

_CURRENT = "current"
"""What a file is called in the manifest that is part of the stream; any other is of an earlier one."""


@dataclass(frozen=True)
class Place:
    """Where a stream goes: to ``path``, or to shards of about ``shard_bytes`` that are called after it.

    ``scratch`` is the folder where it grows.
    """

    path: Path
    scratch: Path
    shard_bytes: int = 0

    def part(self, shard: int) -> Path:
        """Return the file that grows."""
        return self.scratch / f"{digest(self.key).hex()[:16]}-{shard:05}.part"

    def parts(self) -> list[Path]:
        """Return all that grew, and what was made of it."""
        return list(self.scratch.glob(f"{digest(self.key).hex()[:16]}-*.part*"))

    def final(self, number: int) -> Path:
        """Return the file as it is called when it is whole."""
        return shard(self.path, number) if self.shard_bytes else self.path

    @property
    def key(self) -> bytes:
        """What the stream is called, wherever the current folder is."""
        return os.fsencode(os.path.relpath(self.path, self.scratch.parent))

    @property
    def numbers(self) -> Iterable[int]:
        """The numbers that shards have."""
        return count() if self.shard_bytes else (0,)


def check_free(place: Place, manifest: Manifest) -> None:
    """Raise OutputError for a file that is called like a shard, but is none that an earlier run wrote."""
    for path in shards(place.path) if place.shard_bytes else ():
        if manifest.known(path) is None:
            raise OutputError(f"{path} is in the way, as no earlier run is known to have written it; move or delete it")


class Stream:
    """Writes the results of tasks, in order, to a place, and keeps checkpoints in a manifest."""

    def __init__(self, place: Place, encoding: Encoding, manifest: Manifest, cleaning: Cleaning) -> None:
        self._place = place
        self._encoding = encoding
        self._manifest = manifest
        self._cleaning = cleaning
        self._rows: list[Row] = []
        self._row_bytes = 0
        self._point = Checkpoint()

    def missing(self, most: int) -> list[Missing]:
        """Return why documents are not in the stream that earlier runs wrote, of no more than ``most``."""
        return self._manifest.missing(self._place.path, self._point.position, most)

    def restart(self) -> None:
        """Begin anew, whatever earlier runs did. Raises OutputError."""
        self._go_on_from(Checkpoint(prefix=self._seed()))

    def resume(self, tasks: Callable[[], Iterable[Task]], seen: Callable[[Task], None]) -> Checkpoint:
        """Go on from the last checkpoint of an earlier run that still holds, and return it.

        It holds if the same documents, cleaned in the same way, led there. ``tasks`` gives all tasks from the first
        one; ``seen`` is told those that need not be cleaned again. Raises OutputError.
        """
        point = self._unchanged(tasks, seen) or Checkpoint(prefix=self._seed())
        if point.complete:
            self._point = point
        else:
            self._go_on_from(point)
        return point

    def add(self, task: Task, result: Result) -> None:
        """Take the next result. Raises OutputError."""
        prefix = self._next(self._point.prefix, task, result.key or digest_of(task.source))
        counts = {result.status: getattr(self._point, result.status) + 1}
        if result.status in ("failed", "empty"):
            missing = Missing(self._point.position, task.name, result.status, result.reason)
            self._manifest.add_missing(self._place.path, missing)
        self._point = replace(self._point, position=self._point.position + 1, prefix=prefix, **counts)
        if result.output:
            self._rows.append(Row(result.output, task.carried))
            self._row_bytes += len(result.output)
        if self._row_bytes >= self._encoding.group_bytes:
            self._write_group()
            if self._place.shard_bytes and self._point.bytes >= self._place.shard_bytes:
                self._finish_shard(self._point.shard)
                self._point = replace(self._point, shard=self._point.shard + 1, bytes=0)
            self._manifest.add_checkpoint(self._place.path, self._point)

    def finish(self) -> bool:
        """Write what is left and give the last file its name; without any record there is none. Raises OutputError.

        Returns whether what an earlier run wrote stays, though it is no longer taken for done: where there is no record
        because something failed.
        """
        if self._rows:
            self._write_group()
        last = self._point.shard if self._point.bytes else self._point.shard - 1
        if self._point.bytes:
            self._finish_shard(last)
        if last < 0 and self._point.failed:
            return any(path.exists() for path, _ in self._recorded(0))
        self._remove_from(last + 1)
        if last >= 0:
            self._manifest.add_checkpoint(self._place.path, replace(self._point, shard=last, complete=True))
        return False

    def _points(self) -> list[Checkpoint]:
        return list(self._manifest.checkpoints(self._place.path))

    def _seed(self) -> bytes:
        return digest(self._place.key, str(self._place.shard_bytes).encode(), self._encoding.header())

    def _next(self, prefix: bytes, task: Task, key: bytes) -> bytes:
        return digest(prefix, self._cleaning.keyed(task, key))

    def _unchanged(self, tasks: Callable[[], Iterable[Task]], seen: Callable[[Task], None]) -> Checkpoint | None:
        """Return the last checkpoint that the tasks lead to again, and whose files are there."""
        points = self._points()
        whole = self._whole() if points else 0
        usable = {point.position: point for point in points if not point.complete and self._holds(point, whole)}
        complete = next((point for point in points if point.complete and point.shard < whole), None)
        end = max([*usable, complete.position if complete else 0], default=0)
        last: Checkpoint | None = None
        prefix, position = self._seed(), 0
        iterator = iter(tasks()) if usable or complete else iter(())
        waiting: list[tuple[str, int]] = []
        for task in islice(iterator, end):
            prefix = self._next(prefix, task, digest_of(task.source))
            position += 1
            waiting.append((task.name, task.size))
            if position in usable:
                if usable[position].prefix != prefix:
                    break
                last = usable[position]
                self._tell(waiting, seen)
        if complete and complete.position == position and complete.prefix == prefix and next(iterator, None) is None:
            self._tell(waiting, seen)
            return complete
        return last

    def _tell(self, waiting: list[tuple[str, int]], seen: Callable[[Task], None]) -> None:
        for name, size in waiting:
            seen(Task(name, Trouble(""), size=size))
        waiting.clear()

    def _whole(self) -> int:
        """Return how many shards there are from the first one on that are as they were written."""
        whole = 0
        for path, known in self._recorded(0):
            if known.status != _CURRENT or not self._is_as_written(path, known):
                break
            whole += 1
        return whole

    def _is_as_written(self, path: Path, known: Known) -> bool:
        try:
            seen = state(path.stat())
        except OSError:
            return False
        if seen == known.seen:
            return True
        if not known.is_there():
            return False
        self._manifest.record(path, replace(known, seen=seen))
        return True

    def _holds(self, point: Checkpoint, whole: int) -> bool:
        """Whether the files of a checkpoint are there: ``whole`` shards, and as much of the last as there was."""
        if point.shard > whole or not point.bytes:
            return point.shard <= whole
        if _size(self._place.part(point.shard)) >= point.bytes:
            return True
        return self._encoding.grows and point.shard < whole and _size(self._place.final(point.shard)) >= point.bytes

    def _recorded(self, first: int) -> Iterator[tuple[Path, Known]]:
        """Yield the shards that earlier runs wrote, from the number ``first`` on, whether they are there or not."""
        for number in self._place.numbers:
            if number >= first:
                path = self._place.final(number)
                known = self._manifest.known(path)
                if known is None:
                    return
                yield path, known

    def _go_on_from(self, point: Checkpoint) -> None:
        self._manifest.forget_after(self._place.path, point.position)
        part = self._place.part(point.shard)
        with self._errors():
            for stale in self._place.parts():
                if stale != part or not point.bytes:
                    stale.unlink()
            if point.bytes and _size(part) >= point.bytes:
                os.truncate(part, point.bytes)
            elif point.bytes:
                _copy(self._place.final(point.shard), part, point.bytes)
        for path, known in list(self._recorded(point.shard)):
            self._manifest.record(path, replace(known, status=""))
        self._manifest.commit()
        self._point = point

    def _write_group(self) -> None:
        part = self._place.part(self._point.shard)
        data = self._encoding.encode(self._rows)
        if not self._point.bytes:
            data = self._encoding.header() + data
        with self._errors():
            part.parent.mkdir(parents=True, exist_ok=True)
            with part.open("ab" if self._point.bytes else "wb") as file:
                file.write(data)
        self._point = replace(self._point, bytes=self._point.bytes + len(data))
        self._rows.clear()
        self._row_bytes = 0

    def _finish_shard(self, number: int) -> None:
        """Give a shard its name, after it is recorded: whatever has the name of a shard is known to be ours."""
        part, final = self._place.part(number), self._place.final(number)
        with self._errors():
            make_folder(final.parent)
            whole = self._encoding.finish(part)
            known = Known(b"", digest_of_file(whole), str(final), _CURRENT)
            self._manifest.record(final, known)
            self._manifest.commit()
            whole.replace(final)
            self._manifest.record(final, replace(known, seen=state(final.stat())))
            part.unlink(missing_ok=True)

    def _remove_from(self, first: int) -> None:
        """Remove the shards that an earlier, longer stream left; the last one first, so that none is forgotten."""
        for path, known in reversed(list(self._recorded(first))):
            with self._errors():
                if known.is_there():
                    path.unlink(missing_ok=True)
            self._manifest.forget(path)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise not_written(self._place.path, error) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _copy(source: Path, target: Path, size: int) -> None:
    with source.open("rb") as reader, target.open("wb") as writer:
        while size and (chunk := reader.read(min(size, 1 << 20))):
            size -= writer.write(chunk)
