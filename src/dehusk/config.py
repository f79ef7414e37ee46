"""Configuration: which rules run and with what options. Defaults < ``pyproject.toml`` or ``dehusk.toml`` < options.

In ``dehusk.toml``, or in ``pyproject.toml`` below ``tool.dehusk``::

    select = ["R", "menu"]      # codes, prefixes of codes, or names; all that run by default unless given
    ignore = ["B", "dateline"]
    extend-select = ["M002"]    # more rules than those of select

    [rules.related]             # the options of one rule, by name or code
    max-words = 20

    [check]                     # what only `dehusk check` reads; see dehusk.linter.settings
    exclude = ["drafts/"]
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from math import inf
from pathlib import Path
from typing import Any

from dehusk.errors import ConfigError
from dehusk.rules import RULES, Rule

FILE_NAMES = ("dehusk.toml", "pyproject.toml")
ALL = "ALL"
_KEYS = ("select", "ignore", "extend-select", "rules", "check")


@dataclass(frozen=True)
class Config:
    """A selection of rules and their options.

    ``select``, ``extend`` and ``ignore`` hold rule codes, prefixes of codes, names, or ``ALL``. Where several apply to
    a rule the most specific decides, and of two equally specific ones ``ignore``. ``options`` maps a rule's code or
    name to values for its fields, ``check`` holds the settings of ``dehusk check``. Raises ConfigError, at once, for
    rules and options that do not exist.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: tuple[Rule, ...] = ()
    extend: tuple[str, ...] = ()
    check: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ConfigError for what does not exist."""
        _ = self.active

    @cached_property
    def active(self) -> tuple[Rule, ...]:
        """The rules that run, in order, with their options; ``extra`` rules come before white space is mended."""
        known = known_rules(self.extra)
        for selector in (*self.select, *self.extend, *self.ignore):
            _require(selector, known)
        options = {find_rule(key, known).code: table for key, table in self.options.items()}
        return tuple(
            _configured(rule, options[rule.code]) if rule.code in options else rule
            for rule in known
            if self._selects(rule)
        )

    @cached_property
    def linted(self) -> tuple[Rule, ...]:
        """Those of the rules that the linter runs: some, which judge whole texts, must be asked for there."""
        asked = (*self.select, *self.extend)
        return tuple(rule for rule in self.active if rule.linted or any(specificity(name, rule) for name in asked))

    def _selects(self, rule: Rule) -> bool:
        wanted = max((specificity(s, rule) for s in self.select), default=0)
        if not self.select and rule.default:
            wanted = 1
        wanted = max(wanted, *(specificity(s, rule) for s in self.extend), 0)
        return wanted > max((specificity(s, rule) for s in self.ignore), default=0)

    def updated(self, table: Mapping[str, Any], *, source: str) -> "Config":
        """Return this configuration with ``table``, in the form of a configuration file, laid over it.

        A new ``select`` also forgets what was ignored and added before; a new ``ignore`` or ``extend-select`` adds.
        ``source`` names where the table comes from in the ConfigError that is raised for unknown keys and wrong values.
        """
        for key in table:
            if key not in _KEYS:
                raise ConfigError(f"{source}: unknown key '{key}'{suggestion(key, _KEYS)}")
        try:
            config = self
            if "select" in table:
                config = replace(config, select=strings("select", table["select"]), ignore=(), extend=())
            if "ignore" in table:
                config = replace(config, ignore=(*config.ignore, *strings("ignore", table["ignore"])))
            if "extend-select" in table:
                extend = strings("extend-select", table["extend-select"])
                config = replace(config, extend=(*config.extend, *extend))
            if "check" in table:
                if not isinstance(table["check"], Mapping):
                    raise ConfigError("'check' must be a table of the settings of 'dehusk check'")  # noqa: TRY301
                config = replace(config, check={**config.check, **table["check"]})
            if "rules" in table:
                if not isinstance(table["rules"], Mapping):
                    raise ConfigError("'rules' must be a table of tables, one for each rule")  # noqa: TRY301
                merged = {find_rule(key, RULES).name: dict(value) for key, value in config.options.items()}
                for key, value in table["rules"].items():
                    if not isinstance(value, Mapping):
                        raise ConfigError(f"'rules.{key}' must be a table of the rule's options")  # noqa: TRY301
                    merged.setdefault(find_rule(key, RULES).name, {}).update(value)
                config = replace(config, options=merged)
        except ConfigError as error:
            raise ConfigError(f"{source}: {error}") from error
        return config


@cache
def default() -> Config:
    """Return the configuration that holds where there is no other."""
    return Config()


def load(path: Path) -> Config:
    """Return the configuration in a file. Raises ConfigError, naming the file, when it cannot be used."""
    return Config().updated(_table(path) or {}, source=_shown(path))


def find(folder: Path) -> Path | None:
    """Return the closest configuration file, in ``folder`` or above; ``None`` when there is none.

    A ``pyproject.toml`` counts only if it has a table ``tool.dehusk``. Raises ConfigError for broken TOML.
    """
    folder = folder.resolve()
    return next((path for parent in (folder, *folder.parents) if (path := find_in(parent))), None)


def find_in(folder: Path) -> Path | None:
    """Return the configuration file in ``folder`` itself; ``None`` when there is none. Raises ConfigError likewise."""
    for name in FILE_NAMES:
        path = folder / name
        # Not Path.is_file, which raises an error where a name is too long or a folder must not be looked into.
        if os.path.isfile(path) and _table(path) is not None:  # noqa: PTH113
            return path
    return None


def parse_setting(text: str) -> Mapping[str, Any]:
    """Return the table of an inline setting such as ``rules.related.max-words=20``. Raises ConfigError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{text!r} is neither a file nor a setting KEY=VALUE in TOML") from error


def known_rules(extra: Iterable[Rule] = ()) -> tuple[Rule, ...]:
    """Return all rules in the order in which they run, with ``extra`` ones before those that mend white space."""
    end = max(place for place, rule in enumerate(RULES, 1) if not rule.code.startswith("W"))
    return (*RULES[:end], *extra, *RULES[end:])


def specificity(selector: str, rule: Rule) -> int:
    """Return how closely ``selector`` names ``rule``: 0 not at all, 1 as one of all, more for longer prefixes."""
    if selector == ALL:
        return 1
    if selector.lower() == rule.name:
        return 2 + len(rule.code)
    return 1 + len(selector) if selector and rule.code.startswith(selector.upper()) else 0


def find_rule(key: str, rules: Iterable[Rule]) -> Rule:
    """Return the rule with this code or name. Raises ConfigError, with a suggestion, when there is none."""
    rules = tuple(rules)
    for rule in rules:
        if key.upper() == rule.code or key.lower() == rule.name:
            return rule
    names = [name for rule in rules for name in (rule.code, rule.name)]
    raise ConfigError(f"there is no rule '{key}'{suggestion(key, names)}")


def suggestion(word: str, candidates: Iterable[str]) -> str:
    """Return ``; did you mean '…'?`` with the candidate closest to ``word``, or all candidates if they are few."""
    from difflib import get_close_matches

    candidates = tuple(candidates)
    folded = {candidate.lower(): candidate for candidate in candidates}
    close = get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{folded[close[0]]}'?"
    return f"; there are {', '.join(candidates)}" if len(candidates) <= 6 else "; see 'dehusk rules'"


def _require(selector: str, rules: Iterable[Rule]) -> None:
    if not any(specificity(selector, rule) for rule in rules):
        names = [name for rule in rules for name in (rule.code, rule.name)]
        raise ConfigError(f"there is no rule '{selector}'{suggestion(selector, names)}")


def _table(path: Path) -> Mapping[str, Any] | None:
    """Return the configuration in a file, ``None`` for a ``pyproject.toml`` that has none. Raises ConfigError."""
    within = path.name == "pyproject.toml"
    try:
        data = path.read_bytes()
        if within and b"dehusk" not in data:
            return None
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{_shown(path)}: cannot be read: {error}") from error
    import tomllib  # late, as it takes a while to load and most runs have no configuration

    try:
        table: Mapping[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{_shown(path)}: not valid TOML: {error}") from error
    for key in ("tool", "dehusk") if within else ():
        if key not in table:
            return None
        table = table[key]
        if not isinstance(table, Mapping):
            raise ConfigError(f"{_shown(path)}: '{key}' must be a table, not {table!r}")
    return table


def _shown(path: Path) -> str:
    """Return a path as messages show it: from the current folder, if it is in there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _configured(rule: Rule, table: Mapping[str, Any]) -> Rule:
    options = {item.name: item for item in fields(rule)}
    values = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in options:
            names = [option.replace("_", "-") for option in options]
            hint = suggestion(key, names) if names else "; it has none"
            raise ConfigError(f"rule {rule.name} has no option '{key}'{hint}")
        bounds = options[name].metadata.get("bounds", (-inf, inf))
        values[name] = _value(f"rules.{rule.name}.{key}", value, getattr(rule, name), bounds)
    return replace(rule, **values)


def _value(key: str, value: Any, default: Any, bounds: tuple[float, float]) -> Any:
    """Return a value from TOML for an option of the type of ``default``.

    Raises ConfigError for another type, and for a number that is not within ``bounds``.
    """
    if isinstance(default, tuple):
        return strings(key, value)
    kinds: dict[type, tuple[type | tuple[type, ...], str]] = {
        bool: (bool, "true or false"),
        int: (int, "a whole number"),
        float: ((int, float), "a number"),
        str: (str, "a text"),
        dict: (Mapping, "a table"),
    }
    expected, name = kinds[type(default)]
    if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
        raise ConfigError(f"'{key}' must be {name}, not {value!r}")
    least, most = bounds
    if isinstance(value, int | float) and not least <= value <= most:
        allowed = f"at least {least}" if most == inf else f"between {least} and {most}"
        raise ConfigError(f"'{key}' must be {allowed}, not {value!r}")
    return value


def strings(key: str, value: Any) -> tuple[str, ...]:
    """Return the list of texts that TOML has for ``key``. Raises ConfigError for anything else."""
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"'{key}' must be a list of texts, not {value!r}")
    return tuple(value)
