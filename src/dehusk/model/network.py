"""Small networks over rows of features, and how they are written to files of weights."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dehusk.model.tokens import Vocabulary

_PRECISION = np.float16
_SMALL = 1 << 18  # multiplications; so few at a time no BLAS splits among threads, which would cost more than it saves
_UNIT = 0.02  # weights of tokens are stored as whole numbers of this; what rounds to none of it is left out

Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scale:
    """How features are brought to the scale of a network: bounded, then in spreads (standard deviations) from the mean.

    Each of the four has a number for each feature. The bounds are what features of ordinary pages keep to, so that a
    page longer than all that the network has seen looks to it like a long one.
    """

    low: Row
    high: Row
    mean: Row
    spread: Row

    def bounded(self, rows: Row) -> Row:
        """Return rows of features within the bounds."""
        return np.clip(rows, self.low, self.high)

    def scaled(self, rows: Row) -> Row:
        """Return rows of features as the network takes them."""
        scaled: Row = (self.bounded(rows) - self.mean) / self.spread
        return scaled


@dataclass(frozen=True)
class Network:
    """Vocabulary, names of the features, and layers with rectifiers in between, of several networks side by side.

    A layer is a pair of weights (networks × inputs × outputs) and bias (networks × 1 × outputs). What the networks say
    is averaged: each alone errs in its own way.

    ``about`` says with what the model was made.
    """

    vocabulary: Vocabulary
    features: tuple[str, ...]
    scale: Scale
    layers: tuple[tuple[Row, Row], ...]
    about: Mapping[str, Any]

    def judged(self, rows: Row) -> Row:
        """Return the score of each row of features, 0 to 1."""
        rows = self.scale.scaled(rows)
        step = max(1, _SMALL // max(weights[0].size for weights, _ in self.layers))
        logits = np.concatenate([self._logits(rows[at : at + step]) for at in range(0, len(rows), step)])
        scores: Row = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return scores

    def _logits(self, values: Row) -> Row:
        for weights, bias in self.layers[:-1]:
            values = np.maximum(values @ weights + bias, 0)
        weights, bias = self.layers[-1]
        logits: Row = (values @ weights + bias).mean(axis=0)[:, 0]
        return logits

    def to_dict(self) -> dict[str, Any]:
        """Return the network as :func:`from_dict` takes it."""
        units = self.vocabulary.unit / _UNIT
        tokens = {
            kind: {token: round(weight * units) for token, weight in sorted(weights.items())}
            for kind, weights in self.vocabulary.weights.items()
        }
        return {
            "about": self.about,
            "features": list(self.features),
            "scale": {item.name: _packed(getattr(self.scale, item.name), np.float32) for item in fields(Scale)},
            "layers": [
                {
                    "shape": list(weights.shape),
                    "weights": _packed(weights, _PRECISION),
                    "bias": _packed(bias, np.float32),
                }
                for weights, bias in self.layers
            ],
            "tokens": {kind: {t: w for t, w in weights.items() if w} for kind, weights in tokens.items()},
        }


def from_dict(data: Mapping[str, Any]) -> Network:
    """Return the network that ``to_dict`` put into a form for JSON."""
    layers = tuple(
        (
            _unpacked(layer["weights"], _PRECISION).reshape(layer["shape"]),
            _unpacked(layer["bias"], np.float32).reshape(layer["shape"][0], 1, layer["shape"][2]),
        )
        for layer in data["layers"]
    )
    scale = Scale(**{name: _unpacked(packed, np.float32) for name, packed in data["scale"].items()})
    return Network(Vocabulary(data["tokens"], _UNIT), tuple(data["features"]), scale, layers, data["about"])


def _packed(values: NDArray[np.float32], kind: type[np.floating]) -> str:
    return b64encode(values.astype(np.dtype(kind).newbyteorder("<")).tobytes()).decode()


def _unpacked(text: str, kind: type[np.floating]) -> NDArray[np.float32]:
    return np.frombuffer(b64decode(text), np.dtype(kind).newbyteorder("<")).astype(np.float32)


def best_expected(scores: Row, words: Row) -> float:
    """Return the greatest F1, over words, that any choice of blocks can expect.

    The choice with the greatest expected F1 keeps the blocks that score at least half of it (Lewis, 1995).
    """
    order = np.argsort(-scores, kind="stable")
    size = np.cumsum(words[order], dtype=np.float64)
    hits = np.cumsum((words * scores)[order], dtype=np.float64)
    return float((2 * hits / np.maximum(size + hits[-1], 1e-9)).max())
