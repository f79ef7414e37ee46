"""JSON objects as they are written: what the value of each member is, and where in the text it stands."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from dehusk.errors import InputError

_SPACE = re.compile(r"[ \t\r\n]*")


class Member(NamedTuple):
    """A member of an object: its value is written from the character ``start`` to before ``end``."""

    name: str
    value: Any
    start: int
    end: int


def members(text: str, constant: Callable[[str], Any] = float) -> Iterator[Member]:
    """Yield the members of the object that ``text`` is, in order.

    Numbers are floats: Python makes no whole numbers of thousands of digits. ``constant`` is called with ``NaN`` and
    the like, which Python writes though JSON does not know them; what it raises as a ValueError makes them invalid.
    Raises InputError, when it comes to that, for what is no such object.
    """
    decode = json.JSONDecoder(parse_int=float, parse_constant=constant).raw_decode
    try:
        at = _behind_space(text, 0)
        if not text.startswith("{", at):
            decode(text, at)
            raise InputError("not a JSON object; each line must be one")
        at = _behind_space(text, at + 1)
        more = not text.startswith("}", at)
        while more:
            if not text.startswith('"', at):
                raise _expected("property name enclosed in double quotes", text, at)
            name, at = decode(text, at)
            start = _behind_space(text, _behind(":", text, at))
            value, end = decode(text, start)
            yield Member(name, value, start, end)
            at = _behind_space(text, end)
            more = not text.startswith("}", at)
            if more:
                at = _behind_space(text, _behind(",", text, at))
        at = _behind_space(text, at + 1)
        if at < len(text):
            raise json.JSONDecodeError("Extra data", text, at)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON: {error}") from error


def _behind(sign: str, text: str, at: int) -> int:
    at = _behind_space(text, at)
    if not text.startswith(sign, at):
        raise _expected(f"'{sign}' delimiter", text, at)
    return at + 1


def _behind_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _expected(what: str, text: str, at: int) -> json.JSONDecodeError:
    return json.JSONDecodeError(f"Expecting {what}", text, at)
