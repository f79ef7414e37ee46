"""What the data sets have in common: each is a folder or a tar archive of one, and may be used in part."""

import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import click

Item = TypeVar("Item")

data_argument = click.argument("data", type=click.Path(exists=True, path_type=Path))
limit_option = click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Use only N pages, evenly spaced.")


@contextmanager
def opened(source: Path, pattern: str) -> Iterator[Path]:
    """Give the folder at ``source`` in which a file matches ``pattern``; for an archive, a temporary one.

    The folder may also stand inside ``source``. Raises ClickException where there is none, and for what is neither a
    folder nor a whole archive.
    """
    if source.is_dir():
        yield _holding(source, pattern, source)
        return
    with TemporaryDirectory(prefix="dehusk-") as folder:
        try:
            with tarfile.open(source) as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, EOFError, LZMAError) as error:
            raise click.ClickException(f"{source} cannot be unpacked: {error}") from error
        yield _holding(Path(folder), pattern, source)


def spaced(items: Sequence[Item], limit: int | None) -> list[Item]:
    """Return ``limit`` of the items, evenly spaced and in order; all when there are no more.

    >>> spaced("abcdefgh", 3)
    ['a', 'c', 'f']
    """
    if limit is None or limit >= len(items):
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]


def _holding(folder: Path, pattern: str, source: Path) -> Path:
    for path in (folder, *sorted(folder.iterdir())):
        if any(path.glob(pattern)):
            return path
    raise click.ClickException(f"{source} cannot be used: there is no {pattern} in it")
