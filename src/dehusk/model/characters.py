"""What the texts of a page are made of, counted for all at once: characters by class, and copies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPACE, UPPER, LOWER, DIGIT, STOP, COLON, COMMA, MONEY, BAR, UNSPACED, OTHER = range(11)
"""Classes of characters: white space, letters, digits, ends of sentences, colons, other pauses, signs of currencies,
separators of entries, letters of scripts that put no spaces between words, all others."""
_CLASSES = 11
_TABLE_SIZE = 0x3100  # what lies beyond is letters, as far as it is text
_UNSPACED_RANGE = 0x3400, 0xD7A4  # Han and Hangul

Ints = NDArray[np.int64]
Table = NDArray[np.uint8]


def class_table(*more: tuple[int, Iterable[str]]) -> Table:
    """Return the class of each character; ``more`` has classes, besides those that all tables tell, with characters."""
    table = np.full(_TABLE_SIZE, LOWER, np.uint8)
    for code in range(0x600):
        char = chr(code)
        if not char.isalpha():
            table[code] = SPACE if char.isspace() else DIGIT if char.isdigit() else OTHER
        elif char.isupper():
            table[code] = UPPER
    table[0x2000:0x2070] = OTHER  # general punctuation
    table[0x2190:0x2C00] = OTHER  # arrows to symbols
    table[0x3000:0x3040] = OTHER  # CJK punctuation
    table[0x3040:] = UNSPACED  # kana
    for kind, chars in (
        (SPACE, "\u2003\u2009\u3000"),
        (STOP, ".!?…。।؟"),
        (COLON, ":"),
        (BAR, "|·•›→/–—»+&#@"),
        *more,
    ):
        table[[ord(char) for char in chars]] = kind
    return table


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters of texts, which stand one after the other, each with a line end behind it.

    ``kinds`` has the class of each, ``starts`` and ``sizes`` tell where texts are. For each text, ``counts`` has its
    characters by class, ``words`` how many runs of letters and digits there are, or half the characters of unspaced
    scripts, and ``capitals`` how many words begin with a capital letter.
    """

    kinds: Table
    starts: Ints
    sizes: Ints
    counts: Ints
    words: Ints
    capitals: Ints


def characters(texts: Sequence[str], table: Table) -> Characters:
    """Return what there is to count in ``texts``, of which there is one at least."""
    codes = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = table[np.minimum(codes, _TABLE_SIZE - 1)]
    far = codes >= _TABLE_SIZE
    if far.any():
        low, high = _UNSPACED_RANGE
        kinds[far] = np.where((codes[far] >= low) & (codes[far] < high), UNSPACED, LOWER)
    count = len(texts)
    sizes = np.array([len(text) for text in texts])
    owner = np.repeat(np.arange(count), sizes + 1)
    counts = np.bincount(owner * _CLASSES + kinds, minlength=count * _CLASSES).reshape(-1, _CLASSES)
    counts[:, SPACE] -= 1  # the line end
    letters = (kinds == UPPER) | (kinds == LOWER) | (kinds == DIGIT)
    begins = np.flatnonzero(letters & ~np.append(False, letters[:-1]))
    words = np.bincount(owner[begins], minlength=count) + counts[:, UNSPACED] // 2
    capitals = np.bincount(owner[begins[kinds[begins] == UPPER]], minlength=count)
    return Characters(kinds, np.cumsum(sizes + 1) - sizes - 1, sizes, counts, words, capitals)


def copies(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return how often each text stands before itself, and how often it stands there in all."""
    seen: dict[str, int] = {}
    before = []
    for text in texts:
        count = seen.get(text, 0)
        before.append(count)
        seen[text] = count + 1
    return before, [seen[text] for text in texts]
