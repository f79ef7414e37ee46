"""Options that commands share, help in groups, and what options make of the configuration."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from dehusk.batch.discovery import Input, expand
from dehusk.batch.records import ending
from dehusk.batch.task import Reading, source_of
from dehusk.config import Config, find, load, parse_setting
from dehusk.digest import digest
from dehusk.document import Document
from dehusk.errors import ConfigError, InputError
from dehusk.files import STDIN
from dehusk.rules import RULES
from dehusk.rules.main_content import FAVOR, PARTS, TREATMENTS
from dehusk.rules.repeated import Repeated

GROUPS = ("Input", "Rules", "Fixes", "Output", "Batches", "Baseline", "Other")


class Option(click.Option):
    """An option that knows under which heading help lists it."""

    def __init__(self, *args: Any, group: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


class PathName(click.Path):
    """A path that says something: an empty one, as of an unset variable, would mean the current folder.

    Whether it can be read is seen when it is its turn, so that the others are cleaned.
    """

    def __init__(self) -> None:
        super().__init__(readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: D102
        if not value:
            self.fail("a path is empty; write . for the current folder", param, ctx)
        return super().convert(value, param, ctx)


class Command(click.Command):
    """A command whose help lists its options in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: D102
        rows: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record:
                rows[getattr(parameter, "group", "Other")].append(record)
        for group, records in rows.items():
            if records:
                with formatter.section(group):
                    formatter.write_dl(records)


def option(*names: str, group: str, **kwargs: Any) -> Callable[[Any], Any]:
    """Return the decorator for an option of a group."""
    return click.option(*names, cls=Option, group=group, **kwargs)


def complete_rule(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the codes and names of rules that begin with the last of the words, set apart by commas, so far."""
    before, comma, word = incomplete.rpartition(",")
    names = [name for rule in RULES for name in (rule.code, rule.name)]
    return [before + comma + name for name in names if name.lower().startswith(word.lower())]


def _encoding(_context: click.Context, parameter: click.Parameter, name: str) -> str:
    try:
        b" ".decode(name or "utf-8")
    except (LookupError, UnicodeError) as error:
        raise click.BadParameter(f"'{name}' is no encoding of text; one is windows-1252", param=parameter) from error
    return name


_SHARED = (
    option("--from", "format_", type=click.Choice(["auto", "html", "text"]), default="auto", group="Input",
           help="What the input is; told by its content unless given."),
    option("--encoding", metavar="NAME", default="", callback=_encoding, group="Input",
           help="Encoding of input that is not UTF-8.  [default: what a page says; else it is guessed]"),
    option("--url", metavar="URL", group="Input", help="Where the page came from."),
    option("--select", metavar="RULES", multiple=True, group="Rules", shell_complete=complete_rule,
           help="Run only these: codes, prefixes, names or ALL, with commas."),
    option("--ignore", metavar="RULES", multiple=True, group="Rules", shell_complete=complete_rule,
           help="Do not run these."),
    option("--drop", metavar="CSS", multiple=True, group="Rules", help="Remove what the selector matches."),
    option("--keep", metavar="CSS", multiple=True, group="Rules", help="Let no rule remove what the selector matches."),
    option("--favor", type=click.Choice(list(FAVOR)), group="Rules",
           help="Of a page, or of a page dumped as text, keep less (precision) or more (recall).  [default: balance]"),
    *(option(f"--{part}", type=click.Choice(TREATMENTS), group="Rules",
             help=f"What to do with the {part} of a page.  [default: auto]") for part in PARTS),
    option("--config", metavar="FILE|KEY=VALUE", multiple=True, group="Rules",
           help="Configuration file instead of the closest one, or a single setting."),
)  # fmt: skip


def shared(function: Any) -> Any:
    """Add the options by which all commands choose rules and read input."""
    for decorate in reversed(_SHARED):
        function = decorate(function)
    return function


class Session:
    """What the shared options say: how to read an input and with what configuration to clean it."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._format: str | None = None if options["format_"] == "auto" else options["format_"]
        self._url: str = options["url"] or ""
        self._encoding: str = options["encoding"]
        self._repeated: bool = options.get("repeated", False)
        self._file, self._tables = configured(options["config"])
        self._tables += [(f"--{key}", {key: split(options[key])}) for key in ("select", "ignore") if options[key]]
        selectors = {key: list(options[key]) for key in ("drop", "keep") if options[key]}
        content = {key: options[key] for key in ("favor", *PARTS) if options[key]}
        text = {key: options[key] for key in ("favor",) if options[key]}
        for rule, values in (("selectors", selectors), ("main-content", content), ("main-text", text)):
            if values:
                self._tables.append((" and ".join(f"--{key}" for key in values), {"rules": {rule: values}}))
        self._config = lru_cache(maxsize=1024)(self._config_in)

    def numbered(self) -> "Configs":
        """Return the configurations of many inputs, none of them found yet."""
        return Configs(self)

    def config(self, item: Input) -> Config:
        """Return the configuration for an input, the closest to where it stands. Raises ConfigError."""
        return self._config(Path.cwd() if item.path == STDIN else Path(item.path).parent)

    def inputs(self, paths: Sequence[str]) -> list[Input]:
        """Return the inputs that ``paths`` stand for, standard input when there are none.

        Raises ConfigError when the configuration of any of them makes no sense, before the first is touched.
        """
        found = list(expand(paths or (STDIN,)))
        for item in found:
            self.config(item)
        return found

    def _config_in(self, folder: Path) -> Config:
        path = self._file or find(folder)
        config = load(path) if path else Config()
        for source, table in self._tables:
            config = config.updated(table, source=source)
        if self._repeated:
            selected = config.select or tuple(rule.code for rule in RULES if rule.default)
            config = replace(config, select=(*selected, Repeated.code))
        return config

    def read(self, item: Input) -> Document:
        """Return the document in an input, nothing removed yet. Raises InputError, also for an archive."""
        if ending(item.path):
            raise InputError("an archive; only pages and texts in files of their own can be looked at")
        source = source_of(item)
        return source.open(source.data(), item.name, self.reading()).document

    def reading(self, field: str = "") -> Reading:
        """Return how documents are read, those in records from a ``field``."""
        return Reading(self._format, self._url, field, self._encoding)


class Configs:
    """The configurations of many inputs: few, as most inputs have the same. ``found`` holds each once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers: dict[str, int] = {}
        self._last: tuple[Config | None, int] = None, 0
        self.found: list[Config] = []

    def number(self, item: Input) -> int:
        """Return which of those found is the configuration for an input. Raises ConfigError."""
        config = self._session.config(item)
        if config is not self._last[0]:
            number = self._numbers.setdefault(repr(config.active), len(self.found))
            if number == len(self.found):
                self.found.append(config)
            self._last = config, number
        return self._last[1]

    def fingerprints(self, *settings: str) -> tuple[bytes, ...]:
        """Return for each configuration a digest of all, with the program and ``settings``, that decides on outputs."""
        from dehusk.version import state_of_program

        reading = self._session.reading()
        options = [state_of_program(), reading.format or "", reading.url, reading.encoding, *settings]
        common = [option.encode("utf-8", "replace") for option in options]
        return tuple(digest(repr(config.active).encode("utf-8", "replace"), *common) for config in self.found)


def configured(values: Sequence[str]) -> tuple[Path | None, list[tuple[str, Mapping[str, Any]]]]:
    """Return the file that ``--config`` names, if any, and the settings that it gives, each with where they are from.

    Raises ConfigError for a second file, and for what is neither a file nor a setting.
    """
    files = [text for text in values if os.path.isfile(text)]  # noqa: PTH113 - a setting may be longer than any name
    if len(files) > 1:
        raise ConfigError("--config takes one file; put the settings of the others on the command line")
    tables = [("--config", parse_setting(text)) for text in values if text not in files]
    return Path(files[0]) if files else None, tables


def split(values: Sequence[str]) -> list[str]:
    """Return the words in the values of an option that takes several, with commas between them."""
    return [part.strip() for value in values for part in value.split(",") if part.strip()]
