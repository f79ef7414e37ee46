"""What of a page may go to a terminal."""

import re
from functools import cache


def printable(text: str) -> str:
    """Return ``text`` with its control characters made visible, so that a terminal does not obey them."""
    return text if text.isprintable() else _unprintable().sub(_visible, text)


@cache
def _unprintable() -> re.Pattern[str]:
    """Return an expression that takes a while to compile.

    It is for C0 without tab and line end, DEL, C1, and surrogates, as undecodable bytes of a file's name come through.
    """
    return re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
