"""Which files a list of paths stands for."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dehusk.errors import ConfigError, InputError
from dehusk.files import unreadable
from dehusk.linter.settings import Resolver, patterns

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Ignores:
    """The patterns of one ``.gitignore``, and the folder that they count from."""

    folder: Path
    spec: "GitIgnoreSpec"


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to walk, what to call it, the patterns that hold in it, and the folder in which the walk began."""

    path: Path
    shown: str
    ignores: list[_Ignores]
    root: Path


@dataclass(frozen=True)
class Discovery:
    """Finds files to check. ``force_exclude`` applies what excludes files also to those that are named themselves."""

    resolver: Resolver
    force_exclude: bool = False

    def files(self, paths: Iterable[str]) -> Iterator[str | InputError]:
        """Yield each file that ``paths`` stand for once: paths in their order, folders in order of names.

        A path that does not exist, or a folder that cannot be read, gives an InputError that names it. In folders,
        hidden files, what ``.gitignore`` names, and what the settings do not include are passed over, as are links to
        folders and links out of the folder.
        """
        seen: set[str] = set()
        real_folder = lru_cache(os.path.realpath)  # most files share their folder with others
        for found in self._found(paths):
            if isinstance(found, InputError):
                yield found
            elif (real := _real(found, real_folder)) not in seen:
                seen.add(real)
                yield found

    def _found(self, paths: Iterable[str]) -> Iterator[str | InputError]:
        for path in paths:
            absolute = Path(path).absolute()
            if os.path.isdir(absolute):  # noqa: PTH112 - pathlib raises an error for a name that is too long
                yield from self._walk(absolute, path)
                continue
            try:
                absolute.lstat()
            except OSError as error:
                yield InputError(f"{path}: {unreadable(error)}")
                continue
            if not (self.force_exclude and self.is_excluded(absolute)):
                yield path

    def _walk(self, top: Path, shown: str) -> Iterator[str | InputError]:
        """Yield what is in a folder and those inside it, which may be nested deeper than functions may call others."""
        root = Path(os.path.realpath(top))
        walks = [self._entries(_Folder(top, shown, list(_ignores_above(top)), root))]
        while walks:
            found = next(walks[-1], None)
            if found is None:
                walks.pop()
            elif isinstance(found, _Folder):
                walks.append(self._entries(found))
            else:
                yield found

    def _entries(self, within: _Folder) -> Iterator[str | InputError | _Folder]:
        """Yield what is in a folder, by name: files, folders that are to be walked in their turn, or what is wrong."""
        folder, shown, ignores = within.path, within.shown, within.ignores
        settings = self.resolver.settings(folder)
        if self.force_exclude and settings.excludes(folder, folder=True):
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield InputError(f"{shown}: cannot be read: {error.strerror}")
            return
        here = _gitignore(folder) if any(entry.name == ".gitignore" for entry in entries) else None
        ignores = [*ignores, here] if here else ignores
        for entry in entries:
            path = folder / entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith(".") or settings.excludes(path, folder=is_folder):
                continue
            if settings.respect_gitignore and _is_ignored(path, ignores, is_folder=is_folder):
                continue
            name = entry.name if shown in ("", ".", "./") else os.path.join(shown, entry.name)  # noqa: PTH118
            if is_folder:
                yield _Folder(path, name, ignores, within.root)
            elif entry.is_file() and settings.includes(path) and _stays(entry, within.root):
                yield name

    def is_excluded(self, path: Path) -> bool:
        """Return whether settings or ``.gitignore`` leave out a file, given as an absolute path."""
        settings = self.resolver.settings(path.parent)
        folders = [parent for parent in path.parents if parent.is_relative_to(settings.root)]
        if any(settings.excludes(folder, folder=True) for folder in folders) or settings.excludes(path):
            return True
        return settings.respect_gitignore and _is_ignored(path, list(_ignores_above(path.parent, itself=True)))


def _stays(entry: os.DirEntry[str], root: Path) -> bool:
    """Return whether a file is in the folder ``root`` and not what a link leads to out of it."""
    return not entry.is_symlink() or Path(os.path.realpath(entry.path)).is_relative_to(root)


def _real(file: str, real_folder: Callable[[str], str]) -> str:
    """Return the path of a file without links."""
    if os.path.islink(file):  # noqa: PTH114
        return os.path.realpath(file)
    folder, name = os.path.split(file)
    return os.path.join(real_folder(folder), name)  # noqa: PTH118


def _ignores_above(folder: Path, *, itself: bool = False) -> Iterator[_Ignores]:
    """Yield the patterns that stand above a folder, up to the root of its repository, outermost first."""
    folders = [folder, *folder.parents]
    root = next((number for number, parent in enumerate(folders) if (parent / ".git").exists()), None)
    if root is None:
        return
    if exclude := _patterns(folders[root], folders[root] / ".git/info/exclude"):
        yield exclude
    for parent in reversed(folders[0 if itself else 1 : root + 1]):
        if found := _gitignore(parent):
            yield found


def _gitignore(folder: Path) -> _Ignores | None:
    return _patterns(folder, folder / ".gitignore")


def _patterns(folder: Path, file: Path) -> _Ignores | None:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return _Ignores(folder, patterns([line for line in lines if _is_pattern(line)]))


def _is_pattern(line: str) -> bool:
    """Return whether a line makes sense; git, too, passes over those that do not."""
    try:
        patterns([line])
    except ConfigError:
        return False
    return True


def _is_ignored(path: Path, ignores: list[_Ignores], *, is_folder: bool = False) -> bool:
    """Return whether git would ignore the path: the innermost file with a pattern that matches decides."""
    for each in reversed(ignores):
        name = path.relative_to(each.folder).as_posix() + ("/" if is_folder else "")
        verdict = each.spec.check_file(name).include
        if verdict is not None:
            return verdict
    return False
