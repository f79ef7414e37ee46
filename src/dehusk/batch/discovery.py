"""Which inputs a list of paths stands for: files, folders, patterns and lists of names."""

import os
import sys
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from glob import has_magic, iglob
from itertools import takewhile
from pathlib import Path, PurePath

from dehusk.errors import InputError
from dehusk.files import STDIN, is_file, is_folder, is_there, unreadable

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".txt", ".text", ".md")
"""What files are called that are taken from a folder; each also with ``.gz`` behind it."""

_ANY_DEPTH = "**"
_CHUNK = 1 << 16
_ODD = "no regular file; passed over"
_GONE = "a link to nothing; mend or remove it"


@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """One input: its ``path`` (``-`` is standard input), and where it stands below the folder it was found in.

    ``trouble`` says why it cannot be read, ``passed_over`` why it is not to be.
    """

    path: str
    relative: Path
    trouble: str = ""
    passed_over: str = ""

    @property
    def name(self) -> str:
        """What messages call the input."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def is_regular(self) -> bool:
        """Whether the input is a file that can be opened anywhere and more than once, or nothing at all."""
        return self.path != STDIN and (is_file(self.path) or not is_there(self.path))

    def read(self) -> bytes:
        """Return the input's bytes. Raises InputError when they cannot be read."""
        try:
            return sys.stdin.buffer.read() if self.path == STDIN else Path(self.path).read_bytes()
        except OSError as error:
            raise unreadable(error) from error


@dataclass(frozen=True, eq=False)
class Search:
    """How folders are searched: for files with which endings, whether links lead out, and which paths are not for us.

    Without ``follow_links``, links to folders are passed over, and so are links to files outside the folder that is
    searched; with it, a link to a folder above it is. ``wanted`` is asked of the path from that folder on, and
    ``others`` counts files with other endings.
    """

    suffixes: tuple[str, ...] = SUFFIXES
    follow_links: bool = False
    excluded: Callable[[str], bool] = lambda _path: False
    wanted: Callable[[Path], bool] = lambda _path: True
    others: Counter[str] = field(default_factory=Counter)

    def find(self, path: str) -> Iterator[Input]:
        """Yield the inputs that ``path`` stands for: a file, a folder, or a pattern; in any order, as they come.

        Hidden files and folders, and in a folder files with other endings, are passed over.
        """
        if path == STDIN:
            yield Input(path, Path("stdin"))
        elif is_folder(path):
            yield from self._walk(path)
        elif has_magic(path) and not os.path.lexists(path):
            yield from self._match(path)
        else:
            yield self._file(path, Path(Path(path).name))

    def listed(self, path: str) -> Iterator[Input]:
        """Yield the inputs that a line of a list stands for: as :meth:`find`, but a file keeps its folders.

        There are no patterns in a list, and ``-`` is a file of that name.
        """
        if path == STDIN:
            path = f".{os.sep}{path}"
        if is_folder(path):
            yield from self._walk(path)
        else:
            yield self._regular(path, inward(path))

    def _file(self, path: str, relative: Path) -> Input:
        return Input(path, relative, trouble=_GONE if os.path.islink(path) and not is_there(path) else "")  # noqa: PTH114

    def _regular(self, path: str, relative: Path) -> Input:
        if is_there(path) and not is_file(path):
            return Input(path, relative, passed_over=_ODD)
        return self._file(path, relative)

    def _walk(self, folder: str) -> Iterator[Input]:
        root = os.path.realpath(folder)
        open_folders: list[tuple[str, tuple[str, ...]]] = [(folder, (root,))]
        while open_folders:
            parent, above = open_folders.pop()
            try:
                entries = os.scandir(parent)
            except OSError as error:
                yield Input(parent, Path(os.path.relpath(parent, folder)), trouble=str(unreadable(error)))
                continue
            with entries:
                for entry in entries:
                    if entry.name.startswith(".") or self.excluded(entry.path):
                        continue
                    if entry.is_dir():
                        real = os.path.realpath(entry.path) if entry.is_symlink() else f"{above[-1]}/{entry.name}"
                        if reason := self._why_not(entry, real, above):
                            yield Input(entry.path, _below(folder, entry), passed_over=reason)
                        else:
                            open_folders.append((entry.path, (*above, real)))
                    elif not entry.name.lower().removesuffix(".gz").endswith(self.suffixes):
                        self.others[_ending(entry.name)] += 1
                    elif self.wanted(_below(folder, entry)):
                        yield self._found(entry, folder, root)

    def _why_not(self, entry: os.DirEntry[str], real: str, above: tuple[str, ...]) -> str:
        if not entry.is_symlink():
            return ""
        if real in above:
            return "a link to a folder that it is in; passed over"
        return "" if self.follow_links else "a link to a folder; passed over, unless with --follow-links"

    def _found(self, entry: os.DirEntry[str], folder: str, root: str) -> Input:
        relative = _below(folder, entry)
        if entry.is_symlink():
            if not Path(entry.path).exists():
                return Input(entry.path, relative, trouble=_GONE)
            if not self.follow_links and not Path(os.path.realpath(entry.path)).is_relative_to(root):
                reason = "a link out of the folder; passed over, unless with --follow-links"
                return Input(entry.path, relative, passed_over=reason)
        if not entry.is_file():
            return Input(entry.path, relative, passed_over=_ODD)
        return Input(entry.path, relative)

    def _match(self, pattern: str) -> Iterator[Input]:
        parts = Path(pattern).parts
        fixed = Path(*takewhile(lambda part: not has_magic(part), parts))
        above = Path(*takewhile(lambda part: part != _ANY_DEPTH, parts))
        below = parts[len(above.parts) :]
        found = False
        for path in iglob(str(above)):  # noqa: PTH207 (pathlib's follows other rules)
            if below:  # whose folders are walked as others are, for there may be loops of links in them
                search = replace(self, suffixes=("",), wanted=lambda inner: _fits(inner.parts, below))
                items: Iterator[Input] = search._walk(path) if is_folder(path) else iter(())
            else:
                items = iter(() if is_folder(path) or self.excluded(path) else (self._regular(path, Path()),))
            for item in items:
                found = found or not item.passed_over
                yield replace(item, relative=Path(os.path.relpath(item.path, fixed)))
        if not found:
            yield Input(pattern, Path("pattern"), trouble="no file matches; check the pattern")


def _ending(name: str) -> str:
    """Return how a name ends, also where it has ``.gz`` behind it; a digit is no ending of a kind of files.

    >>> _ending("a.PHP"), _ending("a.tar.gz"), _ending("about"), _ending("v1.2")
    ('.php', '.tar.gz', '', '')
    """
    stem, gz = (name[:-3], ".gz") if name.lower().endswith(".gz") else (name, "")
    suffix = Path(stem).suffix.lower()
    return suffix + gz if suffix[1:].isalpha() else gz


def _below(folder: str, entry: os.DirEntry[str]) -> Path:
    """Return where something that was found in a folder, or further down, stands from there."""
    return Path(entry.path[len(folder) :].lstrip(os.sep))


def _fits(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Return whether the parts of a path are what those of a pattern say, of which ``**`` is any number of folders.

    >>> [_fits(path.split("/"), ("**", "b*", "*.txt")) for path in ("b/a.txt", "a/a/bc/a.txt", "a.txt", "b/c/a.txt")]
    [True, True, False, False]
    """
    if not pattern or not parts:
        return not parts and all(part == _ANY_DEPTH for part in pattern)
    if pattern[0] == _ANY_DEPTH:
        return _fits(parts, pattern[1:]) or _fits(parts[1:], pattern)
    return fnmatch(parts[0], pattern[0]) and _fits(parts[1:], pattern[1:])


def expand(paths: Iterable[str]) -> Iterator[Input]:
    """Yield an input for each path, and for each folder one for every page or text in it, in order of their names.

    Hidden files and folders, links to folders or out of the folder, and files with other endings than ``SUFFIXES``
    are passed over.
    """
    search = Search()
    for path in paths:
        found = (item for item in search.find(path) if not item.passed_over)
        yield from sorted(found, key=lambda item: os.fsencode(item.path))


def inward(path: str) -> Path:
    """Return a path that stays below the folder it is joined to: without a root, a drive, and steps upwards.

    >>> inward("/srv/../a/./b.html").as_posix()
    'srv/a/b.html'
    """
    pure = PurePath(path)
    return Path(*[part for part in pure.parts if part not in (pure.anchor, "..", "")])


def names(source: str) -> Iterator[str]:
    """Yield the names that are listed in a file, or on standard input for ``-``: one a line, or with NUL behind each.

    Raises InputError when the list cannot be read.
    """
    try:
        with nullcontext(sys.stdin.buffer) if source == STDIN else Path(source).open("rb") as file:
            first = file.read(_CHUNK).removeprefix(BOM_UTF8)
            separator = b"\0" if b"\0" in first else b"\n"
            rest = b""
            chunk = first
            while chunk:
                *whole, rest = (rest + chunk).split(separator)
                yield from (os.fsdecode(name) for name in map(_stripped, whole) if name)
                chunk = file.read(_CHUNK)
            if name := _stripped(rest):
                yield os.fsdecode(name)
    except OSError as error:
        raise InputError(f"{source}: {unreadable(error)}") from error


def _stripped(name: bytes) -> bytes:
    return name.removesuffix(b"\r")
