"""JSON objects whose members stay text, so that what is carried through is as it was written, to the last digit."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from math import isfinite
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")
# Numbers are not looked at: as floats, they may have any length.
_DECODER = json.JSONDecoder(parse_int=float)


def members(text: str) -> dict[str, str]:
    """Return the members of a JSON object, in a text that is known to be one: names to values as they are written.

    >>> members('{"a": 1e400, "b": [1, "\\u00e9"]}')
    {'a': '1e400', 'b': '[1, "é"]'}
    """
    found: dict[str, str] = {}
    place = _behind_space(text, text.index("{") + 1)
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        begin = _behind_space(text, _behind_space(text, place) + 1)  # with the colon between
        _, end = _DECODER.raw_decode(text, begin)
        found[name] = text[begin:end].replace("\r", " ")  # which can only be space, and would end a line for some
        place = _behind_space(text, end)
        if text[place] == ",":
            place = _behind_space(text, place + 1)
    return found


def _behind_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


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
