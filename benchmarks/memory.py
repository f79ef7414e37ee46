"""How much memory dehusk and other extractors take for small, usual, large pages and the largest page of WCXB.

    python benchmarks/memory.py DATA [--peers trafilatura,readability-lxml]

The pages are those at the 10th, 50th and 99th percentile by bytes, and the largest. For each page and each extractor a
fresh process first extracts a tiny page, in two encodings, so that everything is loaded; then it reads the page and
notes the peak of its resident memory before and after extracting it. A figure is the difference, in MiB: what the page
adds to a process that stands ready, not what the process takes in all. As pages of one size differ, it is the median
of that page and the two on either side of it; of the largest, of that page alone. Memory that was set free while
loading is used again first, so that figures below 1 MiB say little.

The peak is ``VmHWM`` of Linux, elsewhere ``ru_maxrss``: on Linux that one also counts the process that started this
one. The module :mod:`extractors` says what is called, :mod:`wcxb` what the data is.
"""

import logging
import re
import resource
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import click
from dataset import data_argument
from extractors import (
    DEHUSK,
    LXML,
    READABILITY,
    RESILIPARSE,
    TRAFILATURA,
    Extractor,
    available,
    call,
    peers_option,
)
from rich.console import Console
from rich.progress import track
from tables import show, table
from wcxb import opened

PERCENTILES = (10, 50, 99, 100)
REACH = 2
TINY_PAGE = "<html><body><article><p>Für heute wird “Regen” erwartet.</p></article></body></html>"
"""Not all ASCII, and not the same in UTF-8 and CP1252: extractors load tables and detectors for such pages."""


def around(pages: Sequence[Path], percent: int) -> Sequence[Path]:
    """Return the page at a percentile of ``pages``, which are in order, between as many on either side.

    >>> around([Path(name) for name in "abcdefgh"], 50) == [Path(name) for name in "bcdef"]
    True
    >>> around([Path(name) for name in "abcdefgh"], 100)
    [PosixPath('h')]
    """
    position = ceil(len(pages) * percent / 100) - 1
    reach = min(REACH, position, len(pages) - 1 - position)
    return pages[position - reach : position + reach + 1]


def peak() -> float:
    """Return how much memory this process has had at most, in MiB."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)):
        return int(found[1]) / 1024
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def growth(extractor: Extractor, path: Path) -> float | None:
    """Return how many MiB the peak rises by when the page at ``path`` is extracted; ``None`` if that fails.

    What it says is true of a process that has done nothing else.
    """
    logging.disable()
    for encoding in ("utf-8", "cp1252"):
        call(extractor, TINY_PAGE.encode(encoding))
    html = path.read_bytes()
    before = peak()
    output = call(extractor, html)
    return None if output.error else peak() - before


def cell(sizes: Sequence[float | None]) -> str:
    """Return the median of what is known.

    >>> cell([1.0, 4.0, 1.5, None]), cell([None])
    ('1.5', 'failed')
    """
    known = [size for size in sizes if size is not None]
    return f"{median(known):.1f}" if known else "failed"


@click.command()
@data_argument
@peers_option
def main(data: Path, peers: list[str]) -> None:
    """Measure the memory that dehusk and its peers take for pages of WCXB.

    DATA is a folder with html/ID.html and ground-truth/ID.json, or a tar archive of one (.tar.xz).
    """
    notes = Console(stderr=True)
    extractors = available((DEHUSK, TRAFILATURA, READABILITY, RESILIPARSE, LXML), peers, notes)
    grid = table("page", [f"{extractor.label}, MiB" for extractor in extractors])
    fresh = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with opened(data) as folder, fresh:
        pages = sorted(folder.glob("html/*.html"), key=lambda path: (path.stat().st_size, path.name))
        for percent in track(PERCENTILES, "Pages", console=notes):
            chosen = around(pages, percent)
            size = chosen[len(chosen) // 2].stat().st_size
            name = f"{percent}th percentile" if percent < 100 else "largest"
            cells = (cell(list(fresh.map(growth, repeat(extractor), chosen))) for extractor in extractors)
            grid.add_row(f"{name}, {size / 1000:,.0f} kB", *cells)
    show(grid)


if __name__ == "__main__":
    main()
