"""The model of text: which lines of a page that was dumped as text are main text, and whether a text is such a dump."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehusk.document import Document
from dehusk.model.lines import rows
from dehusk.model.network import Network, best_expected, from_dict

WEIGHTS = "main_text.json"

GROUPS: Mapping[str, str] = {
    "wording": "its wording",
    "form": "its form",
    "place": "where it stands",
    "around": "the lines around it",
    "run": "the run of lines that it is in",
    "copies": "that it stands there more than once",
    "text": "the kind of text",
}
"""The groups of features, by what their names begin with, in words."""

_EDGES = (8, 20)  # lines at both ends of a text that are looked at apart
_BARS = (0.5, 0.9)  # scores, of being husk, above which lines are counted
_NEAR = np.exp(-np.abs(np.arange(-2, 3)))  # weights of the lines around in a mean of scores
_OWN = 0.6  # share of a line's own score in that which counts
_LEAST_REASON = 0.3  # logit; a group that says less against a line is no second reason
_REASONS = {
    (one, other): name if one == other else f"{name} and {also}"
    for one, name in enumerate(GROUPS.values())
    for other, also in enumerate(GROUPS.values())
}
"""The reason in words, by the numbers of the groups that speak against a line most: two different ones, or one."""

Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judged:
    """A text as the model sees it: features and score of each block, and how likely the text is a dump.

    ``expected`` is the greatest F1, over words, that any choice of blocks can expect. ``words`` are those of each
    block, ``prose`` is how many of them are running text.
    """

    table: Row
    scores: Row
    words: Row
    prose: Row
    dump: float
    expected: float


@dataclass(frozen=True)
class TextModel:
    """Three models: of the ``lines`` of a dump, of whether a text is a ``dump``, and of the ``reasons`` for a score.

    The last is linear, so that it can be taken apart: it says what the first says as well as a linear one can.
    """

    lines: Network
    dump: Network
    reasons: Network

    def judged(self, document: Document) -> Judged:
        """Return how likely each block of a text that has some is main text, 0 to 1, and that the text is a dump."""
        table = rows(document, self.lines.vocabulary, self.lines.features)
        scores = self.lines.judged(table)
        words, prose = (np.expm1(table[:, self.lines.features.index(name)]) for name in ("form_words", "form_prose"))
        dump = float(self.dump.judged(summary(scores, words, table, self.lines.features))[0])
        return Judged(table, smoothed(scores), words, prose, dump, best_expected(scores, words))

    def explained(self, table: Row) -> list[str]:
        """Return for each row of features what speaks against it most, in words."""
        model = self.reasons
        parts = model.scale.scaled(table) @ self._by_group
        order = np.argsort(parts, axis=1, kind="stable")
        first, second = order[:, 0], order[:, 1]
        second = np.where(parts[np.arange(len(table)), second] < -_LEAST_REASON, second, first)
        return [_REASONS[one, other] for one, other in zip(first.tolist(), second.tolist(), strict=True)]

    @cached_property
    def _by_group(self) -> Row:
        """The weights of the reasons, a column for each group of features."""
        features, weights = self.reasons.features, self.reasons.layers[0][0][0]
        groups: Row = weights * [[feature.startswith(f"{group}_") for group in GROUPS] for feature in features]
        return groups

    def to_json(self) -> str:
        """Return the model as :func:`from_json` reads it."""
        parts = {name: getattr(self, name).to_dict() for name in ("lines", "dump", "reasons")}
        return json.dumps(parts, ensure_ascii=False, indent=0) + "\n"


def from_json(text: str) -> TextModel:
    """Return the model in a weights file."""
    data: Mapping[str, Any] = json.loads(text)
    return TextModel(*(from_dict(data[name]) for name in ("lines", "dump", "reasons")))


@cache
def load() -> TextModel:
    """Return the model that ships with dehusk."""
    return from_json((files("dehusk.model") / WEIGHTS).read_text("utf-8"))


def smoothed(scores: Row) -> Row:
    """Return scores mixed with those of the lines around: main text comes in runs, and so does husk."""
    if len(scores) < len(_NEAR):
        return scores
    around = np.convolve(scores, _NEAR, "same") / np.convolve(np.ones(len(scores)), _NEAR, "same")
    mixed: Row = (_OWN * scores + (1 - _OWN) * around).astype(np.float32)
    return mixed


def summary(scores: Row, words: Row, table: Row, names: Sequence[str]) -> Row:
    """Return, as one row, what tells a dump: what the lines score and the features of the text as a whole.

    The columns are those of ``summary_names``.
    """
    husk = 1 - scores
    total = max(float(words.sum()), 1)
    lost = float((husk * words).sum())
    values = [lost / total, np.log1p(lost), float(husk.mean()), float((words * (husk > _BARS[-1])).sum()) / total]
    for edge in _EDGES:
        values += [float(husk[:edge].mean()), float(husk[-edge:].mean())]
    values += [np.log1p(np.count_nonzero(husk > bar)) for bar in _BARS]
    values += [table[0, column] for column, name in enumerate(names) if name.startswith("text_")]
    return np.array([values], np.float32)


def summary_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns of :func:`summary`."""
    ends = [f"husk_{side}_{edge}" for edge in _EDGES for side in ("top", "bottom")]
    counts = [f"husk_lines_{bar}" for bar in _BARS]
    whole = [name for name in names if name.startswith("text_")]
    return ("husk_share", "husk_words", "husk_mean", "husk_sure", *ends, *counts, *whole)
