"""The small pattern language of the phrase packs: text, ``(choice|choice)``, ``[optional]`` and ``{placeholder}``.

Templates become regular expressions whose every repetition is bounded, so that matching the beginning of a text of
bounded length takes bounded time, whatever the text says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from dehusk.errors import ConfigError

# A capital in any script: a letter that is not one of the small letters of Latin, Greek or Cyrillic.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿāăąćčďđēėęěğģīįıķļłńņňőœřśşšţťūůűųźżžά-ώа-я]"
_NAME_PART = rf"(?-i:{_CAPITAL}[\w.'-]{{0,24}})"
_PARTICLE = r"(?-i:v[ao]n|de[lr]?|den|d[aiou]s?|la|le|ter|ten|bin|al|el|y|zu)"
_NAME = rf"(?!NO_NAME\b){_NAME_PART}(?: (?:{_PARTICLE} ){{0,2}}{_NAME_PART}){{1,3}}"

NETWORKS = (
    "facebook twitter x linkedin pinterest reddit whatsapp telegram instagram youtube tiktok tumblr messenger flipboard"
    " pocket mastodon bluesky threads xing rss snapchat vk viber line google+ email e-mail print"
).split()

PLACEHOLDERS: Mapping[str, str] = {
    "n": r"\d[\d.,]{0,9}[km]?",
    "name": _NAME,
    "names": rf"{_NAME}(?:(?:, | and | & |, and | und | with | et | y | e | en | i | и ){_NAME}){{0,3}}",
    "word": r"[\w'-]{1,40}",
    "any": r".{1,120}",
    "sep": r" ?[,|•·/–—:;()-]",
    "bar": r" ?[|•·–—-]",
    "network": rf"(?:{'|'.join(map(re.escape, NETWORKS))})",
    "time": r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?(?: (?-i:[A-Z]{2,4})\b)?",
    "date": r"(?:DATE|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})",
}
"""What each placeholder matches. ``{name}`` is a person's: two to four capitalized words, with their particles."""

# The words that a placeholder can begin with, where they are few.
_BEGINNINGS: Mapping[str, frozenset[str]] = {
    "n": frozenset(["0"]),
    "time": frozenset(["0"]),
    "name": frozenset(["A"]),
    "names": frozenset(["A"]),
    "date": frozenset(["DATE"]),
    "network": frozenset(re.match(r"\w+", name)[0] for name in NETWORKS),  # type: ignore[index]
}


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


@dataclass(frozen=True, slots=True)
class _Placeholder:
    name: str


@dataclass(frozen=True, slots=True)
class _Group:
    kind: Literal["(", "["]
    choices: "tuple[_Sequence, ...]"


_Sequence = tuple[_Text | _Placeholder | _Group, ...]
_CLOSING = {"(": ")", "[": "]"}


class Words(NamedTuple):
    """Words of a language that placeholders stand on: for dates the months and weekdays, in full and abbreviated.

    ``determiners`` begin no person's name, though they may be capitalized in a heading.
    """

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()


NO_WORDS = Words()


def compile_template(pattern: str, *, vocabulary: Words = NO_WORDS) -> re.Pattern[str]:
    """Return the regular expression of a template, which matches whole words.

    Raises ConfigError for unbalanced brackets and unknown placeholders.
    """
    regex = _regex(_parse(pattern)).replace("DATE", _dates(vocabulary)).replace("NO_NAME", _any(vocabulary.determiners))
    return re.compile(regex + r"(?!\w)", re.IGNORECASE)


def first_words(pattern: str, *, vocabulary: Words = NO_WORDS) -> frozenset[str]:
    """Return the lower-case words a matching text may begin with.

    ``0`` stands for any number, ``A`` for any capitalized word, ``*`` for any word; a date may also begin with one of
    the months or weekdays. Raises ConfigError as :func:`compile_template` does.
    """
    words, complete = _first_words(_parse(pattern))
    if "DATE" in words:
        words = words - {"DATE"} | {"0", *map(str.lower, vocabulary.months + vocabulary.weekdays)}
    return frozenset(words if complete else words | {"*"})


def fewest_words(pattern: str) -> int:
    """Return how many words, set apart by spaces, a text that matches has at least. Raises ConfigError, too."""
    return sum(any(map(str.isalnum, word)) for word in _shortest(_parse(pattern)).split())


def _shortest(items: _Sequence) -> str:
    """Return a text of as few words as can match."""
    parts = []
    for item in items:
        if isinstance(item, _Text):
            parts.append(item.text)
        elif isinstance(item, _Placeholder):
            parts.append("a b" if item.name in ("name", "names") else "a" if item.name != "sep" else "")
        elif item.kind == "(":
            parts.append(min(map(_shortest, item.choices), key=lambda text: len(text.split())))
    return "".join(parts)


def _parse(pattern: str) -> _Sequence:
    choices, at = _parse_choices(pattern, 0, "")
    if len(choices) != 1 or at != len(pattern):
        raise ConfigError(f"phrase {pattern!r}: a choice needs brackets around it, and every bracket its partner")
    return choices[0]


def _parse_choices(pattern: str, at: int, closing: str) -> tuple[tuple[_Sequence, ...], int]:
    """Return the alternatives up to the ``closing`` bracket, and the position after it."""
    choices: list[_Sequence] = []
    items: list[_Text | _Placeholder | _Group] = []
    while at < len(pattern):
        char = pattern[at]
        if char in "([":
            inner, at = _parse_choices(pattern, at + 1, _CLOSING[char])
            items.append(_Group("(" if char == "(" else "[", inner))
        elif char == closing:
            return (*choices, tuple(items)), at + 1
        elif char == "|":
            choices.append(tuple(items))
            items = []
            at += 1
        elif match := re.compile(r"\{(\w+)\}").match(pattern, at):
            if match[1] not in PLACEHOLDERS:
                known = ", ".join(PLACEHOLDERS)
                raise ConfigError(f"phrase {pattern!r}: no placeholder {match[0]}; there are {known}")
            items.append(_Placeholder(match[1]))
            at = match.end()
        else:
            match = re.compile(r"[^(\[\])|{]+|.", re.DOTALL).match(pattern, at)
            assert match is not None  # noqa: S101 (the expression matches any character)
            items.append(_Text(match[0]))
            at = match.end()
    if closing:
        raise ConfigError(f"phrase {pattern!r}: a bracket is not closed")
    return (*choices, tuple(items)), at


def _regex(items: _Sequence) -> str:
    """Return the expression of a sequence. An absent option takes the space on one side along."""
    parts: list[str] = []
    texts = [item.text if isinstance(item, _Text) else "" for item in items]
    for i, item in enumerate(items):
        if isinstance(item, _Placeholder):
            parts.append(PLACEHOLDERS[item.name])
        elif isinstance(item, _Group):
            choice = "|".join(map(_regex, item.choices))
            if item.kind == "(":
                parts.append(f"(?:{choice})")
            elif i and texts[i - 1].endswith(" "):
                parts[-1] = parts[-1].removesuffix("\\ ")
                parts.append(f"(?:\\ (?:{choice}))?")
            elif texts[i + 1 :] and texts[i + 1].startswith(" ") and (not i or _is_text(items[i - 1], " ")):
                texts[i + 1] = texts[i + 1][1:]
                parts.append(f"(?:(?:{choice})\\ )?")
            else:
                parts.append(f"(?:{choice})?")
        else:
            parts.append(re.escape(texts[i]))
    return "".join(parts)


def _is_text(item: _Text | _Placeholder | _Group, ending: str) -> bool:
    return isinstance(item, _Text) and item.text.endswith(ending)


def _first_words(items: _Sequence) -> tuple[set[str], bool]:
    """Return the possible first words, and whether a text must begin with one of them."""
    words: set[str] = set()
    for item in items:
        if isinstance(item, _Text):
            if match := re.search(r"©|\w+", item.text):
                return words | {"0" if match[0][0].isdigit() else match[0].lower()}, True
        elif isinstance(item, _Placeholder):
            if item.name not in ("sep", "bar"):
                return words | _BEGINNINGS.get(item.name, {"*"}), True
        else:
            results = [_first_words(choice) for choice in item.choices]
            words |= set().union(*(result[0] for result in results))
            if item.kind == "(" and all(complete for _, complete in results):
                return words, True
    return words, False


@lru_cache(maxsize=32)
def _dates(vocabulary: Words) -> str:
    """Return a regular expression for dates with a written month; a weekday, before, and the year may be absent."""
    month, weekday = _any(vocabulary.months), _any(vocabulary.weekdays)
    day = r"\d{1,2}(?:st|nd|rd|th|\.|er|º)?"
    return (
        rf"(?:{weekday}\b\.?,? )?(?:{day} (?:de |of )?{month}\b\.?|{month}\b\.? {day})"
        r",?(?: (?:de )?\d{4}\b)?"
    )


def _any(words: tuple[str, ...]) -> str:
    """Return an expression for any of ``words``, the longest first; one that never matches when there are none."""
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})" if words else "(?!)"
