"""What the model of text knows of each line: its wording and form, its place, the lines around it, and the whole.

As with pages (:mod:`dehusk.model.features`) each function returns columns by name, a model names those that it uses,
and counts are given as logarithms. Every name begins with the group that it belongs to: findings tell which groups
spoke against a line most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehusk.document import PROSE_WORDS, SENTENCE_WORDS, Document
from dehusk.model.characters import (
    BAR,
    COLON,
    COMMA,
    DIGIT,
    LOWER,
    MONEY,
    OTHER,
    STOP,
    UNSPACED,
    UPPER,
    characters,
    class_table,
    copies,
)  # fmt: skip
from dehusk.model.tokens import BEGINNING, Vocabulary, words_of
from dehusk.phrases import lexicon

Column = NDArray[np.floating] | NDArray[np.bool_] | NDArray[np.integer]
Columns = Mapping[str, Column]
Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Row = NDArray[np.float32]

_CLASS = class_table((MONEY, map(chr, range(0x20A0, 0x20D0))), (MONEY, "$£€¥%"), (COMMA, ",;、،"))
_WINDOWS = (3, 8, 20)
_FAR = 100  # lines; stands for "nowhere"
_HEADLINE = 30  # words; a longer line is no headline
_IS_TITLE = 0.6
_LANDMARKS = ("related", "comment-prompt", "share", "byline", "dateline", "navigation", "newsletter", "cookie-notice")
"""Families of phrases that tell where in a page a line is."""
_TELLING = ("navigation", "footer", "cookie-notice", "newsletter", "share", "comment-prompt", "related-link", "shop")
"""Families of phrases whose number tells a whole page from a text."""
_NAME = 2  # words of the shortest name, all of them with a capital
_LONG = 60  # words; a line counts no more than this in averages


def rows(document: Document, vocabulary: Vocabulary, names: Sequence[str]) -> Row:
    """Return the features called ``names`` of each block of a text that has some: an array of blocks × names."""
    places = {name: row for row, name in enumerate(names)}
    table = np.empty((len(names), len(document.blocks)), np.float32)
    for name, column in features(document, vocabulary):
        if (row := places.get(name)) is not None:
            table[row] = column
    return table.T


def features(document: Document, vocabulary: Vocabulary) -> Iterator[tuple[str, Column]]:
    """Yield the name of each feature of a text that has blocks, and its column; a group is made when it is its turn."""
    view = _view(document, vocabulary)
    for group in (_form, _wording, _place, _landmarks, _around, _run, _whole):
        yield from group(view).items()


@dataclass(frozen=True, slots=True)
class _View:
    """A text with what several groups of features share; all columns have a number for each block.

    ``counts`` holds the characters by class, ``first`` and ``last`` the classes of the outermost characters, ``titled``
    how many words begin with a capital, ``gap`` the line ends behind. ``belief`` is the evidence of the words as a
    probability, ``weight`` how much the block counts in averages, ``title`` the share of words in common with the first
    line, which often is the page's title. ``cued`` has the positions of the blocks that phrases match, by family, and
    ``copyrights`` says how many have the sign of copyright.
    """

    index: Ints
    kind: Sequence[str]
    characters: Floats
    counts: Floats
    words: Floats
    titled: Floats
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]
    gap: Floats
    evidence: Floats
    belief: Floats
    weight: Floats
    cue: Floats
    copies_before: Floats
    copies: Floats
    sentence: Floats
    prose: Floats
    title: Floats
    cued: Mapping[str, Sequence[int]]
    copyrights: int

    @property
    def size(self) -> int:
        return len(self.index)


def _view(document: Document, vocabulary: Vocabulary) -> _View:
    blocks = document.blocks
    texts = [block.text for block in blocks]
    counted = characters(texts, _CLASS)
    words = counted.words.astype(float)
    last = counted.kinds[counted.starts + [_last(text) for text in texts]]
    before, copied = copies(texts)
    beginnings = list(map(words_of, texts))
    evidence = np.array(list(map(vocabulary.text, texts, beginnings)))
    ended = last == STOP
    cue = np.zeros(len(texts))
    for positions in document.cued.values():
        cue[positions] = 1
    # Phrases that begin with a name go on with a verb and more, so that most lines need not be looked at.
    long = np.flatnonzero((counted.capitals >= _NAME) & (words > _NAME + 1)).tolist()
    named = lexicon().named
    cue[[position for position in long if named(texts[position])]] = 1
    return _View(
        np.arange(len(texts)),
        [block.kind for block in blocks],
        counted.sizes.astype(float),
        counted.counts.astype(float),
        words,
        counted.capitals.astype(float),
        counted.kinds[counted.starts],
        last,
        np.minimum([block.tail.count("\n") or block.tail.count("\r") for block in blocks], 3).astype(float),
        evidence,
        1 / (1 + np.exp(-np.clip(evidence, -30, 30))),
        np.minimum(words, _LONG) + 1,
        cue,
        np.array(before, float),
        np.array(copied, float),
        ((words >= SENTENCE_WORDS) & ended).astype(float),
        np.where((words >= PROSE_WORDS) & ended, words, 0),
        _title(texts, beginnings, words),
        document.cued,
        len([text for text in texts if "©" in text]),
    )


def _title(texts: Sequence[str], beginnings: Sequence[list[str]], words: Floats) -> Floats:
    """Return of each line that is no longer than a headline the share of words in common with the first line."""
    wanted = set(next((text for text in texts if text), "").lower().split())
    overlap = np.zeros(len(texts))
    for position in np.flatnonzero((words >= 3) & (words <= _HEADLINE)).tolist():
        own = beginnings[position]
        if len(texts[position]) > BEGINNING:
            own = texts[position].lower().split()
        if own and (own[0] in wanted or own[-1] in wanted):
            overlap[position] = len(wanted.intersection(own)) / len(own)
    return overlap


def _form(view: _View) -> Columns:
    size, words = np.maximum(view.characters, 1), np.maximum(view.words, 1)
    counts = view.counts
    return {
        "form_words": np.log1p(view.words),
        "form_word_length": size / words,
        "form_titled": view.titled / words,
        **{
            f"form_{name}": counts[:, kind] / size
            for name, kind in (
                ("upper", UPPER),
                ("digit", DIGIT),
                ("bar", BAR),
                ("other", OTHER),
                ("unspaced", UNSPACED),
            )
        },
        **{
            f"form_{name}": np.log1p(counts[:, kind])
            for name, kind in (("stops", STOP), ("commas", COMMA), ("money", MONEY), ("colons", COLON))
        },
        **{
            f"form_last_{name}": view.last == kind
            for name, kind in (("stop", STOP), ("colon", COLON), ("digit", DIGIT), ("comma", COMMA), ("other", OTHER))
        },
        **{
            f"form_first_{name}": view.first == kind
            for name, kind in (("upper", UPPER), ("lower", LOWER), ("digit", DIGIT), ("other", OTHER), ("bar", BAR))
        },
        "form_heading": np.array([kind == "heading" for kind in view.kind]),
        "form_item": np.array([kind == "item" for kind in view.kind]),
        "form_sentence": view.sentence,
        "form_prose": np.log1p(view.prose),
        "form_gap": view.gap,
        "form_gap_before": np.append(0, view.gap[:-1]),
        "copies_before": np.log1p(view.copies_before),
        "copies_all": np.log(view.copies),
    }


def _wording(view: _View) -> Columns:
    return {"wording_evidence": view.evidence, "wording_cue": view.cue}


def _place(view: _View) -> Columns:
    prose = view.prose > 0
    where = np.flatnonzero(prose)
    head, tail = (where[0], where[-1]) if len(where) else (0, view.size - 1)
    (above,), (below,) = _nearest(view.index, prose[np.newaxis])
    words = np.cumsum(view.words)
    total = max(float(words[-1]), 1)
    return {
        "place_index": view.index / view.size,
        "place_words": (words - view.words / 2) / total,
        "place_before": np.log1p(words - view.words),
        "place_after": np.log1p(total - words),
        "place_first": view.index == 0,
        "place_top": np.log1p(view.index),
        "place_bottom": np.log1p(view.size - 1 - view.index),
        "place_head": np.log1p(np.maximum(head - view.index, 0)),
        "place_tail": np.log1p(np.maximum(view.index - tail, 0)),
        "place_above": np.log1p(np.minimum(above, _FAR)),
        "place_below": np.log1p(np.minimum(below, _FAR)),
    }


def _landmarks(view: _View) -> Columns:
    """Return how far above and below each line what tells the parts of a page stands."""
    titles = np.flatnonzero((view.title > _IS_TITLE) & (view.index > 0))
    landmarks = {"title": titles, **{name: view.cued.get(name, ()) for name in _LANDMARKS}}
    flags = np.zeros((len(landmarks), view.size), bool)
    for row, positions in zip(flags, landmarks.values(), strict=True):
        row[list(positions)] = True
    sides = np.log1p(np.minimum(_nearest(view.index, flags), _FAR))
    found: dict[str, Column] = {"wording_title": view.title}
    for name, above, below in zip(landmarks, *sides, strict=True):
        found[f"around_{name}_above"] = above
        found[f"around_{name}_below"] = below
    return found


def _nearest(index: Ints, flags: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return how many lines above and below each line the next one stands that has a flag, or far.

    ``flags``, and both arrays that are returned, have a row for each thing that is looked for, a column for each line.
    """
    flagged_above, flagged_below = _shifted(flags, 1)
    last = np.maximum.accumulate(np.where(flagged_above, index - 1, -_FAR), axis=1)
    after = np.where(flagged_below, index + 1, len(index) + _FAR)
    following = np.minimum.accumulate(after[:, ::-1], axis=1)[:, ::-1]
    return index - last, following - index


def _shifted(rows: NDArray[Any], step: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each line what rows have so many lines above it, and below; nought where there is no such line."""
    size = rows.shape[1]
    padded = np.zeros((len(rows), size + 2 * step), rows.dtype)
    padded[:, step : step + size] = rows
    return padded[:, :size], padded[:, 2 * step :]


def _around(view: _View) -> Columns:
    found: dict[str, Column] = {}
    short = np.log1p(view.words)
    near = {
        "words": short,
        "evidence": view.evidence,
        "sentence": view.sentence,
        "cue": view.cue,
        "titled": view.titled / np.maximum(view.words, 1),
    }
    for step in (1, 2):
        for name, above, below in zip(near, *_shifted(np.array([*near.values()]), step), strict=True):
            found[f"around_{name}_{step}_above"] = above
            found[f"around_{name}_{step}_below"] = below
    names = ("belief", "weight", "prose", "words", "sentence", "cue", "copies")
    columns = (view.weight * view.belief, view.weight, view.prose, short, view.sentence, view.cue, view.copies > 1)
    sums = np.zeros((len(names), view.size + 1))
    np.cumsum(columns, axis=1, out=sums[:, 1:])
    for reach in _WINDOWS:
        low = np.maximum(view.index - reach, 0)
        high = np.minimum(view.index + reach + 1, view.size)
        for side, start, end in (("above", low, view.index), ("below", view.index + 1, high)):
            between = sums[:, end] - sums[:, start]
            parts = dict(zip(names, between, strict=True))
            found[f"around_belief_{reach}_{side}"] = (parts["belief"] + 0.5) / (parts["weight"] + 1)
            found[f"around_prose_{reach}_{side}"] = np.log1p(parts["prose"])
            means = between[names.index("words") :] / np.maximum(end - start, 1)
            for name, mean in zip(names[names.index("words") :], means, strict=True):
                found[f"around_{name}_{reach}_{side}"] = mean
    return found


def _running(column: Floats) -> Floats:
    run = np.zeros(len(column) + 1)
    np.cumsum(column, out=run[1:])
    return run


def _run(view: _View) -> Columns:
    """Return what is known of the run of lines, all of them sentences or none, that each line is in."""
    ended = view.sentence > 0
    starts = np.append(True, ended[1:] != ended[:-1])
    number = np.cumsum(starts) - 1
    start = np.flatnonzero(starts)
    end = np.append(start[1:], view.size)
    belief, weight, words, cue = (
        np.diff(_running(column)[np.append(start, view.size)])
        for column in (view.weight * view.belief, view.weight, view.words, view.cue)
    )
    husk = ~ended
    return {
        "run_lines": np.log1p(end - start)[number] * husk,
        "run_words": np.log1p(words)[number],
        "run_belief": (belief / weight)[number],
        "run_cues": (cue / (end - start))[number] * husk,
        "run_place": (view.index - start[number]) / (end - start)[number],
        "run_above": np.log1p(np.append(0, words[:-1]))[number],
        "run_below": np.log1p(np.append(words[1:], 0))[number],
    }


def _whole(view: _View) -> Columns:
    size, total = view.size, max(float(view.words.sum()), 1)
    values = {
        "lines": np.log1p(size),
        "words": np.log1p(total),
        "words_a_line": np.log1p(total / size),
        "prose": view.prose.sum() / total,
        "sentences": view.sentence.mean(),
        "belief": (view.weight * view.belief).sum() / view.weight.sum(),
        "cues": view.cue.mean(),
        "cue_lines": np.log1p(view.cue.sum()),
        "copies": (view.copies > 1).mean(),
        "gaps": (view.gap > 1).mean(),
        "most_prose": np.log1p(view.prose.max()),
        "lower": (view.first == LOWER).mean(),
        "copyright": np.log1p(view.copyrights),
        **{name: np.log1p(len(view.cued.get(name, ()))) for name in _TELLING},
    }
    return {f"text_{name}": np.full(size, value) for name, value in values.items()}


_CLOSING = frozenset("\"'”’»“)]")


def _last(text: str) -> int:
    """Return the position of the last character that is no closing quote or bracket, nought if there is none."""
    end = max(len(text) - 1, 0)
    while end > 0 and text[end] in _CLOSING:
        end -= 1
    return end
