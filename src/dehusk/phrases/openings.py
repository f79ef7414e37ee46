"""How texts that phrases match begin: the first two words, by which phrases are filed and found.

The openings of a template are found by writing down what it may begin with, choice by choice, until two words are
there. A placeholder that may be anything stands in what is written as a sign of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from dehusk.phrases import ANY, DATE, NAME, NUMBER, UNSPACED, Index, Phrase, folded
from dehusk.phrases.template import NETWORKS, Group, Placeholder, Text, Words, parse
from dehusk.phrases.template import Sequence as Items

_SIGNS: Mapping[str, str] = {"\ue000": ANY, "\ue001": NUMBER, "\ue002": NAME, "\ue003": DATE}
_ANY, _NUMBER, _NAME, _DATE = _SIGNS
_LETTERS = re.compile(r"\w++")
_TOKEN = re.compile(rf"©|(?:[^\W{UNSPACED}]|[{_ANY}-{_DATE}])+|\w")
_ENDED = re.compile(rf"[{UNSPACED}]")


class Opening(NamedTuple):
    """What a text may begin with: folded words, the sign of a number or the like, ``*`` for any or none, or nothing."""

    first: str
    second: str


def openings(pattern: str, *, vocabulary: Words, whole: bool) -> set[Opening]:
    """Return the openings of texts that a template matches, with nothing behind it if it must match the ``whole``.

    Raises ConfigError for a pattern that makes no sense.
    """
    found = set()
    dates = {folded(word) for word in (*vocabulary.months, *vocabulary.weekdays)}
    for beginning in _beginnings(parse(pattern), vocabulary):
        words = [_sign(match[0]) for match in islice(_TOKEN.finditer(beginning), 2)]
        first, second = [*words, *("" if whole else ANY for _ in range(2))][:2]
        # Behind a word a date may be anything: so many entries for so few texts would take too long to load.
        is_loose = first in (ANY, NAME) or (second in dates and first != NUMBER)
        found.add(Opening(first or ANY, ANY if is_loose else second))
    return found


def index(phrases: Sequence[Phrase]) -> Index:
    """Return the index of phrases, which are numbered in their order. Raises ConfigError."""
    numbers: dict[str, dict[str, list[int]]] = {}
    for number, phrase in enumerate(phrases):
        vocabulary, whole = Words(*phrase.vocabulary), phrase.at == "whole"
        found = openings(phrase.pattern, vocabulary=vocabulary, whole=whole)
        for first, second in found:
            numbers.setdefault(first, {}).setdefault(second, []).append(number)
    return {first: _packed(seconds) for first, seconds in sorted(numbers.items())}


def _packed(seconds: Mapping[str, Sequence[int]]) -> str:
    words: dict[str, list[str]] = {}
    for word, numbers in sorted(seconds.items()):
        words.setdefault(",".join(map(str, numbers)), []).append(word)
    return ";".join(" ".join((numbers, *found)) for numbers, found in words.items())


def needed_words(pattern: str, *, vocabulary: Words) -> frozenset[str]:
    """Return folded words of which a text that a template matches has one at least; none if none are known.

    ``NUMBER`` among them is any digit, ``DATE`` a date in numbers. Of several sets it is the one with the longest
    words, which are the rarest. Raises ConfigError, too.
    """
    return _needed(parse(pattern), _numbers(vocabulary), begins=True, ends=True)


def _numbers(vocabulary: Words) -> Mapping[str, frozenset[str]]:
    """Return what a text needs for each placeholder that stands for numbers."""
    numbers = dict.fromkeys(("n", "date", "time"), frozenset((NUMBER,)))
    if not vocabulary.units:
        numbers["date"] = frozenset((DATE, *map(folded, vocabulary.months)))
    return numbers


def _needed(items: Items, numbers: Mapping[str, frozenset[str]], *, begins: bool, ends: bool) -> frozenset[str]:
    """Return words that a sequence needs, whose edges begin and end words or may be in the middle of them."""
    sets: list[frozenset[str]] = [frozenset()]
    for i, item in enumerate(items):
        before, after = _is_apart(items[:i][::-1], -1, begins), _is_apart(items[i + 1 :], 0, ends)
        if isinstance(item, Text):
            found = _LETTERS.finditer(item.text)
            sets += [
                frozenset((folded(match[0]),))
                for match in found
                if (match.start() > 0 or before) and (match.end() < len(item.text) or after)
                if not _ENDED.search(match[0])
            ]
        elif isinstance(item, Placeholder):
            sets.append(numbers.get(item.name, frozenset()))
        elif not item.optional:
            choices = [_needed(choice, numbers, begins=before, ends=after) for choice in item.choices]
            sets += [frozenset().union(*choices)] if all(choices) else []
    return max(sets, key=lambda words: sum(map(len, words)) / max(len(words), 1))


def _is_apart(items: Items, edge: int, end: bool) -> bool:
    """Return whether what stands next to a text is no part of its last word, or first.

    ``items`` are what follows it, nearest first, and ``edge`` 0, or what precedes it, and -1. ``end`` tells the same of
    what comes behind them.
    """
    if not items:
        return end
    item, more = items[0], items[1:]
    if isinstance(item, Text) and item.text:
        return not _LETTERS.match(item.text[edge])
    if isinstance(item, Placeholder):
        return item.name in ("sep", "bar")
    if isinstance(item, Group):
        choices = (choice[::-1] if edge else choice for choice in item.choices)
        if not ((item.before, item.after)[edge] or all(_is_apart(choice, edge, False) for choice in choices)):
            return False
        if not item.optional:
            return True
    return _is_apart(more, edge, end)


def _beginnings(items: Items, vocabulary: Words) -> set[str]:
    """Return texts with which everything begins that a sequence matches: two words of it, or all."""
    done: set[str] = set()
    open_ends = {""}
    for item in items:
        more = {end + piece for end in open_ends for piece in _pieces(item, vocabulary)}
        open_ends = {text for text in more if not _is_enough(text)}
        done |= more - open_ends
    return done | open_ends


def _is_enough(text: str) -> bool:
    """Return whether the first two words are all there: something follows the second, or it may be any or not grow."""
    tokens = list(islice(_TOKEN.finditer(text), 2))
    if any(_ANY in token[0] for token in tokens):
        return True
    return len(tokens) == 2 and (tokens[1].end() < len(text) or _ENDED.match(tokens[1][0]) is not None)


def _pieces(item: Text | Placeholder | Group, vocabulary: Words) -> Iterator[str]:
    if isinstance(item, Text):
        yield item.text
    elif isinstance(item, Placeholder):
        yield from _PLACEHOLDERS.get(item.name, (_ANY,)) if item.name != "date" else _dates(vocabulary)
    else:
        for choice in item.choices:
            yield from (item.before + beginning + item.after for beginning in _beginnings(choice, vocabulary))
        if item.optional:
            yield ""


_PLACEHOLDERS: Mapping[str, Sequence[str]] = {
    "n": (_NUMBER,),
    "time": (_NUMBER, f"{_NUMBER}:{_NUMBER} "),
    "name": (f"{_NAME} {_ANY}",),
    "names": (f"{_NAME} {_ANY}",),
    "persons": (_NAME,),
    "network": NETWORKS,
    "sep": ("|",),
    "bar": ("|",),
}


def _dates(vocabulary: Words) -> Iterator[str]:
    yield from (f"{_NUMBER} {_DATE} ", f"{_NUMBER} de ", f"{_NUMBER} of ")
    for month in map(folded, vocabulary.months):
        yield from (f"{_NUMBER} {month} ", f"{month} {_NUMBER} ")
    yield from (f"{folded(weekday)} {_ANY}" for weekday in vocabulary.weekdays)
    yield from (f"{_NUMBER}{unit} " for unit in vocabulary.units[:2])


def _sign(token: str) -> str:
    """Return the word, or what it may be, of a token, which may be part word and part placeholder."""
    if token[0].isdigit() or token[0] in _SIGNS:
        return _SIGNS.get(token[0], NUMBER)
    return folded(token) if _SIGNS.keys().isdisjoint(token) else ANY
