"""Copies of pages to learn from as well: as other hands would have built them, and as long as books.

Annotated pages are few, and of one time. What a copy shows is true of any page: that it is the same text whatever its
elements are called, and that a long one is no less main content.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from zlib import crc32

import numpy as np
from examples import Example, weights_of
from numpy.typing import NDArray

from dehusk.document import Block, Document, Element, StartTag
from dehusk.readers.layout import common

_RESTYLED = 0.5  # weight of a page that is built in another way
_STRETCHED = 0.2  # weight of a page that is made longer
_FEWEST_BLOCKS, _FEWEST_WORDS = 8, 200  # of main content of such a page
_LENGTHS = 5_000, 100_000  # words of main content that pages are stretched to
_LABELLED = 300  # blocks of a stretched page
_STEP = 7  # words, by which the beginning moves
_FEWEST_TURNED = 3  # words of a block that begins with another one each time
_HTML_5 = frozenset(
    "header nav main article section aside footer figure figcaption hgroup details summary dialog".split()
)

STRETCHED = "stretched"
"""What a page is called that is made longer."""
Style = Callable[[StartTag], Sequence[StartTag]]
"""What stands for an element, the outermost first; nothing if it is left out."""


def _nameless(start: StartTag) -> Sequence[StartTag]:
    """Return the element as a page without names and without the elements of HTML 5 has it."""
    return (StartTag("div" if start.name in _HTML_5 else start.name, hidden=start.hidden),)


def _in_tables(start: StartTag) -> Sequence[StartTag]:
    """Return the element as a page has it that is laid out in tables."""
    (plain,) = _nameless(start)
    return (StartTag("table"), StartTag("tr"), replace(plain, name="td")) if plain.name == "div" else (plain,)


def _in_breaks(start: StartTag) -> Sequence[StartTag]:
    """Return the element as a page has it that is laid out in tables, with line breaks between paragraphs."""
    return () if start.name == "p" else _in_tables(start)


STYLES: Mapping[str, Style] = {"nameless": _nameless, "in tables": _in_tables, "in breaks": _in_breaks}


def restyled(examples: Iterable[Example]) -> list[Example]:
    """Return each page built in another way, which is one of ``STYLES`` by turns.

    Names say much of a page that has them, so that a model of nothing but such pages is lost on one that has none, as
    those are that were laid out in tables, or whose names were made by a machine.
    """
    names = tuple(STYLES)
    return [_restyled(example, names[crc32(example.id.encode()) % len(names)]) for example in examples]


def _restyled(example: Example, name: str) -> Example:
    style = STYLES[name]
    own: dict[Element | None, Element | None] = {None: None}
    for block in example.document.blocks:
        for element in block.path:
            if element not in own:
                around = own[element.parent]
                for start in style(element.start):
                    around = Element(element.index, start, around)
                own[element] = around
    blocks = tuple(replace(block, element=own[block.element]) for block in example.document.blocks)
    document = replace(example.document, blocks=blocks)
    return replace(example, document=document, weights=example.weights * _RESTYLED, copy=name)


def stretched(examples: Iterable[Example], every: int) -> list[Example]:
    """Return one in ``every`` pages, or texts, with its main content many times over, as long as books on a page are.

    Few of the annotated pages have ten thousand words, and few of those words are main content. Each time the words of
    a block begin with another one, or a number follows them, so that they are no copies. Such a page weighs little,
    and of its blocks some hundreds have a label.
    """
    found = []
    for example in examples:
        blocks = example.document.blocks
        content = [position for position, yes in enumerate(example.labels) if yes]
        words = sum(blocks[position].words for position in content)
        chance = crc32(example.id.encode())
        if chance % every or len(content) < _FEWEST_BLOCKS or words < _FEWEST_WORDS:
            continue
        times = int(_LENGTHS[0] * (_LENGTHS[1] / _LENGTHS[0]) ** (chance / 2**32) / words) + 1
        document, labels = _stretched(example, content, times)
        known = np.zeros(len(labels), bool)
        known[np.linspace(0, len(labels) - 1, _LABELLED).astype(int)] = True
        weights = weights_of(document, known) * _STRETCHED
        gold = "\n".join(block.text for block, yes in zip(document.blocks, labels, strict=True) if yes)
        found.append(replace(example, document=document, labels=labels, weights=weights, gold=gold, copy=STRETCHED))
    return found


def _stretched(example: Example, content: Sequence[int], times: int) -> tuple[Document, NDArray[np.float32]]:
    """Return a page on which the main content, the blocks at ``content``, follows itself so many ``times``."""
    blocks = example.document.blocks
    elements = [block.element for block in (blocks[position] for position in content) if block.element]
    around = reduce(common, elements) if elements else None
    last = blocks[content[-1]].element
    while last is not None and last is not around and last.parent is not around:
        last = last.parent
    end = content[-1] + 1
    while last is not around and end < len(blocks) and last in blocks[end].path:
        end += 1
    more: list[Block] = []
    for time in range(1, times + 1):
        own: dict[Element | None, Element | None] = {}
        for block in (blocks[position] for position in content):
            for element in block.path[block.path.index(around) + 1 :] if around else ():
                if element not in own:
                    own[element] = Element(element.index, element.start, own.get(element.parent, around))
            more.append(replace(block, text=_turned(block.text, time), element=own.get(block.element, around)))
    labels = np.concatenate([example.labels[:end], np.ones(len(more), np.float32), example.labels[end:]])
    return replace(example.document, blocks=(*blocks[:end], *more, *blocks[end:])), labels


def _turned(text: str, time: int) -> str:
    *words, last = text.split()
    if len(words) < _FEWEST_TURNED:
        return f"{text} {time}"
    first = time * _STEP % len(words)
    return " ".join([*words[first:], *words[:first], last])
