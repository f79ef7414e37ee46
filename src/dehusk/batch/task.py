"""What workers are sent: one document each, by the name of its file or as a record out of an archive."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from dehusk.batch.discovery import SUFFIXES, Input
from dehusk.digest import digest, digest_of_file
from dehusk.document import Document
from dehusk.errors import DehuskError, EmptyError, InputError
from dehusk.files import STDIN, unreadable

_TRIES = 3

Shape = Literal["file", "record", "row"]
"""What becomes of a document: a file, a line of JSON, or a row of a table, which is a line of JSON on its way there."""


class PassedOverError(DehuskError):
    """What is no document, such as the record of an image; the text says what it is instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How documents are read: as ``format`` unless it is None, from ``url``, out of the ``field`` of records.

    ``encoding`` is that of what is neither UTF-8 nor has a byte order mark, whatever a page says itself.
    """

    format: str | None = None
    url: str = ""
    field: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A document as read, and what else its record holds: ``fields``, as JSON, that are carried through."""

    document: Document
    fields: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """Where a document is: a file, a line, a response, a cell."""

    def data(self) -> bytes:
        """Return the bytes that the document depends on. Raises InputError."""

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the document in ``data``. Raises InputError, or PassedOverError if it is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What an earlier run knew: digests of the input, with all that it was cleaned by, and of the output it wrote.

    ``status`` is what became of the document; of a file of records it says whether it is part of the stream.
    ``seen`` is a digest of what tells without reading them that neither has changed since.
    """

    key: bytes
    output: bytes
    path: str
    status: str
    seen: bytes = b""

    def is_there(self) -> bool:
        """Whether the output is as it was written; of one that was empty, there is nothing to be there."""
        if not self.output:
            return True
        try:
            return digest_of_file(Path(self.path)) == self.output
        except OSError:
            return False


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One document. ``config`` is the number of its configuration, ``size`` counts bytes of input for the progress.

    ``carried`` stays with the parent process, which alone needs it to write the output: columns of a table, or a step.
    """

    name: str
    source: Source
    config: int = 0
    size: int = 0
    weight: int = 0
    known: Known | None = None
    shape: Shape = "file"
    carried: Any = None

    def __str__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[type["Task"], tuple[Any, ...]]:
        """Leave ``carried`` behind when sent to a worker."""
        return Task, (self.name, self.source, self.config, self.size, self.weight, self.known, self.shape)


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """A page or text in a file of its own."""

    path: str

    def data(self) -> bytes:
        """Return the file's bytes, all from one state of it. Raises InputError."""
        try:
            with Path(self.path).open("rb") as file:
                for _ in range(_TRIES):
                    file.seek(0)
                    before = os.fstat(file.fileno())
                    data = file.read(before.st_size + 1)
                    after = os.fstat(file.fileno())
                    if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, len(data)):
                        return data
        except OSError as error:
            raise unreadable(error) from error
        raise InputError("changes while it is read; clean it when it is complete")

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the document in the file. Raises InputError."""
        is_known = self.path.lower().removesuffix(".gz").endswith(SUFFIXES)
        return Opened(page(data, name, reading) if is_known else single(data, name, reading))


@dataclass(frozen=True, slots=True, eq=False)
class Inline:
    """A page or text that was read already, from a pipe."""

    content: bytes
    path: str = STDIN

    def data(self) -> bytes:
        """Return what was read."""
        return self.content

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the document. Raises InputError."""
        return Opened(single(data, name, reading))


@dataclass(frozen=True, slots=True, eq=False)
class Trouble:
    """What stands for a document that cannot be had: why it fails, or why it is passed over."""

    reason: str
    fails: bool = True

    def data(self) -> bytes:
        """Return nothing that a document could be read from."""
        return b""

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Raise what is the matter."""
        raise InputError(self.reason) if self.fails else PassedOverError(self.reason)


def state(status: os.stat_result) -> bytes:
    """Return what is another after each change to a file: its inode, size in bytes, and times in nanoseconds."""
    return b"%d %d %d %d" % (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def source_of(item: Input) -> "File | Inline":
    """Return the page or text that an input is. Raises InputError for one that can be read but once, and cannot."""
    return File(item.path) if item.is_regular else Inline(item.read(), item.path)


def page(data: bytes, name: str, reading: Reading) -> Document:
    """Return the document in the bytes of a page or text. Raises InputError."""
    from dehusk.readers import read

    if not data.strip():
        raise EmptyError
    return next(read(data, name=name, format=reading.format, url=reading.url, charset=reading.encoding))


def single(data: bytes, name: str, reading: Reading) -> Document:
    """Return the document in bytes of which no name tells what they are. Raises InputError, also for an archive."""
    from dehusk.readers.sniff import ENDINGS, archive_kind

    if kind := archive_kind(data):
        raise InputError(f"{kind}; clean it from a file whose name ends in {ENDINGS[kind]}")
    return page(data, name, reading)


def digest_of(source: Source) -> bytes:
    """Return the digest of what a source holds, of a reason if it cannot be read."""
    try:
        return digest(source.data())
    except InputError as error:
        return digest_of_error(error)


def digest_of_error(error: InputError) -> bytes:
    """Return the digest of a reason why there is nothing else to make one of."""
    return digest(b"", str(error).encode("utf-8", "replace"))
