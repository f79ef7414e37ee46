"""Names and words as evidence: what an element is called and how a text begins.

Each token has a weight, learned by logistic regression: above zero it speaks for main content, below zero against it.
A block's evidence is the sum over its own words and the names of all elements around it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dehusk.document import StartTag

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LONGEST_NAME = 40  # characters; longer names are made by machines
_MOST_NAMES = 12  # classes of one element
CACHED_NAMES = 1 << 14
"""How many names are remembered from one page to the next."""
_SHORT, _MEDIUM = 5, 20  # words
_FIRST = 10  # words at the beginning of a text that are looked at
BEGINNING = 200
"""Characters of a text that are looked at."""
_NOUGHTS = (0,) * (max(_SHORT, _FIRST) + 1)  # what words weigh that have no weight, for as many as are looked at

WHOLE, SHORT, MEDIUM, LONG, NAME = "=", "s", "m", "l", "n"
"""Kinds of tokens: a whole short text, a word of a short, medium or long one, and the name of an element."""


def names_of(tag: StartTag) -> list[str]:
    """Return what an element is called: its classes, its id and its role."""
    names = (*tag.classes[:_MOST_NAMES], tag.id, tag.role)
    return [name for name in names if name and len(name) <= _LONGEST_NAME]


def name_tokens(tag: StartTag) -> list[str]:
    """Return the tokens of an element: its tag as ``<tag``, and its names whole and in parts."""
    return [f"<{tag.name}", *(token for name in names_of(tag) for token in tokens_of_name(name))]


@lru_cache(CACHED_NAMES)
def tokens_of_name(name: str) -> tuple[str, ...]:
    """Return the words of a name, which are set apart by signs or by case, and all of them together."""
    parts = [part.lower() for part in _PART.findall(name)]
    whole = ["-".join(parts)] if len(parts) > 1 else []
    return (*(part for part in parts if len(part) > 1), *whole)


def words_of(text: str) -> list[str]:
    """Return the words at the beginning of a text, in lower case."""
    return text[:BEGINNING].lower().split()


def text_tokens(text: str, words: list[str]) -> tuple[str, list[str], str]:
    """Return the kind of a text's words, its first words, and the whole of it if it is short (else nothing).

    ``words`` are those of :func:`words_of`.
    """
    if len(text) > BEGINNING or len(words) > _MEDIUM:
        return LONG, words[:_FIRST], ""
    if len(words) > _SHORT:
        return MEDIUM, words[:_FIRST], ""
    return SHORT, words, text.lower()


def tokens_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield each token of a text with its kind."""
    kind, words, whole = text_tokens(text, words_of(text))
    if whole:
        yield WHOLE, whole
    for word in words:
        yield kind, word


@dataclass(frozen=True)
class Vocabulary:
    """The weights of tokens, by kind, in units of ``unit``."""

    weights: Mapping[str, Mapping[str, float]]
    unit: float = 1.0

    def element(self, tag: str, names: Iterable[str]) -> float:
        """Return the sum of the weights of an element's tokens, given its tag and what it is called."""
        return (self.weights[NAME].get(f"<{tag}", 0) + sum(map(self._of_name, names))) * self.unit

    @cached_property
    def _of_name(self) -> Callable[[str], float]:
        """The sum of the weights of a name's tokens."""
        get = self.weights[NAME].get

        @lru_cache(CACHED_NAMES)
        def of_name(name: str) -> float:
            return sum([get(token, 0) for token in tokens_of_name(name)])

        return of_name

    def text(self, text: str, words: list[str] | None = None) -> float:
        """Return the sum of the weights of a text's tokens; ``words``, if known, are those of :func:`words_of`."""
        kind, words, whole = text_tokens(text, words_of(text) if words is None else words)
        score = sum(map(self.weights[kind].get, words, _NOUGHTS))
        return (score + self.weights[WHOLE].get(whole, 0) if whole else score) * self.unit
