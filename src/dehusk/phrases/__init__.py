"""Phrase packs: the wording of husk as data, one TOML file a language, matched by a lexicon.

A pack holds, for each family of phrases, entries of this form::

    [[newsletter]]
    pattern = "(subscribe to|sign up for) [our|the] [free] newsletter"
    at = "start"
    match = ["Sign up for our newsletter and never miss a story."]
    keep = ["Signing up for the newsletter took her a minute."]

``pattern`` is written in lower case with straight quotes; ``(a|b)`` is a choice, ``[a|b]`` may be absent, and
``{name}``, ``{date}`` and the like stand for what :data:`dehusk.phrases.template.PLACEHOLDERS` says. ``at`` is
``whole`` (the block says this and nothing else; the default) or ``start`` (the block begins with it). ``where`` is
``any``, or confines the phrase to the ``head`` of a document, its ``tail``, or either (``edge``). ``words`` caps the
length of the block. ``match`` and ``keep`` are texts that must and must not match; the tests hold every entry to them.

Full-width signs are compared as those of ASCII. In scripts without spaces between words each character is a word for
the index, and two are one for ``words``.

What runs is ``packs.json``, which ``python -m dehusk.phrases.build`` makes of the packs: reading it takes a tenth of
the time that reading TOML takes, and every start of the program has to.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Literal

PACKS = Path(__file__).with_name("packs.json")

# Phrases are short: nothing past this many characters of a block is looked at, so the cost a block is bounded.
_REACH = 240

_DECORATION = " \t\r\n\u00a0\u200b\ufeff•·◦▪‣■□◆▼▽*–—-|>»›→▶▷►<«‹←◀◄↑↓⬆#+(["
_TRAILING = _DECORATION + ".:!?…;,)]"
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "…": "..."}
    | {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}  # the signs of ASCII, as wide as Han characters
    | {"。": ".", "【": "(", "】": ")", "〔": "(", "〕": ")"}
)
# A number is one word with its separators, as in 1,200.50 or 1,00,000; of a date in numbers the first is, or two are.
_WORD = re.compile(r"©|\d++(?:,\d\d(?=,)|[.,]\d{3}(?!\d))*+(?:[.,]\d++)?+\w*+|\w++")
_LETTERS = re.compile(r"\w++")
_DIGIT = re.compile(r"\d")
_NUMERIC_DATE = re.compile(r"\d{1,4}([^\w\s,])\s?\d{1,2}\1\s?\d{1,4}")
_WORDS = re.compile(rf"({_WORD.pattern})[^\w©]*+({_WORD.pattern})?+")
UNSPACED = "\u3040-\u9fff\uac00-\ud7a3"
"""Kana, Han and Hangul, as a set of a regular expression has them: each such character is a word of its own, for they
are written without spaces, or with particles right behind nouns."""
_FIRST_UNSPACED = UNSPACED[0]
ANY, NUMBER, NAME, DATE = "*", "0", "A", "D"
"""What phrases are filed under that begin with any word, a number, a name, or go on with the rest of a date."""

Index = Mapping[str, str]
"""By the first word of a text, which phrases may begin so.

``12,15 our the;7 *`` are two that go on with "our" or "the", and one that goes on with anything. That loads fast, and
is taken apart for the few words that texts begin with.
"""
# What phrases need that begin with a name: two words, or initials, of which the second may be a particle.
_CAPITALS = re.compile(r"\S+\s+(?:(?:v[ao]n|de[lr]?|den|d[aiou]s?|la|le|ter|ten|bin|al|el|y|zu)\b|[^a-z\s])")


@dataclass(frozen=True)
class Phrase:
    """One entry of a phrase pack; ``vocabulary`` is that of its language.

    A text that matches has one of the words that are ``needed``, if any are, or a digit or a date in numbers if
    ``NUMBER`` or ``DATE`` is: so many texts begin with a name or a number that matching them all would take long.

    Raises ConfigError, when first matched, for a pattern that makes no sense.
    """

    family: str
    pattern: str
    language: str = ""
    at: Literal["whole", "start"] = "whole"
    where: Literal["any", "head", "tail", "edge"] = "any"
    words: int = 40
    needed: tuple[str, ...] = ()
    vocabulary: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        from dehusk.phrases.template import Words, compile_template

        return compile_template(self.pattern, vocabulary=Words(*self.vocabulary))

    def matches(self, normal: "Normal") -> str:
        """Return the matched part of a normalized text, or an empty string."""
        if self.at == "whole":
            return normal.bare if normal.complete and self._regex.fullmatch(normal.bare) else ""
        match = self._regex.match(normal.text)
        return match[0] if match else ""


@dataclass(frozen=True, slots=True)
class Normal:
    """The beginning of a text as phrases are compared with it: straight quotes, single spaces, no bullets.

    ``bare`` has no closing punctuation either; ``complete`` says that nothing was cut off.
    """

    text: str
    bare: str
    complete: bool

    @classmethod
    def of(cls, text: str) -> "Normal":
        """Normalize ``text``."""
        start = text[:_REACH]
        if not start.isascii():
            start = start.translate(_STRAIGHT)
        start = " ".join(start.split()).lstrip(_DECORATION)
        return cls(start, start.rstrip(_TRAILING), len(text) <= _REACH)


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found at the beginning of a block, and the words that matched."""

    phrase: Phrase
    text: str


class Lexicon:
    """Phrases, findable by the first two words of a text, so that most texts cost one look-up and no matching.

    ``index`` tells, by these words, the numbers of the phrases; see :mod:`dehusk.phrases.openings`.
    """

    def __init__(self, phrases: Iterable[Phrase], index: Index) -> None:
        self.phrases = tuple(phrases)
        self._index = index
        self._seconds = cache(self._unpacked)
        self._anywhere = self._seconds(ANY).get(ANY, ())
        self._names = self._seconds(NAME).get(ANY, ())
        self._needed = frozenset(chain(*(self.phrases[number].needed for number in self._names)))

    def openings(self, words: Iterable[str]) -> list[int]:
        """Return the positions of those words, folded, with which phrases begin."""
        index = self._index
        return [i for i, word in enumerate(words) if word in index or word[:1].isdigit()]

    def cues(self, text: str) -> tuple[Cue, ...]:
        """Return the phrases that ``text`` begins with or consists of, in the order of the packs."""
        return self._matching(text, self.opened(text) | {*self._named(text)})

    def worded(self, text: str) -> tuple[Cue, ...]:
        """Return the same but for phrases that begin with a person's name, with which nearly any text may begin."""
        return self._matching(text, self.opened(text))

    def named(self, text: str) -> tuple[Cue, ...]:
        """Return those of these phrases that begin with a person's name."""
        return self._matching(text, self._named(text))

    def _matching(self, text: str, numbers: Collection[int]) -> tuple[Cue, ...]:
        phrases = [self.phrases[number] for number in sorted(numbers)]
        if len(text) > _REACH:
            phrases = [phrase for phrase in phrases if phrase.at == "start"]
        if not phrases:
            return ()
        normal = Normal.of(text)
        if any(phrase.needed for phrase in phrases):
            words = _said(normal.text)
            phrases = [phrase for phrase in phrases if not (phrase.needed and words.isdisjoint(phrase.needed))]
        found = [(phrase, phrase.matches(normal)) for phrase in phrases]
        return tuple([Cue(phrase, matched) for phrase, matched in found if matched])

    def _named(self, text: str) -> Sequence[int]:
        first = _WORD.search(text, 0, _REACH)
        if not (first and first[0][0].isupper() and _CAPITALS.match(text, first.start())):
            return ()
        lacks = self._needed.isdisjoint(_LETTERS.findall(folded(text[:_REACH])))
        return () if lacks and self._needed else self._names

    def opened(self, text: str) -> set[int]:
        """Return the numbers of the phrases that may begin with the first two words of ``text``."""
        match = _WORDS.search(text, 0, _REACH)
        if match and _has_unspaced(match[0]):
            match = _unspaced_words().search(text, match.start(), _REACH)
        if not match:
            return set()
        first, second = match.groups("")
        seconds = self._seconds(NUMBER if first[0].isdigit() else folded(first))
        found = {*self._anywhere, *seconds.get(ANY, ()), *seconds.get(folded(second), ())}
        if second[:1].isdigit():
            found.update(seconds.get(NUMBER, ()))
            if DATE in seconds and _NUMERIC_DATE.match(text, match.start()):
                found.update(seconds[DATE])
        elif not second[:1].islower():
            found.update(seconds.get(NAME, ()))
        return found

    def _unpacked(self, first: str) -> Mapping[str, Sequence[int]]:
        """Return the numbers of the phrases that begin with a word, by the second."""
        found: dict[str, list[int]] = {}
        entry = self._index.get(first)
        for alike in entry.split(";") if entry else ():
            numbers, *words = alike.split(" ")
            for word in words:
                found.setdefault(word, []).extend(map(int, numbers.split(",")))
        return found


def folded(text: str) -> str:
    """Return ``text`` as the words of an index are written: in lower case, and with one i.

    Turkish has two, of which ``str.lower`` knows nothing: it makes i of I, and of İ an i with a combining dot.
    """
    small = text.lower()
    return small if small.isascii() else small.replace("i\u0307", "i").replace("ı", "i")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon of all shipped packs."""
    shipped = _shipped()
    return Lexicon(_phrases(shipped["packs"]), shipped["index"])


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Any]:
    shipped: dict[str, Any] = json.loads(PACKS.read_bytes())
    return shipped


def cues(text: str) -> tuple[Cue, ...]:
    """Return the shipped phrases that ``text`` begins with or consists of; remembered, as many rules ask."""
    return _cues(text[: _REACH + 1])


@lru_cache(maxsize=1 << 14)
def _cues(beginning: str) -> tuple[Cue, ...]:
    return lexicon().cues(beginning)


def whole(text: str, families: Collection[str]) -> list[Cue]:
    """Return the shipped phrases of some families that make up all of ``text``, as the label of a button is one."""
    return [cue for cue in cues(text) if cue.phrase.at == "whole" and cue.phrase.family in families]


def families(text: str) -> tuple[str, ...]:
    """Return the families of those phrases of :func:`cues` that do not begin with a person's name."""
    return _families(text[: _REACH + 1]) if lexicon().opened(text) else ()


@lru_cache(maxsize=1 << 14)
def _families(beginning: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cue.phrase.family for cue in lexicon().worded(beginning)))


@cache
def words(*families: str) -> frozenset[str]:
    """Return the words, folded, with which the shipped phrases of some families begin."""
    openings = _shipped()["openings"]
    return frozenset(chain(*(openings[family].split(" ") for family in families)))


def first_words(texts: Iterable[str]) -> list[str]:
    """Return the first word of each text, or the sign of copyright, folded; nothing where there is none."""
    search = _WORD.search
    words = [match[0] if (match := search(text, 0, _REACH)) else "" for text in texts]
    return [folded(_unspaced_words().findall(word)[0][0] if _has_unspaced(word) else word) for word in words]


@cache
def _unspaced_words() -> re.Pattern[str]:
    """Return the expression for the first two words of a text in which some have no spaces: slow to compile."""
    word = rf"{_WORD.pattern}|\w".replace(r"\w*+", rf"[^\W{UNSPACED}]*+").replace(r"\w++", rf"[^\W{UNSPACED}]++")
    return re.compile(rf"({word})[^\w©]*+({word})?+")


def _said(text: str) -> set[str]:
    """Return the words of ``text``, folded, with ``NUMBER`` and ``DATE`` among them if there are such."""
    words = {*_LETTERS.findall(folded(text))}
    if _DIGIT.search(text):
        words.add(NUMBER)
        if _NUMERIC_DATE.search(text):
            words.add(DATE)
    return words


def _has_unspaced(text: str) -> bool:
    return not text.isascii() and max(text) >= _FIRST_UNSPACED


def custom(family: str, patterns: Iterable[str]) -> Lexicon:
    """Return a lexicon of a user's own phrases, each of which a whole block must say. Raises ConfigError."""
    from dehusk.phrases.openings import index

    phrases = [Phrase(family, pattern) for pattern in patterns]
    return Lexicon(phrases, index(phrases))


def _phrases(packs: Mapping[str, Any]) -> Iterator[Phrase]:
    for language, pack in packs.items():
        vocabulary = tuple(map(tuple, pack["words"]))
        for entry in pack["phrases"]:
            needed = tuple(entry.get("needed", ()))
            yield Phrase(**{**entry, "language": language, "vocabulary": vocabulary, "needed": needed})
