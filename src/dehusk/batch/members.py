"""JSON objects whose members stay text, so that what is carried through is as it was written, to the last digit."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from math import isfinite
from typing import Any

from dehusk.json_object import Member, members


def written(text: str) -> dict[str, str]:
    """Return the members of the JSON object that ``text`` is: names to values as they are written. Raises InputError.

    >>> written('{"a": 1e400, "b": [1, "é"]}')
    {'a': '1e400', 'b': '[1, "é"]'}
    """
    return as_written(members(text), text)


def as_written(found: Iterable[Member], text: str) -> dict[str, str]:
    """Return members that were found in ``text``: names to values as they are written, but on one line."""
    # A carriage return can only be space there, and would end a line for some.
    return {member.name: text[member.start : member.end].replace("\r", " ") for member in found}


def joined(values: Mapping[str, str]) -> str:
    """Return the JSON object with such members."""
    return "{" + ",".join(f"{dumped(name)}:{value}" for name, value in values.items()) + "}"


def line(values: Mapping[str, str]) -> bytes:
    """Return the JSON object with such members as a line."""
    from dehusk.writers.json import LINE_ENDS

    return (joined(values).translate(LINE_ENDS) + "\n").encode("utf-8", "replace")


def dumped(value: object) -> str:
    """Return a value as JSON.

    Of what JSON has no form for, bytes are in base64, days and times in ISO 8601, and numbers that are none are null.
    """
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"), default=_plain)


def aside(names: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """Return what each name becomes where some are taken: what it is, or one with ``_original`` behind it.

    >>> aside(["id", "text", "dehusk", "dehusk_original"], ["text", "dehusk"])
    {'id': 'id', 'text': 'text_original', 'dehusk': 'dehusk_original_original', 'dehusk_original': 'dehusk_original'}
    """
    names = tuple(names)
    used = {*names, *taken}
    found: dict[str, str] = {}
    for name in names:
        other = name
        while name in taken and other in used:
            other += "_original"
        used.add(other)
        found[name] = other
    return found


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, list | tuple) else value


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        from base64 import b64encode

        return b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, date | time) else str(value)
