"""One file of records, or a row of shards, that grows group by group and can be gone on with after any of them.

Where groups and shards end depends on the records alone, so that a stream which was ended and taken up again has the
same bytes as one that was not.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from dehusk.batch.cleaning import Cleaning, Result
from dehusk.batch.encodings import Encoding, Row
from dehusk.batch.manifest import Checkpoint, Manifest
from dehusk.batch.records import ending
from dehusk.batch.task import Task, Trouble, digest, digest_of
from dehusk.files import not_written


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
        name = digest(os.fsencode(self.path)).hex()[:16]
        return self.scratch / f"{name}-{shard:05}.part"

    def final(self, shard: int) -> Path:
        """Return the file as it is called when it is whole: ``out-00000.jsonl.gz`` for a shard of ``out.jsonl.gz``."""
        if not self.shard_bytes:
            return self.path
        suffix = ending(self.path.name)
        return self.path.with_name(f"{self.path.name[: -len(suffix)]}-{shard:05}{suffix}")


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
        self._earlier = any(point.complete and self._is_on_disk(point) for point in self._points())

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
        self._point = replace(self._point, position=self._point.position + 1, prefix=prefix, **counts)
        if result.output:
            self._rows.append(Row(result.output, task.carried))
            self._row_bytes += len(result.output)
        if self._row_bytes >= self._encoding.group_bytes:
            self._write_group()
            if self._place.shard_bytes and self._point.bytes >= self._place.shard_bytes:
                with self._errors():
                    self._finish_shard(self._point.shard)
                self._point = replace(self._point, shard=self._point.shard + 1, bytes=0)
            self._manifest.add_checkpoint(self._place.path, self._point)

    def finish(self) -> None:
        """Write what is left and give the last file its name; without any record there is none. Raises OutputError."""
        if self._rows:
            self._write_group()
        if not (self._point.bytes or self._point.shard):
            if self._earlier:
                self._place.final(0).unlink(missing_ok=True)
            return
        last = self._point.shard if self._point.bytes else self._point.shard - 1
        with self._errors():
            if self._point.bytes:
                self._finish_shard(last)
            size = self._place.final(last).stat().st_size
            if self._place.shard_bytes:
                self._remove_shards_behind(last)
        self._manifest.add_checkpoint(self._place.path, replace(self._point, shard=last, bytes=size, complete=True))

    def _points(self) -> list[Checkpoint]:
        return list(self._manifest.checkpoints(self._place.path))

    def _seed(self) -> bytes:
        return digest(os.fsencode(self._place.path), str(self._place.shard_bytes).encode(), self._encoding.header())

    def _next(self, prefix: bytes, task: Task, key: bytes) -> bytes:
        return digest(prefix, self._cleaning.keyed(task, key))

    def _unchanged(self, tasks: Callable[[], Iterable[Task]], seen: Callable[[Task], None]) -> Checkpoint | None:
        """Return the last checkpoint that the tasks lead to again, and whose files are there."""
        points = self._points()
        usable = {point.position: point for point in points if not point.complete and self._is_on_disk(point)}
        complete = next((point for point in points if point.complete and self._is_on_disk(point)), None)
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

    def _is_on_disk(self, point: Checkpoint) -> bool:
        """Whether the files of a checkpoint are there: whole shards, and as much of the last as there was."""
        shard = self._place.final(point.shard)
        if point.complete:
            return _size(shard) == point.bytes
        if point.shard and _size(self._place.final(point.shard - 1)) < 0:
            return False
        if not point.bytes:
            return True
        return max(_size(self._place.part(point.shard)), _size(shard) if self._encoding.grows else -1) >= point.bytes

    def _go_on_from(self, point: Checkpoint) -> None:
        self._manifest.forget_after(self._place.path, point.position)
        part, final = self._place.part(point.shard), self._place.final(point.shard)
        with self._errors():
            if not point.bytes:
                part.unlink(missing_ok=True)
            elif _size(part) >= point.bytes:
                os.truncate(part, point.bytes)
            else:
                _copy(final, part, point.bytes)
        self._point = point

    def _write_group(self) -> None:
        part = self._place.part(self._point.shard)
        data = self._encoding.encode(self._rows)
        if not self._point.bytes:
            data = self._encoding.header() + data
        with self._errors():
            part.parent.mkdir(parents=True, exist_ok=True)
            with part.open("ab") as file:
                file.write(data)
        self._point = replace(self._point, bytes=self._point.bytes + len(data))
        self._rows.clear()
        self._row_bytes = 0

    def _finish_shard(self, shard: int) -> None:
        final = self._place.final(shard)
        final.parent.mkdir(parents=True, exist_ok=True)
        self._encoding.finish(self._place.part(shard), final)

    def _remove_shards_behind(self, last: int) -> None:
        """Remove the shards that an earlier, longer stream left."""
        shard = last + 1
        while self._place.final(shard).exists():
            self._place.final(shard).unlink()
            shard += 1

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
