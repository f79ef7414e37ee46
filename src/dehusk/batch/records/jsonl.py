"""JSON Lines, plain or compressed with gzip or Zstandard: one JSON object a line, one document in a field of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from dehusk.batch.members import as_written
from dehusk.batch.records.text import chosen, document
from dehusk.batch.task import Opened, Reading, Task, Trouble
from dehusk.batch.zstandard import zstd
from dehusk.errors import InputError
from dehusk.json_object import members
from dehusk.readers import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Line:
    """A line, which holds a JSON object."""

    line: bytes

    def data(self) -> bytes:
        """Return the line."""
        return self.line

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the document in the object's field, with the other fields. Raises InputError."""
        try:
            text = data.decode(json.detect_encoding(data), "surrogatepass")
        except UnicodeDecodeError as error:
            raise InputError(f"not valid JSON: {error}") from error
        found = {member.name: member for member in members(text, constant=_refuse)}
        field = chosen(found, reading.field)
        value = found.pop(field).value
        url = found["url"].value if "url" in found else ""
        return Opened(
            document(value, name, reading, url if isinstance(url, str) else ""), as_written(found.values(), text)
        )


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number there")


def split(path: str, field: str) -> Iterator[Task]:
    """Yield a task for each line that is not blank, called ``path:number``. Raises InputError, OSError."""
    with Path(path).open("rb") as raw:
        lines = _opened(raw, path.lower())
        number, before = 0, 0
        while line := _line(lines, path):
            number += 1
            size, before = raw.tell() - before, raw.tell()
            name = f"{path}:{number}"
            if len(line) > MAX_BYTES:
                _skip_rest(lines, line, path)
                yield Task(name, Trouble(f"longer than {MAX_BYTES >> 20} MiB; split it first"), size=size)
            elif line.strip():
                yield Task(name, Line(line), size=size, weight=len(line))


def _opened(raw: IO[bytes], name: str) -> IO[bytes]:
    if name.endswith(".gz"):
        import gzip

        unpacked: Any = gzip.GzipFile(fileobj=raw)
        return cast("IO[bytes]", unpacked)
    if name.endswith(".zst"):
        opened: IO[bytes] = zstd().open(raw)
        return opened
    return raw


def _line(lines: IO[bytes], path: str) -> bytes:
    """Return the next line, or its beginning if it is too long; empty at the end. Raises InputError for damage."""
    import zlib

    try:
        return lines.readline(MAX_BYTES + 1)
    except EOFError as error:
        raise InputError("the compressed data ends too early; what precedes was read") from error
    except (zlib.error, OSError, zstd().ZstdError) as error:
        raise InputError(f"damaged data ({error}); what precedes was read") from error


def _skip_rest(lines: IO[bytes], line: bytes, path: str) -> None:
    while line and not line.endswith(b"\n"):
        line = _line(lines, path)
