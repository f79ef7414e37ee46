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

What runs is ``packs.json``, which ``python -m dehusk.phrases.build`` makes of the packs: reading it takes a tenth of
the time that reading TOML takes, and every start of the program has to.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

PACKS = Path(__file__).with_name("packs.json")

# Phrases are short: nothing past this many characters of a block is looked at, so the cost a block is bounded.
_REACH = 240

_DECORATION = " \t\r\n\u00a0\u200b\ufeff•·◦▪‣*–—-|>»›→▶►<«‹←◀◄↑↓⬆#+(["
_TRAILING = _DECORATION + ".:!?…;,)]"
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "„": '"', "‐": "-", "‑": "-", "…": "..."}
)
_FIRST_WORD = re.compile(r"©|\w+")
# What phrases need that begin with a name: two words, or initials, of which the second may be a particle.
_CAPITALS = re.compile(r"\S+\s+(?:(?:v[ao]n|de[lr]?|den|d[aiou]s?|la|le|ter|ten|bin|al|el|y|zu)\b|[^a-z\s])")


@dataclass(frozen=True)
class Phrase:
    """One entry of a phrase pack, filed under the words it may begin with; ``vocabulary`` is that of its language.

    A text that matches has ``fewest`` words at least.

    Raises ConfigError, when first matched, for a pattern that makes no sense.
    """

    family: str
    pattern: str
    first_words: tuple[str, ...]
    language: str = ""
    at: Literal["whole", "start"] = "whole"
    where: Literal["any", "head", "tail", "edge"] = "any"
    words: int = 40
    fewest: int = 1
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
    """Phrases, findable by the first word of a text, so that most blocks cost one look-up and no matching."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = tuple(phrases)
        self._by_word: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            for word in phrase.first_words:
                self._by_word.setdefault(word, []).append(phrase)
        self._anywhere = self._by_word.pop("*", [])
        self._named = self._by_word.pop("A", [])

    def cues(self, text: str) -> tuple[Cue, ...]:
        """Return the phrases that ``text`` begins with or consists of, in the order of the packs."""
        match = _FIRST_WORD.search(text[:_REACH])
        if not match:
            return ()
        word = match[0]
        candidates = self._by_word.get("0" if word[0].isdigit() else word.lower(), [])
        if word[0].isupper() and _CAPITALS.match(text, match.start()):
            candidates = candidates + self._named
        if self._anywhere:
            candidates = candidates + self._anywhere
        if not candidates:
            return ()
        normal = Normal.of(text)
        size = normal.text.count(" ") + 1
        fitting = [phrase for phrase in candidates if phrase.fewest <= size]
        found = [(phrase, phrase.matches(normal)) for phrase in fitting]
        return tuple([Cue(phrase, matched) for phrase, matched in found if matched])


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon of all shipped packs."""
    return Lexicon(_shipped())


@lru_cache(maxsize=1 << 14)
def cues(text: str) -> tuple[Cue, ...]:
    """Return the shipped phrases that ``text`` begins with or consists of; remembered, as many rules ask."""
    return lexicon().cues(text)


def custom(family: str, patterns: Iterable[str]) -> Lexicon:
    """Return a lexicon of a user's own phrases, each of which a whole block must say. Raises ConfigError."""
    from dehusk.phrases.template import first_words

    return Lexicon(Phrase(family, pattern, tuple(first_words(pattern))) for pattern in patterns)


def _shipped() -> Iterator[Phrase]:
    packs = json.loads(PACKS.read_text("utf-8"))
    for language, pack in packs.items():
        vocabulary = tuple(map(tuple, pack["words"]))
        for entry in pack["phrases"]:
            entry["first_words"] = tuple(entry["first_words"])
            yield Phrase(language=language, vocabulary=vocabulary, **entry)
