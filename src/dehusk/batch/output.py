"""What is ours beside outputs, and what outputs must not replace."""

import re
from pathlib import Path

from dehusk.batch.discovery import Input
from dehusk.batch.records import ending
from dehusk.errors import OutputError
from dehusk.files import STDIN

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


def check_not_input(item: Input, output: Path) -> None:
    """Raise OutputError when ``output`` is the file that ``item`` is read from."""
    if item.path != STDIN and output.exists() and Path(item.path).exists() and output.samefile(item.path):
        raise OutputError(f"{output} would replace its own input; choose another output")
