"""What the table ``check`` of a configuration says, and which settings are in force where.

::

    [check]
    include = ["*.txt", "*.md"]             # what is checked of a folder, as patterns like those of .gitignore
    extend-include = ["*.log"]
    exclude = ["drafts/"]
    text-field = "text"                     # of JSON Lines, the field with the text
    html = false                            # whether pages are checked, on what dehusk makes of them
    respect-gitignore = true

    [check.per-file-ignores]
    "interviews/*.txt" = ["B", "navigation"]
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dehusk.config import Config, find, find_in, load, strings, suggestion
from dehusk.errors import ConfigError
from dehusk.rules import Rule

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

INCLUDE = ("*.txt", "*.text", "*.md", "*.markdown", "*.rst", "*.jsonl", "*.ndjson")
PAGES = ("*.html", "*.htm", "*.xhtml")


class Ruleset(tuple[Rule, ...]):
    """Rules that run on files, with what names them and all their options."""

    @cached_property
    def described(self) -> str:
        """The rules and their options as a text: equal for equal rules, and made once, as there are many files."""
        return repr(tuple(self))


@dataclass(frozen=True)
class Settings:
    """What to check and how, in the folder ``root`` and below, by the configuration file ``source`` if there is one.

    Patterns are those of ``.gitignore``, counted from ``root``. Raises ConfigError, at once, for rules that do not
    exist.
    """

    config: Config = field(default_factory=Config)
    root: Path = Path()
    source: Path | None = None
    include: tuple[str, ...] = INCLUDE
    extend_include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    text_field: str = "text"
    html: bool = False
    respect_gitignore: bool = True

    def __post_init__(self) -> None:
        """Raise ConfigError for rules that do not exist."""
        for _, selectors in self.per_file_ignores:
            replace(self.config, ignore=selectors)

    def includes(self, path: Path) -> bool:
        """Return whether a file in a folder is one to check. ``path`` is absolute."""
        return _matches(self._include, self._relative(path))

    def excludes(self, path: Path, *, folder: bool = False) -> bool:
        """Return whether a file or folder is to be left out. ``path`` is absolute."""
        return bool(self.exclude) and _matches(self._exclude, self._relative(path) + ("/" if folder else ""))

    def rules(self, path: Path) -> "Ruleset":
        """Return the rules that run on a file. ``path`` is absolute."""
        name = self._relative(path)
        ignored = tuple(s for spec, selectors in self._ignores if _matches(spec, name) for s in selectors)
        if ignored not in self._made:
            config = replace(self.config, ignore=(*self.config.ignore, *ignored))
            self._made[ignored] = Ruleset(config.linted)
        return self._made[ignored]

    @cached_property
    def _include(self) -> "GitIgnoreSpec":
        pages = PAGES if self.html else ()
        return patterns((*self.include, *self.extend_include, *pages))

    @cached_property
    def _exclude(self) -> "GitIgnoreSpec":
        return patterns(self.exclude)

    @cached_property
    def _ignores(self) -> "tuple[tuple[GitIgnoreSpec, tuple[str, ...]], ...]":
        return tuple((patterns([pattern]), selectors) for pattern, selectors in self.per_file_ignores)

    @cached_property
    def _made(self) -> "dict[tuple[str, ...], Ruleset]":
        """The rules of files, by what is ignored in them; made once, as there are many files."""
        return {}

    def _relative(self, path: Path) -> str:
        name, top = os.fspath(path), os.path.join(self.root, "")  # noqa: PTH118
        below = name.startswith(top) and os.pardir not in name  # as nearly all are, told in no time
        relative = name[len(top) :] if below else os.path.relpath(name, self.root)
        return relative.replace(os.sep, "/")


KEYS = {item.name.replace("_", "-"): item for item in fields(Settings)[3:]}
"""The keys of the table ``check``, and the fields of the settings that they are for."""


class Resolver:
    """Finds the settings of a folder: those of the closest configuration file, and ``tables`` laid over them.

    ``tables`` holds what the command line says, each with where it says it. ``file`` is a configuration file that is
    used instead of the closest one; ``isolated`` means that none is.
    """

    def __init__(
        self, tables: Sequence[tuple[str, Mapping[str, Any]]] = (), *, file: Path | None = None, isolated: bool = False
    ) -> None:
        self._tables = tuple(tables)
        self._file = file
        self._isolated = isolated
        self._found: dict[Path, tuple[Path, Path | None]] = {}
        self._made = lru_cache(maxsize=1024)(self._make)

    def settings(self, folder: Path) -> Settings:
        """Return what is in force in a folder, given as an absolute path. Raises ConfigError."""
        return self._made(None if self._isolated else self._file or self._find(folder))

    def _find(self, folder: Path) -> Path | None:
        """Return the closest configuration file: of a folder whose parent is known, without looking further up."""
        if folder not in self._found:
            above = self._found.get(folder.parent)
            if above and folder.name != ".." and not os.path.islink(folder):  # noqa: PTH114
                real = above[0] / folder.name
                self._found[folder] = real, find_in(real) or above[1]
            else:
                real = folder.resolve()
                self._found[folder] = real, find(real)
        return self._found[folder][1]

    def _make(self, source: Path | None) -> Settings:
        config = load(source) if source else Config()
        place = str(source) if source else "dehusk.toml"
        _settings(config, Path(), None, place)
        for where, table in self._tables:
            config = config.updated(table, source=where)
            _settings(config, Path(), None, where)
        # A file that is named on the command line speaks of what is checked, wherever it stands itself.
        root = Path.cwd() if source is None or source == self._file else source.parent
        return _settings(config, root.absolute(), source, place)


def _settings(config: Config, root: Path, source: Path | None, place: str) -> Settings:
    """Return the settings in the table ``check``. Raises ConfigError for keys and values that make no sense."""
    values: dict[str, Any] = {}
    try:
        for key, value in config.check.items():
            if key not in KEYS:
                raise ConfigError(f"unknown key 'check.{key}'{suggestion(key, KEYS)}")  # noqa: TRY301
            values[KEYS[key].name] = _value(f"check.{key}", value, KEYS[key].default)
        return Settings(config, root, source, **values)
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from error


def _value(key: str, value: Any, default: Any) -> Any:
    if key == "check.per-file-ignores":
        if not isinstance(value, Mapping):
            raise ConfigError(f"'{key}' must be a table of patterns, each with a list of rules")
        return tuple((pattern, strings(f"{key}.{pattern}", rules)) for pattern, rules in value.items())
    if isinstance(default, tuple):
        return strings(key, value)
    if not isinstance(value, type(default)):
        raise ConfigError(f"'{key}' must be {'true or false' if default in (True, False) else 'a text'}, not {value!r}")
    return value


def patterns(lines: Sequence[str]) -> "GitIgnoreSpec":
    """Return patterns such as those of ``.gitignore``, ready to match. Raises ConfigError for what is none."""
    import re
    import warnings

    from pathspec import GitIgnoreSpec  # late, as a file that is named needs none

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return GitIgnoreSpec.from_lines(lines)
    except re.error as error:
        raise ConfigError(f"not a pattern as in .gitignore: {error}, in {', '.join(lines)}") from error
    except ValueError as error:
        raise ConfigError(f"not a pattern as in .gitignore: {error}") from error


def _matches(spec: "GitIgnoreSpec", name: str) -> bool:
    return spec.check_file(name).include is True
