"""From labelled pages to a model, in three steps.

1. A logistic regression over names and words gives each token its weight. The evidence that the next steps see of a
   page is always that of a regression that has not seen the page's domain.
2. Boosted trees learn main content from all features: they are the teachers.
3. Small networks learn to say what the trees say. They cost a fraction of the time, need nothing but NumPy, and their
   mean is as good.
"""

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import lightgbm
import numpy as np
from examples import Example, folds
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPRegressor

from dehusk.document import Block, Document
from dehusk.model.columns import columns
from dehusk.model.features import matrix
from dehusk.model.network import Network, Scale
from dehusk.model.tokens import LONG, MEDIUM, NAME, SHORT, WHOLE, Vocabulary, name_tokens, tokens_of

Token = tuple[str, str]
Row = NDArray[np.float32]
RowsOf = Callable[[Document, Vocabulary, tuple[str, ...]], Row]
"""What gives the features, by their names, of all blocks of a document."""
_BLOCKS_ALIKE = 100  # how many of each page are looked at for what is usual
_FARTHEST = 5.0  # spreads
_KINDS = (NAME, WHOLE, SHORT, MEDIUM, LONG)


@dataclass(frozen=True)
class Settings:
    """What can be set about the training; the defaults made the shipped weights."""

    seed: int = 0
    inner_folds: int = 4
    domains: int = 4  # fewest domains a token must stand on
    strength: float = 0.005  # inverse of the regression's regularization
    evenness: float = 0.5  # share of a block's weight in the regression that all blocks have alike
    teachers: int = 3  # forests whose mean is taught
    trees: int = 200
    leaves: int = 24
    rate: float = 0.06
    networks: int = 4  # whose mean is the score
    hidden: tuple[int, ...] = (64, 32)
    epochs: int = 14
    most_blocks: int = 250  # of one page that the student learns from
    unknown: float = 0.5  # weight of a block of which only the teachers know something, in those of an average block
    heaviest: float = 20.0  # weight of a block, likewise
    beyond: float = 0.5  # per cent of a feature's values, at either end, that are out of bounds
    surest: float = 0.99  # the student need not follow the teachers beyond this score


def page_rows(document: Document, vocabulary: Vocabulary, names: tuple[str, ...]) -> Row:
    """Return the features of all blocks of a page."""
    return matrix(columns(document, vocabulary), names)


def block_tokens(blocks: Sequence[Block]) -> list[Counter[Token]]:
    """Return the tokens of each block: of its text and of all elements around it."""
    found = []
    for block in blocks:
        tokens: Counter[Token] = Counter(tokens_of(block.text))
        for element in block.path:
            tokens.update((NAME, token) for token in name_tokens(element.start))
        found.append(tokens)
    return found


class Corpus:
    """Labelled pages with their tokens counted, so that many regressions can be fitted to parts of them.

    ``rows_of`` gives the features of a page, or of a text.
    """

    def __init__(self, examples: list[Example], settings: Settings, rows_of: RowsOf = page_rows) -> None:
        self.examples = examples
        self.settings = settings
        self.rows_of = rows_of
        domains: dict[Token, set[str]] = defaultdict(set)
        counted = [block_tokens(() if example.copy else example.document.blocks) for example in examples]
        for example, blocks in zip(examples, counted, strict=True):
            for token in {token for tokens in blocks for token in tokens}:
                domains[token].add(example.domain)
        kept = sorted(token for token, where in domains.items() if len(where) >= settings.domains)
        self.tokens: dict[Token, int] = {token: column for column, token in enumerate(kept)}
        self.counts = [self._matrix(blocks) for blocks in counted]

    def _matrix(self, blocks: list[Counter[Token]]) -> csr_matrix:
        data, indices, ends = [], [], [0]
        for tokens in blocks:
            for token, count in tokens.items():
                column = self.tokens.get(token)
                if column is not None:
                    indices.append(column)
                    data.append(count)
            ends.append(len(indices))
        return csr_matrix((np.array(data, np.float32), indices, ends), shape=(len(blocks), len(self.tokens)))

    def vocabulary(self, pages: Iterable[int]) -> Vocabulary:
        """Return the weights of the tokens, learned from some of the pages, copies left out."""
        from scipy.sparse import vstack

        pages = [page for page in pages if not self.examples[page].copy]
        counts = vstack([self.counts[page] for page in pages]).tocsr()
        labels = np.concatenate([self.examples[page].labels for page in pages])
        weights = np.concatenate([self.examples[page].weights for page in pages])
        known = weights > 0
        share = self.settings.evenness
        weights = (1 - share) * weights[known] / weights[known].mean() + share
        model = LogisticRegression(C=self.settings.strength, max_iter=60, tol=1e-3)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits of a weight do not matter
            model.fit(counts[known], labels[known], sample_weight=weights)
        found: dict[str, dict[str, float]] = {kind: {} for kind in _KINDS}
        for (kind, token), weight in zip(self.tokens, model.coef_[0].tolist(), strict=True):
            found[kind][token] = weight
        return Vocabulary(found)


def feature_rows(
    examples: Iterable[tuple[Example, Vocabulary]], names: tuple[str, ...], rows_of: RowsOf = page_rows
) -> Row:
    """Return the features of all blocks of the pages, each with the evidence of its vocabulary."""
    return np.concatenate([rows_of(example.document, vocabulary, names) for example, vocabulary in examples])


def fit(corpus: Corpus, pages: Sequence[int], names: tuple[str, ...], about: Mapping[str, object]) -> Network:
    """Return the network learned from some ``pages`` of the corpus."""
    settings = corpus.settings
    examples = [corpus.examples[page] for page in pages]
    inner = folds(examples, settings.inner_folds, settings.seed + 1000)
    unseen = [
        corpus.vocabulary(page for page, fold in zip(pages, inner, strict=True) if fold != left_out)
        for left_out in range(settings.inner_folds)
    ]
    rows = feature_rows(
        ((example, unseen[fold]) for example, fold in zip(examples, inner, strict=True)), names, corpus.rows_of
    )
    labels = np.concatenate([example.labels for example in examples])
    weights = np.concatenate([example.weights for example in examples])
    weights /= weights[weights > 0].mean()
    page = np.repeat(np.arange(len(examples)), [len(example.labels) for example in examples])
    layers, scale = taught(rows, labels, weights, page, settings)
    return Network(corpus.vocabulary(pages), names, scale, layers, about)


def taught(
    rows: Row, labels: Row, weights: Row, page: NDArray[np.int64], settings: Settings
) -> tuple[tuple[tuple[Row, Row], ...], Scale]:
    """Return the layers of networks that learned the labels from teachers, and the scale of their inputs.

    ``page`` tells which page a row is of. Rows of no weight have no label, and are learned from the teachers alone.
    """
    scale = scale_of(rows, page, settings.beyond)
    rows = scale.bounded(rows)
    teachers = (_teacher(rows, labels, weights, settings, number) for number in range(settings.teachers))
    said = np.mean([teacher.predict(rows) for teacher in teachers], axis=0)
    return _student(scale.scaled(rows), said, weights, page, settings), scale


def scale_of(rows: Row, page: NDArray[np.int64], beyond: float) -> Scale:
    """Return the scale of features: what so many per cent go beyond, every page counting alike, is out of bounds.

    What is between 0 and 1 is within, as shares and answers to questions are, unless far from what is usual.
    """
    mean, spread = rows.mean(0), rows.std(0) + 1e-6
    ends = np.append(np.flatnonzero(np.diff(page)) + 1, len(page))
    starts = np.append(0, ends[:-1])
    alike = np.linspace(starts, ends - 1, _BLOCKS_ALIKE).astype(int).ravel()
    low, high = np.percentile(rows[alike], (beyond, 100 - beyond), axis=0)
    low = np.maximum(np.minimum(low, 0), mean - _FARTHEST * spread)
    high = np.minimum(np.maximum(high, 1), mean + _FARTHEST * spread)
    return Scale(*(values.astype(np.float32) for values in (low, high, mean, spread)))


def _teacher(rows: Row, labels: Row, weights: Row, settings: Settings, number: int) -> lightgbm.Booster:
    known = weights > 0
    options = {
        "objective": "binary",
        "num_leaves": settings.leaves,
        "learning_rate": settings.rate,
        "seed": settings.seed + number,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "min_data_in_leaf": 100,
        "lambda_l2": 20,
        "max_bin": 127,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,  # sums depend on how they are split
        "verbose": -1,
    }
    return lightgbm.train(options, lightgbm.Dataset(rows[known], labels[known], weight=weights[known]), settings.trees)


def _student(
    rows: Row, taught: NDArray[np.float64], weights: Row, page: NDArray[np.int64], settings: Settings
) -> tuple[tuple[Row, Row], ...]:
    """Return the layers of networks that say what the teachers say of ``rows``, which are scaled."""
    share = np.minimum(1, settings.most_blocks / np.bincount(page)[page])
    weights = np.where(weights > 0, weights, weights[weights > 0].mean() * settings.unknown)
    taught = np.clip(taught, 1 - settings.surest, settings.surest)
    networks = []
    for number in range(settings.networks):
        seed = settings.seed + number
        chosen = np.random.RandomState(seed).random_sample(len(rows)) < share
        network = MLPRegressor(
            hidden_layer_sizes=settings.hidden, batch_size=512, learning_rate_init=2e-3, alpha=1e-3,
            max_iter=settings.epochs, tol=0, n_iter_no_change=settings.epochs + 1, random_state=seed,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(
                rows[chosen],
                np.log(taught / (1 - taught))[chosen],
                sample_weight=np.minimum(weights[chosen] / share[chosen], settings.heaviest),
            )
        networks.append(network)
    return tuple(
        (
            np.stack([network.coefs_[layer] for network in networks]).astype(np.float32),
            np.stack([network.intercepts_[layer][None, :] for network in networks]).astype(np.float32),
        )
        for layer in range(len(settings.hidden) + 1)
    )
