"""Make the model of text that ships with dehusk, or models of folds that say how good it is.

    python training/text.py weights WCXB DUMPS [--multilingual DATA DUMPS]
    python training/text.py folds WCXB DUMPS FOLDER [--multilingual DATA DUMPS]

``DUMPS`` is what ``benchmarks/dumps.py`` wrote: the texts that several extractors made of the pages. ``weights`` learns
from them and writes the weights file. ``folds`` writes to ``FOLDER`` models of which each has seen no page of the
domains that it is to judge, and ``folds.json``, which tells the fold of each page: ``benchmarks/gain.py`` takes them.
The same data and versions give the same weights, byte for byte.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from multiprocessing import Pool
from pathlib import Path

import click
import numpy as np
from copies import stretched
from examples import Example, chunks, folds, site, weights_of
from fit import Corpus, Row, Settings, feature_rows, fit, taught
from labels import counted, label
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_limits

from dehusk.model.lines import features, rows
from dehusk.model.network import Network, best_expected
from dehusk.model.text import WEIGHTS, TextModel, smoothed, summary, summary_names
from dehusk.model.tokens import Vocabulary
from dehusk.readers.text import parse
from dehusk.rules.main_text import FAVOR, may_be_page

FOLDS = 4
SETTINGS = Settings(teachers=2, trees=200, leaves=31, networks=2, hidden=(64, 32), epochs=12, beyond=2.0)
INNER_FOLDS = 2
INNER = replace(SETTINGS, teachers=1, trees=100, networks=1, epochs=6, seed=1)
"""How the models differ whose scores teach to tell dumps: they need not be as good."""
GATE = Settings(teachers=3, trees=150, leaves=8, rate=0.05, networks=2, hidden=(32, 16), epochs=60, beyond=2.0)
"""How it is learned which texts to cut. A text weighs as much as it gains or loses by that, and at least ``LEAST``."""
LEAST = 0.02
LONG = 24
"""Of so many texts one is learned from a second time, many times as long."""
ALL_TEXTS = ("html-text", "bs4", "resiliparse-all")
"""Sources that are dumps: the model of lines learns from all of them."""
MAIN_TEXTS = ("gold", "resiliparse", "trafilatura", "readability-lxml", "justext", "boilerpy3")
"""Sources that are none, of which it learns to leave alone the first and, by turns, two of the others."""
_NONE = Vocabulary({kind: {} for kind in "=smln"})
_OUTPUT = Path(__file__).parent.parent / "src" / "dehusk" / "model" / WEIGHTS


@dataclass(frozen=True)
class Page:
    """An annotated page: its main text, or chunks that must and must not be in it."""

    id: str
    type: str
    domain: str
    gold: str
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def wcxb(folder: Path) -> list[Page]:
    """Return the pages of WCXB."""
    pages = []
    for path in sorted((folder / "ground-truth").glob("*.json")):
        record = json.loads(path.read_text("utf-8"))
        kind = record["_internal"]["page_type"]["primary"]
        pages.append(Page(path.stem, kind, site(record["url"]), record["ground_truth"].get("main_content") or ""))
    return pages


def multilingual(folder: Path) -> list[Page]:
    """Return the pages of the multilingual set."""
    records = json.loads((folder / "annotations.json").read_text("utf-8"))
    return [
        Page(Path(record["file"]).stem, "", site(url), "", tuple(record["with"]), tuple(record["without"]))
        for url, record in sorted(records.items())
    ]


def example(source: str, page: Page, dumps: Path) -> Example | None:
    """Return what ``source`` makes of a page, with labels; nothing if that has no text."""
    path = dumps / source / f"{page.id}.txt"
    text = page.gold if source == "gold" else path.read_text("utf-8") if path.exists() else ""
    document = replace(parse(text), source="")
    if document.is_empty:
        return None
    name = f"{source}/{page.id}"
    if page.present or page.absent:
        return chunks(name, page.domain, document, page.present, page.absent)
    texts = [block.text for block in document.blocks]
    labels = np.array([1] * len(texts) if source == "gold" else label(texts, page.gold), np.float32)
    weights = weights_of(document, np.ones(len(labels), bool))
    return Example(name, page.type, page.domain, document, labels, weights, page.gold)


def examples_of(sources: Sequence[str], pages: Sequence[Page], dumps: Path, turns: int) -> list[Example]:
    """Return what the first of the sources makes of the pages, and so many of the others by turns."""
    others = sources[1:]
    chosen = [
        (source, page)
        for number, page in enumerate(pages)
        for source in (sources[0], *(others[(number + turn) % len(others)] for turn in range(turns)))
    ]
    with Pool() as pool:
        made = pool.starmap(example, ((source, page, dumps) for source, page in chosen), 20)
    return [found for found in made if found]


def fit_text(corpus: Corpus, others: Sequence[Example], names: tuple[str, ...], about: dict[str, object]) -> TextModel:
    """Return the model learned from the dumps in ``corpus`` and from ``others``, which are none."""
    everything = range(len(corpus.examples))
    lines = fit(corpus, list(everything), names, about)
    table = feature_rows(((example, lines.vocabulary) for example in corpus.examples), names, rows)
    reasons = linear(table, np.log(bounded(lines.judged(table)) / (1 - bounded(lines.judged(table)))), names, lines)
    return TextModel(lines, dump(corpus, others, names), reasons)


def bounded(scores: Row) -> Row:
    """Return scores that stay off 0 and 1."""
    return np.clip(scores, 0.02, 0.98)


def linear(table: Row, logits: Row, names: tuple[str, ...], lines: Network) -> Network:
    """Return the linear model that comes closest to what the model of lines says."""
    found = Ridge(alpha=100.0).fit(lines.scale.scaled(table), logits)
    layer = found.coef_.astype(np.float32).reshape(1, -1, 1), np.full((1, 1, 1), found.intercept_, np.float32)
    return Network(_NONE, names, lines.scale, (layer,), {})


def dump(corpus: Corpus, others: Sequence[Example], names: tuple[str, ...]) -> Network:
    """Return the model that tells dumps from other texts by what lines score of which the domain was not learned.

    What counts as a dump is what gains by being cut: whose F1, without the lines that score too low, is higher.
    """
    settings = replace(INNER, seed=corpus.settings.seed + 1)
    every = [*corpus.examples, *others]
    inner = folds(every, INNER_FOLDS, settings.seed)
    table, gains = [], []
    for left_out in range(INNER_FOLDS):
        pages = np.flatnonzero(inner[: len(corpus.examples)] != left_out).tolist()
        model = fit(replaced(corpus, settings), pages, names, {})
        for position in np.flatnonzero(inner == left_out).tolist():
            if every[position].gold and may_be_page(every[position].document.blocks):
                row, gain = cut(every[position], model, names)
                table.append(row)
                gains.append(gain)
    found, gained = np.array(table), np.array(gains, np.float32)
    weights = np.abs(gained) + LEAST
    each = np.arange(len(found))
    settings = replace(GATE, seed=settings.seed)
    layers, scale = taught(found, (gained > 0).astype(np.float32), weights / weights.mean(), each, settings)
    return Network(_NONE, summary_names(names), scale, layers, {})


def cut(text: Example, model: Network, names: tuple[str, ...]) -> tuple[Row, float]:
    """Return what there is to know of a text by the scores of its lines, and by how much cutting it raises its F1."""
    lines = rows(text.document, model.vocabulary, names)
    words = np.expm1(lines[:, names.index("form_words")])
    raw = model.judged(lines)
    scores = smoothed(raw)
    kept = scores >= FAVOR["balance"][0] * best_expected(scores, words)
    texts = [block.text for block in text.document.blocks]
    left = (line for line, keep in zip(texts, kept.tolist(), strict=True) if keep)
    gain = counted("\n".join(left), text.gold)[2] - counted("\n".join(texts), text.gold)[2]
    return summary(raw, words, lines, names)[0], gain


def replaced(corpus: Corpus, settings: Settings) -> Corpus:
    """Return the corpus with other settings, its tokens not counted again."""
    other = object.__new__(Corpus)
    other.__dict__.update(corpus.__dict__ | {"settings": settings})
    return other


def learned(
    dumps: Sequence[Example], others: Sequence[Example], settings: Settings, about: dict[str, object]
) -> TextModel:
    """Return the model learned from these texts."""
    names = tuple(name for name, _ in features(dumps[0].document, _NONE))
    with threadpool_limits(1):
        return fit_text(Corpus(list(dumps), settings, rows), others, names, about)


_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_DATA = click.argument("data", type=_FOLDER)
_DUMPS = click.argument("dumps", type=_FOLDER)
_MULTILINGUAL = click.option("--multilingual", "other", nargs=2, type=_FOLDER, help="Multilingual set and its dumps.")


def _examples(data: Path, dumps: Path, other: tuple[Path, Path] | None) -> tuple[list[Example], list[Example]]:
    """Return the texts that are dumps, and those that are none."""
    pages = wcxb(data)
    found = examples_of(ALL_TEXTS, pages, dumps, 2)
    if other:
        found += examples_of(ALL_TEXTS[:2], multilingual(other[0]), other[1], 1)
    others = examples_of(MAIN_TEXTS, pages, dumps, 2)
    return found + _longer(found), others + _longer(others)


def _longer(texts: Sequence[Example]) -> list[Example]:
    return stretched([text for text in texts if text.gold], LONG)


@click.group()
def main() -> None:
    """Make the model of text, or measure it."""


@main.command()
@_DATA
@_DUMPS
@_MULTILINGUAL
def weights(data: Path, dumps: Path, other: tuple[Path, Path] | None) -> None:
    """Learn from all texts and write the weights that ship."""
    found, others = _examples(data, dumps, other)
    about = {
        "data": ["WCXB dev (Murrough Foley, 2026, CC-BY-4.0)", *(["multilingual"] if other else [])],
        "texts": len(found) + len(others),
        "versions": {name: version(name) for name in ("lightgbm", "numpy", "scikit-learn")},
    }
    _OUTPUT.write_text(learned(found, others, SETTINGS, about).to_json(), "utf-8")


@main.command("folds")
@_DATA
@_DUMPS
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_MULTILINGUAL
@click.option("--seed", default=0, show_default=True, help="How the domains are divided.")
def write_folds(data: Path, dumps: Path, folder: Path, other: tuple[Path, Path] | None, seed: int) -> None:
    """Learn models of which each has seen no page of the domains that it is to judge."""
    found, others = _examples(data, dumps, other)
    fold = folds([*found, *others], FOLDS, seed)
    folder.mkdir(parents=True, exist_ok=True)
    of = {e.id.split("/")[1]: int(number) for e, number in zip([*found, *others], fold, strict=True)}
    (folder / "folds.json").write_text(json.dumps(of, indent=0), "utf-8")
    for left_out in range(FOLDS):
        parts = [
            [e for e, number in zip(part, numbers, strict=True) if number != left_out]
            for part, numbers in ((found, fold[: len(found)]), (others, fold[len(found) :]))
        ]
        model = learned(parts[0], parts[1], replace(SETTINGS, seed=seed), {})
        (folder / f"{left_out}.json").write_text(model.to_json(), "utf-8")
        click.echo(f"fold {left_out} done", err=True)


if __name__ == "__main__":
    main()
