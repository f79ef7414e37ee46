"""Score dehusk on the pages of WCXB, next to other extractors in the same run.

    python benchmarks/quality.py DATA [--limit N] [--peers trafilatura,readability-lxml]

Precision, recall and F1 are those of :func:`wcxb.score`, each computed for every page and then averaged over
pages. Times are wall-clock milliseconds of one call, from the page's bytes to the text; compare times of one run
only. The module :mod:`extractors` says what is called and how, :mod:`wcxb` what the data is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import click
from dataset import data_argument, limit_option
from extractors import (
    ALL_TEXT,
    DEHUSK,
    READABILITY,
    RESILIPARSE,
    TRAFILATURA,
    Extractor,
    Output,
    available,
    outputs,
    peers_option,
)
from rich.console import Console
from tables import share, show, table
from wcxb import TYPES, Score, opened, page_ids, read_page, score

HEADINGS = ("F1", "P", "R", *("docs" if name == "documentation" else name for name in TYPES))


@dataclass(frozen=True, slots=True)
class Result:
    """How one extractor did on one page of a type."""

    type: str
    score: Score
    output: Output


def cells(results: Sequence[Result]) -> list[str]:
    """Return the figures of one extractor: means over pages, F1 by page type, milliseconds, errors."""
    scores = [result.score for result in results]
    times = [result.output.milliseconds for result in results]
    return [
        share([s.f1 for s in scores]),
        share([s.precision for s in scores]),
        share([s.recall for s in scores]),
        *(share([result.score.f1 for result in results if result.type == name]) for name in TYPES),
        f"{fmean(times):.1f}",
        f"{median(times):.1f}",
        str(sum(bool(result.output.error) for result in results)),
    ]


@click.command()
@data_argument
@limit_option
@peers_option
def main(data: Path, limit: int | None, peers: list[str]) -> None:
    """Score dehusk and its peers on WCXB.

    DATA is a folder with html/ID.html and ground-truth/ID.json, or a tar archive of one (.tar.xz).
    """
    notes = Console(stderr=True)
    extractors = available((DEHUSK, ALL_TEXT, READABILITY, TRAFILATURA, RESILIPARSE), peers, notes)
    results: dict[Extractor, list[Result]] = {extractor: [] for extractor in extractors}
    with opened(data) as folder:
        ids = page_ids(folder, limit)
        pages = (read_page(folder, page_id) for page_id in ids)
        for page, made in outputs(extractors, pages, len(ids), notes):
            for extractor, output in made.items():
                results[extractor].append(Result(page.type, score(output.text, page.gold), output))
    grid = table(f"{len(ids):,} pages", (*HEADINGS, "mean ms", "median ms", "errors"))
    for extractor, rows in results.items():
        grid.add_row(extractor.label, *cells(rows))
    show(grid)


if __name__ == "__main__":
    main()
