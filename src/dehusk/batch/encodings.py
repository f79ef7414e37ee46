"""In what form records stand in a file: JSON Lines, plain or compressed, or Parquet.

Each form encodes records group by group, so that a file which was cut off after any group can be gone on with. Files of
JSON Lines grow as they are. A Parquet file cannot be added to, so its groups are gathered in Arrow's stream format and
made into Parquet at the end.
"""

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from dehusk.batch.members import aside, dumped, joined, line, written
from dehusk.batch.zstandard import zstd
from dehusk.errors import OutputError

_ZSTD_LEVEL = 6
_GZIP_LEVEL = 6
_ROW_GROUP_BYTES = 1 << 26
PAGE_FIELDS = ("source", "title", "author", "date", "language", "url", "site")


class Row(NamedTuple):
    """A record as a line of JSON, and the other columns of its row, if it comes from a table: a record batch of one."""

    line: bytes
    carried: Any


class Encoding(Protocol):
    """A form of a file of records."""

    group_bytes: int
    """About how much text makes a group."""

    grows: bool
    """Whether a file that is finished begins with the same bytes as one that is not."""

    def header(self) -> bytes:
        """Return what a file begins with."""

    def encode(self, rows: Sequence[Row]) -> bytes:
        """Return a group."""

    def finish(self, gathered: Path) -> Path:
        """Return the file that is wanted, made of a file of groups, which may be the same. Raises OSError."""


class JsonLines:
    """JSON Lines, each group compressed by itself: members of gzip and frames of Zstandard may follow each other."""

    grows = True

    def __init__(self, suffix: str) -> None:
        self._compress = _COMPRESSORS[suffix]
        self.group_bytes = 1 << 18 if suffix else 1 << 16

    def header(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, rows: Sequence[Row]) -> bytes:
        """Return the lines of a group."""
        compressed: bytes = self._compress(b"".join(_with_columns(row) for row in rows))
        return compressed

    def finish(self, gathered: Path) -> Path:
        """Return the file as it is."""
        return gathered


def _zstd(data: bytes) -> bytes:
    compressed: bytes = zstd().compress(data, _ZSTD_LEVEL)
    return compressed


_COMPRESSORS: Mapping[str, Any] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data, _GZIP_LEVEL, mtime=0),
    ".zst": _zstd,
}


def _with_columns(row: Row) -> bytes:
    if row.carried is None:
        return row.line
    record = written(row.line.decode())
    columns = {
        name: dumped((column.cast("string") if str(column.type).startswith("timestamp[ns") else column)[0].as_py())
        for name, column in zip(row.carried.schema.names, row.carried.columns, strict=True)
    }
    if "dehusk" not in record:
        return line({**record, "fields": joined(columns)})
    names = aside(columns, record)
    return line({**{names[name]: value for name, value in columns.items()}, **record})


class Parquet:
    """Parquet with the columns in ``carried``, if any, then the text, and what the page says of itself.

    Records from no table have their id, their address and, as JSON, all other fields in columns of these names.
    """

    group_bytes = 1 << 18
    grows = False

    def __init__(self, carried: Any, *, from_others: bool) -> None:
        from dehusk.batch.records.parquet import modules

        arrow, self._parquet = modules()
        self._arrow = arrow
        string = arrow.string()
        ours = [("text", string), ("dehusk", arrow.struct([(name, string) for name in PAGE_FIELDS]))]
        if from_others:
            ours = [("id", string), ("url", string), ("fields", string), *ours]
        taken = {name for name, _ in ours} - {"id", "url"}  # which may come from either
        names = aside([item.name for item in carried or ()], taken)
        self._sources = {new: name for name, new in names.items()}
        kept = [item.with_name(names[item.name]) for item in carried or ()]
        have = {item.name for item in kept}
        self._schema = arrow.schema([*kept, *(arrow.field(*item) for item in ours if item[0] not in have)])

    def header(self) -> bytes:
        """Return the schema, as Arrow's stream format begins."""
        header: bytes = self._schema.serialize().to_pybytes()
        return header

    def encode(self, rows: Sequence[Row]) -> bytes:
        """Return the rows of a group as a record batch."""
        records = [written(row.line.decode()) for row in rows]
        columns = [self._column(field, rows, records) for field in self._schema]
        batch = self._arrow.record_batch(columns, schema=self._schema)
        encoded: bytes = batch.serialize().to_pybytes()
        return encoded

    def finish(self, gathered: Path) -> Path:
        """Write the file beside the groups. Raises OSError."""
        scratch = gathered.with_name(gathered.name + ".parquet")
        with (
            self._arrow.OSFile(str(gathered)) as source,
            self._arrow.ipc.open_stream(source) as stream,
            self._parquet.ParquetWriter(scratch, self._schema, compression="zstd") as writer,
        ):
            held: list[Any] = []
            for batch in stream:
                held.append(batch)
                if sum(item.nbytes for item in held) >= _ROW_GROUP_BYTES:
                    writer.write_table(self._arrow.Table.from_batches(held, self._schema))
                    held = []
            if held:
                writer.write_table(self._arrow.Table.from_batches(held, self._schema))
        return scratch

    def _column(self, field: Any, rows: Sequence[Row], records: Sequence[Mapping[str, str]]) -> Any:
        if field.name in ("text", "dehusk"):
            return self._arrow.array([json.loads(record.get(field.name, "null")) for record in records], field.type)
        if not rows:
            return self._arrow.array([], field.type)
        chunks = []
        for row, record in zip(rows, records, strict=True):
            source = self._sources.get(field.name)
            if row.carried is not None and source in row.carried.schema.names:
                chunks.append(row.carried.column(source).cast(field.type))
            elif row.carried is None and field.name == "fields":
                chunks.append(self._arrow.array([self._others(record)], field.type))
            elif row.carried is None and self._has_place(field.name, record.get(field.name)):
                text: str = json.loads(record[field.name])
                chunks.append(self._arrow.array([text.encode("utf-8", "replace").decode()], field.type))
            else:
                chunks.append(self._arrow.nulls(1, field.type))
        return self._arrow.concat_arrays(chunks)

    def _has_place(self, name: str, value: str | None) -> bool:
        """Whether a record's field has a column of its own: its id and its address, if they are strings."""
        if name not in ("id", "url") or not (value or "").startswith('"'):
            return False
        return bool(self._schema.field(name).type == self._arrow.string())

    def _others(self, record: Mapping[str, str]) -> str | None:
        fields = {
            key: value
            for key, value in record.items()
            if key not in ("text", "dehusk") and not self._has_place(key, value)
        }
        return joined(fields) if fields else None


def common(schemas: Iterable[tuple[str, Any]]) -> Any:
    """Return the columns of all files, each given with its name and Arrow schema; None without any file.

    Raises OutputError when a column has different types in two of them.
    """
    merged: dict[str, tuple[str, Any]] = {}
    for name, schema in schemas:
        for field in schema:
            first, known = merged.setdefault(field.name, (name, field))
            if known.type != field.type:
                raise OutputError(
                    f"column '{field.name}' is {known.type} in {first} and {field.type} in {name}; clean them apart"
                )
    return [field for _, field in merged.values()] if merged else None
