"""Names and words as evidence: what an element is called and how a text begins.

Each token has a weight, learned by logistic regression: above zero it speaks for main content, below zero against it.
A block's evidence is the sum over its own words and the names of all elements around it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dehusk.document import Element

_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LONGEST_NAME = 40  # characters; longer names are made by machines
_MOST_NAMES = 12  # classes of one element
_SHORT, _MEDIUM = 5, 20  # words
_FIRST = 10  # words at the beginning of a text that are looked at
_BEGINNING = 200  # characters

WHOLE, SHORT, MEDIUM, LONG, NAME = "=", "s", "m", "l", "n"
"""Kinds of tokens: a whole short text, a word of a short, medium or long one, and the name of an element."""


def name_tokens(tag: str, id: str, classes: tuple[str, ...], role: str) -> set[str]:  # noqa: A002
    """Return the names of an element: its tag as ``<tag``, its role, classes and id whole and in parts."""
    tokens = {f"<{tag}"}
    for name in (*classes[:_MOST_NAMES], id, role):
        if name:
            tokens.update(_tokens_of_name(name))
    return tokens


@lru_cache(1 << 14)
def _tokens_of_name(name: str) -> tuple[str, ...]:
    if len(name) > _LONGEST_NAME:
        return ()
    parts = [part.lower() for part in _PART.findall(name)]
    whole = ["-".join(parts)] if len(parts) > 1 else []
    return (*(part for part in parts if len(part) > 1), *whole)


def names_of(element: Element) -> set[str]:
    """Return the names of an element."""
    return name_tokens(element.tag, element.id, element.classes, element.role)


def text_tokens(text: str) -> tuple[str, list[str], str]:
    """Return the kind of a text's words, its first words, and the whole of it if it is short (else nothing)."""
    beginning = text[:_BEGINNING].lower()
    words = beginning.split()
    if len(text) > _BEGINNING or len(words) > _MEDIUM:
        return LONG, words[:_FIRST], ""
    if len(words) > _SHORT:
        return MEDIUM, words[:_FIRST], ""
    return SHORT, words, beginning


def tokens_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield each token of a text with its kind."""
    kind, words, whole = text_tokens(text)
    if whole:
        yield WHOLE, whole
    for word in words:
        yield kind, word


@dataclass(frozen=True)
class Vocabulary:
    """The weights of tokens, by kind, in units of ``unit``."""

    weights: Mapping[str, Mapping[str, float]]
    unit: float = 1.0

    def names(self, names: Iterable[str]) -> float:
        """Return the sum of the weights of an element's names."""
        get = self.weights[NAME].get
        return sum([get(name, 0) for name in names]) * self.unit

    def text(self, text: str) -> float:
        """Return the sum of the weights of a text's tokens."""
        kind, words, whole = text_tokens(text)
        get = self.weights[kind].get
        score = sum([get(word, 0) for word in words])
        if whole:
            score += self.weights[WHOLE].get(whole, 0)
        return score * self.unit
