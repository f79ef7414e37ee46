"""Make the main-content model that ships with dehusk, or say how good it is.

    python training/train.py weights WCXB --multilingual DATA
    python training/train.py validate WCXB --multilingual DATA [--seeds 3]
    python training/train.py ablate WCXB --multilingual DATA

``weights`` learns from all pages and writes the weights file. ``validate`` prints the table of the cross-validation:
every page is scored by a model that has seen no page of its registrable domain, as it is and as it would be if it were
built in another way. ``ablate`` does so with parts left out.
The same data and versions give the same weights, byte for byte.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, stdev

import click
import numpy as np
from copies import STRETCHED, STYLES, restyled, stretched
from examples import Example, folded, folds, multilingual, wcxb
from fit import Corpus, Settings, fit
from labels import counted
from rich import box
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from dehusk import Config
from dehusk.model.columns import FLAGS, columns
from dehusk.model.features import features
from dehusk.model.page import WEIGHTS, PageModel
from dehusk.pipeline import apply, run
from dehusk.rules.main_content import MainContent

FOLDS = 5
LONG = 6  # of so many pages one is learned from a second time, many times as long
OTHER_RULES = tuple(rule for rule in Config().active if not isinstance(rule, MainContent))
TYPES = ("article", "documentation", "service", "forum", "collection", "listing", "product")
_OUTPUT = Path(__file__).parent.parent / "src" / "dehusk" / "model" / WEIGHTS


@dataclass(frozen=True)
class Outcome:
    """What a model of other domains keeps of a page, scored: precision, recall and F1, or chunks."""

    example: Example
    precision: float
    recall: float
    f1: float
    chunks: tuple[int, int, int]  # found that should be, found that should not, missed


def outcome(example: Example, model: PageModel | None) -> Outcome:
    """Return how good what dehusk's default rules leave of a page is, its main content being judged by ``model``.

    A page without any text needs no model.
    """
    document = example.document
    if model:
        document, _ = apply(document, tuple(MainContent().judged(document, model)))
        document, _ = run(document, OTHER_RULES)
    chunks = (0, 0, 0)
    if example.present or example.absent:
        shown = folded(document.text)
        found = sum(chunk in shown for chunk in example.present)
        chunks = found, sum(chunk in shown for chunk in example.absent), len(example.present) - found
    return Outcome(example, *counted(document.text, example.gold), chunks)


def cross_validate(corpus: Corpus, names: tuple[str, ...], seed: int) -> list[Outcome]:
    """Return the outcome of every page, by a model that has seen no page of its domain."""
    fold = folds(corpus.examples, FOLDS, seed)
    outcomes = []
    for left_out in range(FOLDS):
        model = PageModel(fit(corpus, np.flatnonzero(fold != left_out).tolist(), names, {}))
        pages = (corpus.examples[page] for page in np.flatnonzero(fold == left_out).tolist())
        outcomes += [outcome(page, model) for page in pages if page.copy != STRETCHED]
    return outcomes


def cells(outcomes: Sequence[Outcome]) -> list[float]:
    """Return F1, precision, recall, F1 by page type, of the chunks of the multilingual set, and of pages restyled."""
    whole = [o for o in outcomes if o.example.type and not o.example.copy]
    found, wrong, missed = (sum(o.chunks[i] for o in outcomes if not o.example.copy) for i in range(3))
    return [
        *(fmean(getattr(o, name) for o in whole) for name in ("f1", "precision", "recall")),
        *(fmean(o.f1 for o in whole if o.example.type == kind) for kind in TYPES),
        2 * found / max(2 * found + wrong + missed, 1),
        *(fmean(o.f1 for o in outcomes if o.example.type and o.example.copy == style) for style in STYLES),
    ]


def table(rows: dict[str, list[float]]) -> Table:
    """Return the table of the cross-validation."""
    grid = Table(box=box.MARKDOWN)
    grid.add_column("")
    types = ("docs" if name == "documentation" else name for name in TYPES)
    for heading in ("F1", "P", "R", *types, "multilingual", *STYLES):
        grid.add_column(heading, justify="right")
    for name, values in rows.items():
        grid.add_row(name, *(f"{value:.4f}" for value in values))
    return grid


def feature_names(examples: list[Example], without: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of all features but those ``without``."""
    from dehusk.model.tokens import Vocabulary

    vocabulary = Vocabulary({kind: {} for kind in "=smln"})
    names = features(columns(examples[0].document, vocabulary))
    return tuple(n for n in names if not any(n == w or (w.endswith("*") and n.startswith(w[:-1])) for w in without))


_DATA = click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
_MULTILINGUAL = click.option(
    "--multilingual", "other", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Multilingual set."
)


def _examples(data: Path, other: Path | None) -> tuple[list[Example], list[Example]]:
    """Return the pages that have some text, with copies of them, and those that have none."""
    examples = wcxb(data) + (multilingual(other) if other else [])
    filled = [e for e in examples if e.document.blocks]
    running = [e for e in filled if e.type in ("article", "documentation")]  # books and manuals are no long lists
    return filled + stretched(running, LONG) + restyled(filled), [e for e in examples if not e.document.blocks]


@click.group()
def main() -> None:
    """Train and validate the main-content model."""


@main.command()
@_DATA
@_MULTILINGUAL
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=_OUTPUT)
def weights(data: Path, other: Path | None, output: Path) -> None:
    """Learn from all pages of WCXB in the folder DATA and write the weights."""
    examples, _ = _examples(data, other)
    settings = Settings()
    pages = [example for example in examples if not example.copy]
    about = {
        "made by": "python training/train.py weights",
        "data": [
            f"WCXB dev split (Murrough Foley, 2026, CC-BY-4.0), {sum(bool(e.type) for e in pages)} pages",
            f"Trafilatura evaluation data (Apache-2.0), {sum(not e.type for e in pages)} pages",
        ],
        "settings": {name: str(value) for name, value in vars(settings).items()},
        "versions": {name: version(name) for name in ("lightgbm", "numpy", "scikit-learn", "scipy")},
    }
    with threadpool_limits(1):
        model = PageModel(fit(Corpus(examples, settings), range(len(examples)), feature_names(examples), about))
    text = model.to_json()
    output.write_text(text, "utf-8")
    click.echo(f"{output}: {len(text.encode()):,} bytes")


@main.command()
@_DATA
@_MULTILINGUAL
@click.option("--seeds", default=3, show_default=True, help="How many ways of dividing the domains.")
@click.option("--details", type=click.Path(dir_okay=False, path_type=Path), help="Write F1 of each page, as JSON.")
def validate(data: Path, other: Path | None, seeds: int, details: Path | None) -> None:
    """Cross-validate on the pages of WCXB in the folder DATA."""
    examples, empty = _examples(data, other)
    names = feature_names(examples)
    rows = {}
    pages: dict[str, list[float]] = {}
    with threadpool_limits(1):
        for seed in range(seeds):
            corpus = Corpus(examples, Settings(seed=seed))
            outcomes = cross_validate(corpus, names, seed) + [outcome(example, None) for example in empty]
            rows[f"seed {seed}"] = cells(outcomes)
            click.echo(f"seed {seed}: {rows[f'seed {seed}'][0]:.4f}", err=True)
            for o in outcomes:
                pages.setdefault(f"{o.example.id} {o.example.copy}".rstrip(), []).append(round(o.f1, 4))
    if seeds > 1:
        rows["mean"] = [fmean(values) for values in zip(*rows.values(), strict=True)]
        rows["deviation"] = [stdev(values[:seeds]) for values in zip(*rows.values(), strict=True)]
    if details:
        details.write_text(json.dumps(pages, indent=0), "utf-8")
    _print(table(rows))


def _print(grid: Table) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = 200
    console.print(grid)


ABLATIONS: dict[str, tuple[str, ...]] = {
    "everything": (),
    "no evidence of names and words": (
        "evidence", "names*", "belief*", "heading_belief", "heading_evidence", "expected*", "stretch*", "container*",
        "alike_belief", "page_belief", "page_most_belief", "page_expected", "in0_belief", "in1_belief", "in2_belief",
        "in3_belief",
    ),
    "no containers": ("in0*", "in1*", "in2*", "in3*", "container*"),
    "no likes": ("alike*", "ordinal"),
    "no stretches": ("stretch*", "container*", "expected*"),
    "no copies": ("copies*",),
    "no title and headings": ("title", "from_title", "has_title", "from_h1", "heading_*", "since_heading"),
    "no page": ("page_*",),
    "no names of elements as flags": tuple(FLAGS) + tuple(f"page_{flag}" for flag in FLAGS),
}  # fmt: skip


@main.command()
@_DATA
@_MULTILINGUAL
def ablate(data: Path, other: Path | None) -> None:
    """Cross-validate with groups of features left out, with one seed, one teacher and one network."""
    examples, empty = _examples(data, other)
    rows = {}
    with threadpool_limits(1):
        corpus = Corpus(examples, Settings(teachers=1, networks=1))
        for name, without in ABLATIONS.items():
            outcomes = cross_validate(corpus, feature_names(examples, without), 0)
            rows[name] = cells(outcomes + [outcome(example, None) for example in empty])
            click.echo(f"{name}: {rows[name][0]:.4f}", err=True)
    _print(table(rows))


if __name__ == "__main__":
    main()
