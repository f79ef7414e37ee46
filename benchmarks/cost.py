"""Time dehusk on the pages of WCXB beside other extractors, then each step of it.

    python benchmarks/cost.py DATA [--limit N] [--repeat K] [--peers trafilatura,readability-lxml]

Everything runs in one process that is pinned to one core where the system can do that. A time is the wall-clock time
of one call, from the page's bytes to the text; of lxml, to the tree. All pages are gone through K times, and for each
page the least of its K times counts: other work on the machine can only add to a time, never take from it, and as the K
calls lie a whole pass apart it rarely hits all of them. Mean and median are those over pages. Compare times of one run
only.

The second table is made in the same passes, by one more call for every page; of its K calls the fastest counts, with
all of its steps. As these are other calls than those of the first table, they add up to roughly its mean only.

The module :mod:`extractors` says what is called and how, :mod:`steps` what a step is, :mod:`wcxb` what the data is.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median

import click
from dataset import data_argument, limit_option
from extractors import (
    DEHUSK,
    LXML,
    READABILITY,
    RESILIPARSE,
    TRAFILATURA,
    Extractor,
    available,
    outputs,
    peers_option,
)
from rich.console import Console
from rich.table import Table
from steps import steps
from tables import show, table
from wcxb import opened, page_ids, read_page


def pin() -> None:
    """Keep this process on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def extractor_table(title: str, times: Mapping[Extractor, Sequence[float]]) -> Table:
    """Return a table of the milliseconds that each extractor takes for each page."""
    grid = table(title, ("median ms", "mean ms", f"times faster than {TRAFILATURA.package}"))
    for extractor, values in times.items():
        mean = fmean(values)
        faster = f"{fmean(times[TRAFILATURA]) / mean:.1f}" if TRAFILATURA in times else "-"
        grid.add_row(extractor.label, f"{median(values):.2f}", f"{mean:.2f}", faster)
    return grid


def step_table(pages: Sequence[Mapping[str, float]]) -> Table:
    """Return a table of the milliseconds that each step takes, by their mean over ``pages``, and their sum."""
    names = dict.fromkeys(name for page in pages for name in page)
    means = {name: sum(page.get(name, 0.0) for page in pages) / len(pages) for name in names}
    total = sum(means.values())
    grid = table(f"steps of {DEHUSK.label}", ("mean ms", "share"))
    for name in sorted(names, key=lambda name: -means[name]):
        grid.add_row(name, f"{means[name]:.3f}", f"{means[name] / total:.1%}")
    grid.add_row("all steps", f"{total:.3f}", f"{1:.1%}")
    return grid


@click.command()
@data_argument
@limit_option
@peers_option
@click.option("--repeat", type=click.IntRange(min=1), default=3, show_default=True, metavar="K", help="Passes.")
def main(data: Path, limit: int | None, peers: list[str], repeat: int) -> None:
    """Time dehusk and its peers on WCXB.

    DATA is a folder with html/ID.html and ground-truth/ID.json, or a tar archive of one (.tar.xz).
    """
    pin()
    notes = Console(stderr=True)
    extractors = available((DEHUSK, TRAFILATURA, READABILITY, RESILIPARSE, LXML), peers, notes)
    least: dict[Extractor, dict[str, float]] = {extractor: {} for extractor in extractors}
    taken: dict[str, Mapping[str, float]] = {}
    with opened(data) as folder:
        ids = page_ids(folder, limit)
        pages = (read_page(folder, page_id) for _ in range(repeat) for page_id in ids)
        for page, made in outputs(extractors, pages, len(ids) * repeat, notes):
            for extractor, output in made.items():
                times = least[extractor]
                times[page.id] = min(output.milliseconds, times.get(page.id, output.milliseconds))
            found = steps(page.html)
            taken[page.id] = min(found, taken.get(page.id, found), key=lambda step: sum(step.values()))
    title = f"{len(ids):,} pages, least of {repeat}"
    show(
        extractor_table(title, {extractor: list(times.values()) for extractor, times in least.items()}),
        step_table(list(taken.values())),
    )


if __name__ == "__main__":
    main()
