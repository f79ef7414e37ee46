"""The small pattern language of the phrase packs: text, ``(choice|choice)``, ``[optional]`` and ``{placeholder}``.

Templates become regular expressions whose every repetition is bounded, so that matching the beginning of a text of
bounded length takes bounded time, whatever the text says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from dehusk.errors import ConfigError
from dehusk.phrases import UNSPACED

# A capital in any script: a letter that is not one of the small letters of Latin, Greek or Cyrillic.
_CAPITAL = r"[^\W\d_a-zß-öø-ÿāăąćčďđēėęěğģīįıķļłńņňőœřśşšţťūůűųźżžά-ώа-яѐ-џґ]"
_NAME_PART = rf"(?-i:{_CAPITAL}[\w.'-]{{0,24}})"
_PARTICLE = r"(?-i:v[ao]n|de[lr]?|den|d[aiou]s?|la|le|ter|ten|bin|al|el|y|zu)"
_AND = "and|und|with|et|y|e|en|i|и|och|og|a|ve|та|і|й"
_NAME = rf"(?!NO_NAME\b){_NAME_PART}(?: (?:{_PARTICLE} ){{0,2}}{_NAME_PART}){{1,3}}"

NETWORKS = (
    "facebook twitter x linkedin pinterest reddit whatsapp telegram instagram youtube tiktok tumblr messenger flipboard"
    " pocket mastodon bluesky threads xing rss snapchat vk viber line google+ email e-mail print"
).split()

# A name in a script without capitals, in which particles are written in hiragana.
_LETTER = r"[^\W\d_\x00-\xff\u3041-\u3096]"
_PERSON = rf"(?:{_LETTER}{{2,5}}|{_LETTER}{{1,8}}(?:[ ・·]{_LETTER}{{1,8}}){{1,2}})"

PLACEHOLDERS: Mapping[str, str] = {
    "n": r"\d[\d.,]{0,9}[km]?",
    "name": _NAME,
    "names": rf"{_NAME}(?:(?:, | & | (?:{_AND}) ){_NAME}){{0,3}}",
    "persons": rf"{_PERSON}(?:(?:[、/ ]| / ){_PERSON}){{0,3}}",
    "word": r"[\w'-]{1,40}",
    "any": r".{1,120}",
    "sep": r" ?[,|•·/–—:;()\]-]",
    "bar": r" ?[|•·–—-]",
    "network": rf"(?:{'|'.join(map(re.escape, NETWORKS))})",
    "time": r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\b\.?)?(?: (?-i:[A-Z]{2,4})\b)?",
    "date": r"(?:DATE|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\. \d{1,2}\. \d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})",
}
"""What each placeholder matches. ``{name}`` is a person's: two to four capitalized words, with their particles.
``{persons}`` are one to four names in a script without capitals: two to five letters, or parts with spaces between.
"""


@dataclass(frozen=True, slots=True)
class Text:
    """What a text must say."""

    text: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What :data:`PLACEHOLDERS` describes."""

    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """One of some ``choices``, or nothing if ``optional``; ``before`` and ``after`` stand around it if it is there."""

    choices: "tuple[Sequence, ...]"
    optional: bool = False
    before: str = ""
    after: str = ""


Sequence = tuple[Text | Placeholder | Group, ...]
_CLOSING = {"(": ")", "[": "]"}


class Words(NamedTuple):
    """Words of a language that placeholders stand on: for dates the months and weekdays, in full and abbreviated.

    ``determiners`` begin no person's name, though they may be capitalized in a heading. ``units`` are what stands
    behind the numbers of year, month and day, where months have numbers.
    """

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    determiners: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


NO_WORDS = Words()


def compile_template(pattern: str, *, vocabulary: Words = NO_WORDS) -> re.Pattern[str]:
    """Return the regular expression of a template, which matches whole words, in scripts that have spaces between them.

    Raises ConfigError for unbalanced brackets and unknown placeholders.
    """
    regex = _regex(parse(pattern), vocabulary)
    boundary = r"(?!\w)" if max(pattern, default="") < UNSPACED[0] else ""
    return re.compile(regex + boundary, re.IGNORECASE)


def parse(pattern: str) -> Sequence:
    """Return the items of a template. Raises ConfigError for unbalanced brackets and unknown placeholders."""
    choices, at = _parse_choices(pattern, 0, "")
    if len(choices) != 1 or at != len(pattern):
        raise ConfigError(f"phrase {pattern!r}: a choice needs brackets around it, and every bracket its partner")
    return choices[0]


def _parse_choices(pattern: str, at: int, closing: str) -> tuple[tuple[Sequence, ...], int]:
    """Return the alternatives up to the ``closing`` bracket, and the position after it."""
    choices: list[Sequence] = []
    items: list[Text | Placeholder | Group] = []
    while at < len(pattern):
        char = pattern[at]
        if char in "([":
            inner, at = _parse_choices(pattern, at + 1, _CLOSING[char])
            items.append(Group(inner, optional=char == "["))
        elif char == closing:
            return (*choices, _spaced(items)), at + 1
        elif char == "|":
            choices.append(_spaced(items))
            items = []
            at += 1
        elif match := re.compile(r"\{(\w+)\}").match(pattern, at):
            if match[1] not in PLACEHOLDERS:
                known = ", ".join(PLACEHOLDERS)
                raise ConfigError(f"phrase {pattern!r}: no placeholder {match[0]}; there are {known}")
            items.append(Placeholder(match[1]))
            at = match.end()
        else:
            match = re.compile(r"[^(\[\])|{]+|.", re.DOTALL).match(pattern, at)
            assert match is not None  # noqa: S101 (the expression matches any character)
            items.append(Text(match[0]))
            at = match.end()
    if closing:
        raise ConfigError(f"phrase {pattern!r}: a bracket is not closed")
    return (*choices, _spaced(items)), at


def _spaced(items: list[Text | Placeholder | Group]) -> Sequence:
    """Return a sequence in which each option has the space on one side, which goes when it is absent."""
    found = list(items)
    for i, item in enumerate(items):
        if not isinstance(item, Group) or not item.optional:
            continue
        above, below = found[i - 1] if i else None, found[i + 1] if i + 1 < len(found) else None
        if isinstance(above, Text) and above.text.endswith(" "):
            found[i - 1 : i + 1] = Text(above.text[:-1]), replace(item, before=" ")
        elif isinstance(below, Text) and below.text.startswith(" ") and (not i or _is_text(items[i - 1], " ")):
            found[i : i + 2] = replace(item, after=" "), Text(below.text[1:])
    return tuple(found)


def _is_text(item: Text | Placeholder | Group, ending: str) -> bool:
    return isinstance(item, Text) and item.text.endswith(ending)


def _regex(items: Sequence, vocabulary: Words) -> str:
    """Return the expression of a sequence."""
    parts: list[str] = []
    for item in items:
        if isinstance(item, Text):
            parts.append(re.escape(item.text))
        elif isinstance(item, Placeholder):
            parts.append(_filled(PLACEHOLDERS[item.name], vocabulary))
        else:
            choice = f"(?:{'|'.join([_regex(each, vocabulary) for each in item.choices])})"
            around = f"(?:{re.escape(item.before)}{choice}{re.escape(item.after)})?"
            parts.append(around if item.optional else choice)
    return "".join(parts)


@lru_cache(maxsize=256)
def _filled(regex: str, vocabulary: Words) -> str:
    """Return the expression of a placeholder with the words of a language in it."""
    return regex.replace("DATE", _dates(vocabulary)).replace("NO_NAME", _any(vocabulary.determiners))


@lru_cache(maxsize=32)
def _dates(vocabulary: Words) -> str:
    """Return a regular expression for dates with a written month; a weekday, before, and the year may be absent.

    Where months have numbers the weekday stands behind the date.
    """
    month, weekday = _any(vocabulary.months), _any(vocabulary.weekdays)
    if vocabulary.units:
        of_year, of_month, of_day = vocabulary.units
        named = rf"(?:\d{{2,4}}{of_year} ?)?\d{{1,2}}{of_month} ?\d{{1,2}}{of_day}"
        return rf"(?:{named}|\d{{4}}\. \d{{1,2}}\. \d{{1,2}}\.?)(?: ?\(?{weekday}\)?)?"
    day = r"\d{1,2}(?:st|nd|rd|th|\.|er|º)?"
    return (
        rf"(?:{weekday}\b\.?,? )?(?:{day} (?:de |of )?{month}\b\.?|{month}\b\.? {day})"
        r",?(?: (?:de )?\d{4}\b)?"
    )


def _any(words: tuple[str, ...]) -> str:
    """Return an expression for any of ``words``, the longest first; one that never matches when there are none."""
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})" if words else "(?!)"
