"""On how many pages of a site each run of lines stands: counted over all documents, in memory that does not grow.

A run in a site is a number of 64 bits, and so is a site; of each document every number is written down once. They are
sorted into files by their first bits, so that each file can be counted by itself. What was seen more than once makes a
table, in order, that workers map into memory and share.
"""

import shutil
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dehusk.batch.task import Reading, Task
from dehusk.digest import digest, digest_of_file
from dehusk.document import Document, Site
from dehusk.errors import DehuskError
from dehusk.rules.repeated import runs, together

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEY = 8
_FILES = 128
_BUFFER = 1 << 15


def site_of(document: Document) -> str:
    """Return the site that a document is from: the host of its address, or else the folder or archive it was in."""
    try:
        host = urlsplit(document.metadata.url).hostname
    except ValueError:
        host = None
    if host:
        return host.removeprefix("www.")
    place, _, number = document.name.rpartition(":")
    return place if number.isdigit() else str(PurePath(document.name).parent)


@dataclass(frozen=True, slots=True)
class Counting:
    """What workers do in the first pass: a task to the keys of its document's site and lines, 8 bytes each."""

    reading: Reading

    def __call__(self, task: Task) -> bytes:
        """Return the keys; none for what cannot be read, of which the second pass tells."""
        try:
            document = task.source.open(task.source.data(), task.name, self.reading).document
        except DehuskError:
            return b""
        return keys_of(document)


def keys_of(document: Document) -> bytes:
    """Return the keys of a document's site and of its runs of lines, each once, 8 bytes each."""
    site = site_of(document)
    return b"".join({_key(site, None), *(_key(site, run) for run in runs(document))})


class Tally:
    """Counts keys. ``folder`` is where it may write; nobody else should."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._buffers = [bytearray() for _ in range(_FILES)]

    def add(self, keys: bytes) -> None:
        """Count the keys of one document. Raises OSError."""
        for start in range(0, len(keys), _KEY):
            number = keys[start] * _FILES >> 8
            buffer = self._buffers[number]
            buffer += keys[start : start + _KEY]
            if len(buffer) >= _BUFFER:
                self._flush(number)

    def finish(self) -> "Table":
        """Return the table of what was counted more than once. Raises OSError."""
        import numpy as np

        all_keys, all_counts = [], []
        for number in range(_FILES):
            self._flush(number)
            path = self._path(number)
            keys, counts = np.unique(np.fromfile(path, ">u8").astype(np.uint64), return_counts=True)
            path.unlink()
            often = counts > 1
            all_keys.append(keys[often])
            all_counts.append(counts[often].astype(np.uint32))
        table = table_in(self._folder)
        np.save(table.keys, np.concatenate(all_keys))
        np.save(table.counts, np.concatenate(all_counts))
        return table

    def _flush(self, number: int) -> None:
        with self._path(number).open("ab") as file:
            file.write(self._buffers[number])
        self._buffers[number].clear()

    def _path(self, number: int) -> Path:
        return self._folder / f"lines-{number:03}"


@dataclass(frozen=True, slots=True)
class Table:
    """Two files: keys in order, and how many documents have each."""

    keys: str
    counts: str

    def digest(self) -> bytes:
        """Return a digest of all counts: what a document's cleaning depends on."""
        return digest(*(digest_of_file(Path(path)) for path in (self.keys, self.counts)))

    def size(self) -> int:
        """Return how many bytes the files have."""
        return sum(Path(path).stat().st_size for path in (self.keys, self.counts))

    def open(self) -> "Counts":
        """Return the counts, mapped into memory."""
        import numpy as np

        return Counts(np.load(self.keys, mmap_mode="r"), np.load(self.counts, mmap_mode="r"))


def table_in(folder: Path) -> Table:
    """Return the table in a folder, whether it is there or not."""
    return Table(str(folder / "keys.npy"), str(folder / "counts.npy"))


@dataclass(frozen=True, slots=True)
class Store:
    """Keeps a table in ``folder`` for later runs over the same inputs."""

    folder: Path

    def get(self, key: bytes) -> Table | None:
        """Return the table that was kept under ``key``, if it was the last that was."""
        try:
            return table_in(self.folder) if (self.folder / "key").read_bytes() == key else None
        except OSError:
            return None

    def put(self, key: bytes, made: Path) -> Table:
        """Keep the table in the folder ``made``, which becomes ours, instead of any other. Raises OSError."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (made / "key").write_bytes(key)
        made.rename(self.folder)
        return table_in(self.folder)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How many documents have each key."""

    keys: "NDArray[np.uint64]"
    counts: "NDArray[np.uint32]"

    def marked(self, document: Document) -> Document:
        """Return the document with what is known of its site."""
        site = site_of(document)
        pages = self._look_up([_key(site, None)])[0]
        if not pages:
            return document
        times = self._look_up([_key(site, run) for run in runs(document)])
        return replace(document, site=Site(pages, together(document, times)))

    def _look_up(self, keys: list[bytes]) -> list[int]:
        import numpy as np

        if not len(self.keys):
            return [0] * len(keys)
        wanted = np.frombuffer(b"".join(keys), ">u8").astype(np.uint64)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: list[int] = np.where(self.keys[places] == wanted, self.counts[places], 0).tolist()
        return found


def _key(site: str, run: str | None) -> bytes:
    text = site if run is None else f"{site}\0{run}"
    return blake2b(text.encode("utf-8", "replace"), digest_size=_KEY).digest()
