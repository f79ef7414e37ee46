"""Which inputs a list of paths stands for."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dehusk.errors import InputError

STDIN = "-"
SUFFIXES = (".html", ".htm", ".xhtml", ".txt", ".text", ".md")
"""What files are called that are taken from a folder; each also with ``.gz`` behind it."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its ``path`` (``-`` is standard input), and where it stands below the folder it was found in."""

    path: str
    relative: Path

    @property
    def name(self) -> str:
        """What messages call the input."""
        return "<stdin>" if self.path == STDIN else self.path

    def read(self) -> bytes:
        """Return the input's bytes. Raises InputError when they cannot be read."""
        try:
            return sys.stdin.buffer.read() if self.path == STDIN else Path(self.path).read_bytes()
        except FileNotFoundError as error:
            raise InputError("no such file; check the name") from error
        except PermissionError as error:
            raise InputError("not readable; check its permissions") from error
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}") from error


def expand(paths: Iterable[str]) -> Iterator[Input]:
    """Yield an input for each path, and for each folder one for every page or text in it, in order of their names.

    Hidden files and folders, links to folders, and files with other endings than ``SUFFIXES`` are passed over.
    """
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            yield from _walk(path)
        else:
            yield Input(path, Path(Path(path).name))


def _walk(folder: str) -> Iterator[Input]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and name.lower().removesuffix(".gz").endswith(SUFFIXES):
                path = Path(parent, name)
                yield Input(str(path), path.relative_to(folder))
