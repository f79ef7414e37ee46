"""Where output goes, what is ours beside it, and what it must not replace."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import InitVar, dataclass, field
from pathlib import Path

from dehusk.batch.discovery import Input
from dehusk.batch.records import ending
from dehusk.errors import OutputError
from dehusk.files import STDIN, is_there

SCRATCH = ".dehusk"
"""The folder in the output folder, or ending of the one beside an output file, that holds the manifest."""


def scratch_in(folder: Path) -> Path:
    """Return the folder for what is ours in an output folder."""
    return folder / SCRATCH


def scratch_beside(path: Path) -> Path:
    """Return the folder for what is ours beside an output file."""
    return path.with_name(f".{path.name}{SCRATCH}")


def shard(path: Path, number: int) -> Path:
    """Return what a shard of a stream is called.

    >>> shard(Path("a/out.jsonl.gz"), 3).as_posix()
    'a/out-00003.jsonl.gz'
    """
    stem, suffix = _parted(path)
    return path.with_name(f"{stem}-{number:05}{suffix}")


def is_shard(name: str, path: Path) -> bool:
    """Whether a file is called like a shard of the stream ``path``."""
    stem, suffix = _parted(path)
    return re.fullmatch(rf"{re.escape(stem)}-\d{{5,}}{re.escape(suffix)}", name) is not None


def shards(path: Path) -> list[Path]:
    """Return the files there are that are called like shards of the stream ``path``, by name."""
    return sorted(each for each in path.parent.glob("*") if is_shard(each.name, path))


def _parted(path: Path) -> tuple[str, str]:
    length = len(path.name) - len(ending(path.name))
    return path.name[:length], path.name[length:]


@dataclass(frozen=True, eq=False)
class Target:
    """Where output goes: into a ``folder``, one ``stream`` of records, a ``file`` for one text, or standard output."""

    folder: Path | None = None
    stream: Path | None = None
    file: Path | None = None

    @property
    def is_kept(self) -> bool:
        """Whether there is a manifest of what is written, by which the same command goes on."""
        return self.folder is not None or self.stream is not None

    @property
    def is_begun(self) -> bool:
        """Whether an earlier run wrote there, so that perhaps nothing is left to do."""
        if self.folder is not None:
            return is_there(scratch_in(self.folder))
        return self.stream is not None and is_there(scratch_beside(self.stream))

    def excludes(self, path: str) -> bool:
        """Whether a path that is found in a folder is our own output."""
        name = os.path.basename(path)  # noqa: PTH119 (for each of a million files)
        if self.folder is not None:
            return name == self.folder.name and is_there(self.folder) and self.folder.samefile(path)
        return self.is_of_stream(path)

    def is_of_stream(self, path: str) -> bool:
        """Whether a path, which need not be there, is called like the stream or a shard of it, and is where it is."""
        name = os.path.basename(path)  # noqa: PTH119
        if self.stream is None or not (name == self.stream.name or is_shard(name, self.stream)):
            return False
        return Path(path).parent.resolve() == self.stream.parent.resolve()

    def files(self, *, sharded: bool) -> list[Path]:
        """Return the files that may be replaced, as far as that is known without the inputs."""
        if self.stream is None:
            return [self.file] if self.file else []
        return shards(self.stream) if sharded else [self.stream]


@dataclass(frozen=True)
class Outputs:
    """Files that are there and will be replaced; made of those of ``paths`` that are there."""

    paths: InitVar[Iterable[Path]]
    _by_identity: dict[tuple[int, int], Path] = field(default_factory=dict, init=False)

    def __post_init__(self, paths: Iterable[Path]) -> None:
        for path in paths:
            with suppress(OSError):
                self._by_identity[_identity(path)] = path

    def check_not_input(self, item: Input) -> None:
        """Raise OutputError when one of the files is the one that ``item`` is read from, whatever it is called."""
        if not self._by_identity or item.path == STDIN:
            return
        with suppress(OSError):
            if output := self._by_identity.get(_identity(Path(item.path))):
                raise OutputError(f"{output} would replace its own input; choose another output")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
