"""Parquet, read row group by row group: a document in one column, the other columns carried through as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dehusk.batch.records.text import chosen, document
from dehusk.batch.task import Opened, Reading, Task, Trouble
from dehusk.errors import InputError

_TEXTS = ("string", "large_string", "string_view", "binary", "large_binary", "binary_view", "null")
_ROWS = 64
"""How many rows are decoded at a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one row in the column with the page or text, and the row's address, if there is such a column."""

    value: str | bytes | None
    url: str

    def data(self) -> bytes:
        """Return the value as bytes."""
        value = self.value.encode("utf-8", "surrogatepass") if isinstance(self.value, str) else self.value or b""
        return value + b"\0" + self.url.encode("utf-8", "surrogatepass")

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the document. Raises InputError."""
        return Opened(document(self.value, name, reading, self.url))


def split(path: str, field: str) -> Iterator[Task]:
    """Yield a task for each row, called ``path:number``, whose other columns are ``carried``, a record batch.

    Raises InputError, OSError.
    """
    arrow, parquet = modules()
    try:
        with parquet.ParquetFile(path) as file:
            column = _column(file.schema_arrow, field)
            share = Path(path).stat().st_size / max(1, file.metadata.num_rows)
            number = 0
            for batch in file.iter_batches(batch_size=_ROWS):
                for rows in _sound(batch):
                    if isinstance(rows, str):
                        number += 1
                        yield Task(f"{path}:{number}", Trouble(rows), size=int(share))
                        continue
                    names = rows.schema.names
                    values = rows.column(names.index(column)).to_pylist()
                    urls = rows.column(names.index("url")).to_pylist() if "url" in names else [""] * len(values)
                    rest = rows.drop_columns([column])
                    for row, (value, url) in enumerate(zip(values, urls, strict=True)):
                        number += 1
                        cell = Cell(value, url if isinstance(url, str) else "")
                        weight = len(value) if isinstance(value, str | bytes) else 0
                        carried = rest.slice(row, 1)
                        yield Task(f"{path}:{number}", cell, size=int(share), weight=weight, carried=carried)
    except (arrow.ArrowException, UnicodeDecodeError) as error:
        raise InputError(f"not a Parquet file that can be read ({error})") from error


def _sound(batch: Any) -> Iterator[Any]:
    """Yield the rows of a record batch: those that are sound as record batches, of any other what is wrong with it."""
    if not _fault(batch):
        yield batch
        return
    for number in range(batch.num_rows):
        row = batch.take([number])  # a copy, with nothing of other rows in it
        yield _fault(row) or row


def _fault(batch: Any) -> str:
    """Return why the values of a record batch are not what its columns say, empty if they are."""
    arrow, _ = modules()
    try:
        batch.validate(full=True)
    except arrow.ArrowInvalid as error:
        if "UTF8" in str(error):
            return "not valid UTF-8 in a column of text; mend it or make it a column of bytes"
        return f"damaged ({error})"
    return ""


def schema(path: str, field: str) -> Any:
    """Return the columns of a file that are carried through, an Arrow schema. Raises InputError."""
    arrow, parquet = modules()
    try:
        whole = parquet.read_schema(path)
    except (arrow.ArrowException, UnicodeDecodeError, OSError) as error:
        raise InputError(f"not a Parquet file that can be read ({error})") from error
    names = set(whole.names) - {_column(whole, field)}
    return arrow.schema([item for item in whole if item.name in names])


def _column(schema: Any, field: str) -> str:
    """Return the name of the column with the page or text. Raises InputError when it holds anything else."""
    arrow, _ = modules()
    name = chosen(schema.names, field)
    kind = schema.field(name).type
    if arrow.types.is_dictionary(kind):
        kind = kind.value_type
    if str(kind) not in _TEXTS:
        raise InputError(f"column '{name}' is {kind}, not text; name the one with the text by --field")
    return name


def modules() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet module. Raises InputError when they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise InputError("Parquet needs the package pyarrow; install dehusk[parquet]") from error
    return pyarrow, pyarrow.parquet
