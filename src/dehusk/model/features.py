"""What the model knows of each block: of itself, its place, its neighbours, what contains it, its likes, and the page.

Each function returns columns by name. A model names the columns it uses, so that a feature is added here and nowhere
else. Counts are given as logarithms, since the difference between one and five links matters more than that between a
hundred and a hundred and five.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dehusk.model.characters import BAR, OTHER, STOP, UPPER
from dehusk.model.columns import IS_TITLE, KINDS, Flags, Ints, Page

Column = NDArray[np.floating] | NDArray[np.bool_] | NDArray[np.integer]
Columns = Mapping[str, Column]
Floats = NDArray[np.floating]

_LEVELS = 4  # containers around a block that are looked at
_PLACED_LEVEL = 2  # the smallest of them in which its place says something
_LEAST = 1e-6
_PROSE_WORDS = 12
_FAR = 200  # blocks; stands for "nowhere"
_LONG = 100  # words; a block counts no more than this in averages of evidence
_HEADING, _ITEM, _ROW, _CODE = (KINDS.index(kind) for kind in ("heading", "item", "row", "code"))
_PATH_FLAGS = (
    "nav footer aside main article section form list figure hidden comment details listing title review".split()
)
_PAGE_FLAGS = "main article list comment product content card listing review form forum".split()
_BARS = (0.3, 0.5)  # evidence, 0 to 1, from which a block speaks for the stretch or the container it is in


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums of a column, to add up ranges of blocks."""

    run: Floats

    @classmethod
    def of(cls, column: Floats) -> "_Sums":
        run = np.zeros(len(column) + 1)
        np.cumsum(column, out=run[1:])
        return cls(run)

    def between(self, start: Ints, end: Ints) -> Floats:
        sums: Floats = self.run[end] - self.run[start]
        return sums

    @property
    def before(self) -> Floats:
        return self.run[:-1]

    @property
    def after(self) -> Floats:
        sums: Floats = self.run[-1] - self.run[1:]
        return sums

    @property
    def total(self) -> float:
        return float(self.run[-1])


@dataclass(frozen=True, slots=True)
class _View:
    """A page with what several groups of features share.

    ``belief`` is the evidence of a block as a probability, ``weight`` how much it counts in averages of these.
    ``heading`` is the position of the last heading up to each block, -1 where there is none. Sums run over the blocks.
    """

    page: Page
    index: Ints
    density: Floats
    prose: Floats  # words of blocks that are prose
    belief: Floats
    weight: Floats
    heading: Ints
    words: _Sums
    prose_words: _Sums
    linked: _Sums
    characters: _Sums
    believed: _Sums
    weights: _Sums

    @property
    def size(self) -> int:
        return len(self.index)


def features(page: Page) -> Columns:
    """Return all columns of a page."""
    view = _view(page)
    groups = (_itself, _place, _neighbours, _containers, _likes, _evidence, _stretches, _whole)
    return {name: column for group in groups for name, column in group(view).items()}


def _view(page: Page) -> _View:
    index = np.arange(len(page.words))
    density = page.linked / np.maximum(page.characters, 1)
    prose = ((page.words >= _PROSE_WORDS) & (density < 0.5) & (page.last == STOP)) * page.words
    belief = 1 / (1 + np.exp(-np.clip(page.evidence + page.elements.path[page.inner], -30, 30)))
    weight = np.minimum(page.words, _LONG) + 1
    heading = np.maximum.accumulate(np.where(page.kind == _HEADING, index, -1))
    summed = (page.words, prose, page.linked, page.characters, weight * belief, weight)
    return _View(page, index, density, prose, belief, weight, heading, *map(_Sums.of, summed))


def _itself(view: _View) -> Columns:
    """Return what a block is: its text, its kind, and the elements around it."""
    page = view.page
    size = np.maximum(page.characters, 1)
    return {
        "words": np.log1p(page.words),
        "density": view.density,
        "links": np.log1p(page.links),
        "marks": np.log1p(page.marks),
        "depth": page.elements.depth[page.inner],
        **{name: page.counts[:, kind] / size for name, kind in (("upper", UPPER), ("bar", BAR), ("other", OTHER))},
        "stops": np.log1p(page.counts[:, STOP]),
        **{kind: page.kind == number for number, kind in enumerate(KINDS) if kind not in ("heading", "row")},
        "level": np.where(page.kind == _HEADING, page.level, 0),
        **{flag: page.inside(flag) for flag in _PATH_FLAGS},
        "copies_before": np.log1p(page.copies_before),
        "copies": np.log1p(page.copies),
        "title": page.title,
    }


def _place(view: _View) -> Columns:
    """Return where a block stands: from the beginning, among prose, below headings, and from the title."""
    page, index, size = view.page, view.index, view.size
    since_prose, until_prose = _distances(view.prose > 0, index)
    first = np.flatnonzero((page.kind == _HEADING) & (page.level == 1))[:1]
    best = int(page.title.argmax())
    return {
        "index": np.log1p(index),
        "index_end": np.log1p(size - 1 - index),
        "words_before": view.words.before / max(view.words.total, 1),
        "prose_before": view.prose_words.before / max(view.prose_words.total, 1),
        "prose_words_before": np.log1p(view.prose_words.before),
        "prose_words_after": np.log1p(view.prose_words.after),
        "since_prose": since_prose,
        "until_prose": until_prose,
        "since_heading": np.log1p(np.where(view.heading >= 0, index - view.heading, _FAR)),
        "heading_level": np.where(view.heading >= 0, page.level[view.heading], 0),
        "from_h1": _signed(index - first[0]) if len(first) else np.zeros(size),
        "from_title": _signed(index - best) if page.title[best] > IS_TITLE else np.zeros(size),
        "has_title": np.full(size, page.title[best]),
    }


def _neighbours(view: _View) -> Columns:
    """Return what stands right before and after a block, and around it."""
    page, index, size = view.page, view.index, view.size
    log_words = np.log1p(page.words)
    before, after, second = (np.clip(index + step, 0, size - 1) for step in (-1, 1, 2))
    found: dict[str, Column] = {
        "words-1": log_words[before],
        "belief-1": view.belief[before],
        "words+1": log_words[after],
        "belief+1": view.belief[after],
        "density+1": view.density[after],
        "ended+1": (page.last == STOP)[after],
        "belief+2": view.belief[second],
    }
    for reach in (3, 10):
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, size)
        found[f"words~{reach}"] = np.log1p(view.words.between(low, high) / (high - low))
        characters = np.maximum(view.characters.between(low, high), 1)
        found[f"density~{reach}"] = view.linked.between(low, high) / characters
    low, high = np.maximum(index - 2, 0), np.minimum(index + 3, size)
    found["belief~2"] = view.believed.between(low, high) / view.weights.between(low, high)
    return found


def _containers(view: _View) -> Columns:
    """Return what the elements around a block hold, from the first that holds more than this block outwards."""
    elements = view.page.elements

    def inside(sums: _Sums) -> Floats:
        # Where there is no further element around, the page itself is the container.
        return np.append(sums.between(elements.start, elements.end), sums.total)

    words, prose, linked, characters = map(inside, (view.words, view.prose_words, view.linked, view.characters))
    believed, weights = map(inside, (view.believed, view.weights))
    blocks = np.append(elements.end - elements.start, view.size)
    start = np.append(elements.start, 0)
    inner = view.page.inner
    at = np.where(blocks[inner] == 1, elements.wider[inner], inner)
    found: dict[str, Column] = {}
    for level in range(_LEVELS):
        found |= {
            f"in{level}_words": np.log1p(words[at]),
            f"in{level}_blocks": np.log1p(blocks[at]),
            f"in{level}_share": words[at] / max(view.words.total, 1),
            f"in{level}_prose": prose[at] / np.maximum(words[at], 1),
            f"in{level}_of_prose": prose[at] / max(view.prose_words.total, 1),
            f"in{level}_density": linked[at] / np.maximum(characters[at], 1),
            f"in{level}_belief": believed[at] / weights[at],
        }
        if level >= _PLACED_LEVEL:
            found[f"in{level}_place"] = (view.index - start[at]) / blocks[at]
        at = elements.wider[at]
    return found


def _likes(view: _View) -> Columns:
    """Return what the blocks are that stand in elements of the same shape."""
    page = view.page
    shape = page.elements.shape[page.inner]
    _, first, group, count = np.unique(shape, return_index=True, return_inverse=True, return_counts=True)
    words, prose, linked, characters, believed, weights = (
        np.bincount(group, column)
        for column in (page.words, view.prose, page.linked, page.characters, view.weight * view.belief, view.weight)
    )
    by_group = {
        "alike": np.log1p(count),
        "alike_words": np.log1p(words / count),
        "alike_share": words / max(view.words.total, 1),
        "alike_prose": prose / np.maximum(words, 1),
        "alike_density": linked / np.maximum(characters, 1),
        "alike_belief": believed / weights,
        "alike_first": first / view.size,
    }
    return {name: column[group] for name, column in by_group.items()} | {"ordinal": np.log1p(_ordinals(group, count))}


def _evidence(view: _View) -> Columns:
    """Return what names and words say, by themselves and beside the rest of the page."""
    page, belief = view.page, view.belief
    expected = _Sums.of(page.words * belief)
    most = max(float(belief.max()), _LEAST)
    return {
        "evidence": page.evidence,
        "names_own": page.elements.own[page.inner],
        "names": page.elements.path[page.inner],
        "names_low": page.elements.low[page.inner],
        "names_high": page.elements.high[page.inner],
        "heading_evidence": np.where(view.heading >= 0, page.evidence[view.heading], 0),
        "heading_belief": np.where(view.heading >= 0, belief[view.heading], 0.5),
        "belief_share": belief / most,
        "belief_rank": np.argsort(np.argsort(belief, kind="stable"), kind="stable") / view.size,
        "expected_before": np.log1p(expected.before),
        "expected_share": expected.before / max(expected.total, 1),
        "expected_after": np.log1p(np.maximum(expected.after, 0)),
        "page_most_belief": np.full(view.size, most),
        "page_expected": np.full(view.size, np.log1p(expected.total)),
    }


def _stretches(view: _View) -> Columns:
    """Return where a block stands to the stretch of blocks, and to the container, for which the evidence is best.

    The stretch is the maximum subsequence of Pasternack and Roth (2009).
    """
    index, size, elements = view.index, view.size, view.page.elements
    found: dict[str, Column] = {}
    for bar in _BARS:
        gain = _Sums.of(view.weight * (view.belief - bar))
        start, end = _best_stretch(gain)
        found[f"stretch{bar}"] = (index >= start) & (index < end)
        found[f"stretch{bar}_start"] = _signed(index - start)
        found[f"stretch{bar}_end"] = _signed(index - end)
        found[f"stretch{bar}_share"] = np.full(size, (end - start) / size)
        start, end = 0, size
        if len(elements.start):
            richest = int(gain.between(elements.start, elements.end).argmax())
            start, end = int(elements.start[richest]), int(elements.end[richest])
        found[f"container{bar}"] = (index >= start) & (index < end)
        found[f"container{bar}_place"] = (index - start) / (end - start)
        found[f"container{bar}_share"] = np.full(size, (end - start) / size)
    return found


def _whole(view: _View) -> Columns:
    """Return what the page is like."""
    page, total = view.page, max(view.words.total, 1)
    values = {
        "words": np.log1p(view.words.total),
        "blocks": np.log1p(view.size),
        "prose": view.prose_words.total / total,
        "density": view.linked.total / max(view.characters.total, 1),
        "items": (page.kind == _ITEM).mean(),
        "rows": page.words[page.kind == _ROW].sum() / total,
        "code": page.words[page.kind == _CODE].sum() / total,
        "belief": view.believed.total / view.weights.total,
        **{flag: page.words[page.inside(flag)].sum() / total for flag in _PAGE_FLAGS},
    }
    return {f"page_{name}": np.full(view.size, value) for name, value in values.items()}


def matrix(page: Page, names: tuple[str, ...]) -> NDArray[np.float32]:
    """Return the features called ``names``, one row for each block."""
    found = features(page)
    table = np.empty((len(names), len(page.words)), np.float32)
    for row, name in enumerate(names):
        table[row] = found[name]
    return table.T


def _signed(distance: Ints) -> Floats:
    return np.sign(distance) * np.log1p(np.abs(distance))


def _distances(wanted: Flags, index: Ints) -> tuple[Floats, Floats]:
    """Return how far it is to the last and the next block that is wanted."""
    last = np.maximum.accumulate(np.where(wanted, index, -_FAR))
    after = np.minimum.accumulate(np.where(wanted, index, len(index) + _FAR)[::-1])[::-1]
    return np.log1p(np.minimum(index - last, _FAR)), np.log1p(np.minimum(after - index, _FAR))


def _ordinals(group: Ints, count: Ints) -> Ints:
    """Return of each block how many of its group there are up to it."""
    order = np.argsort(group, kind="stable")
    ordinals = np.empty(len(group), np.int64)
    ordinals[order] = np.arange(len(group)) - np.repeat(np.cumsum(count) - count, count) + 1
    return ordinals


def _best_stretch(gain: _Sums) -> tuple[int, int]:
    """Return the range of blocks with the greatest sum."""
    least = np.minimum.accumulate(gain.run)
    end = int((gain.run - least).argmax())
    return int(gain.run[: end + 1].argmin()), end
