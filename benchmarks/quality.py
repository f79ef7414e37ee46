"""Score dehusk on the pages of WCXB, next to other extractors in the same run.

    python benchmarks/quality.py DATA [--limit N] [--peers trafilatura,readability]

Precision, recall and F1 are those of :func:`wcxb.score`, each computed for every page and then averaged over
pages. Times are wall-clock milliseconds of one call, from the page's bytes to the text. Every extractor gets
a page before any gets the next one, so that what else the machine does slows all of them alike; compare times
of one run only. The module :mod:`wcxb` says what the data is.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from lzma import LZMAError
from pathlib import Path
from statistics import fmean, median
from tarfile import ReadError
from time import perf_counter

import click
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from wcxb import TYPES, Page, Score, opened, page_ids, read_page, score

import dehusk

Extractor = Callable[[bytes], str]

SAFE_RULES = dehusk.Config(select=("U", "W"))
"""The rules that mend characters and white space but remove no block: what they leave is all visible text."""


def run_dehusk(html: bytes) -> str:
    """Return the main text as dehusk's default rules find it."""
    return dehusk.clean(html, format="html").text


def run_all_text(html: bytes) -> str:
    """Return all visible text as dehusk reads it: what it would score if it removed nothing."""
    return dehusk.clean(html, format="html", config=SAFE_RULES).text


def run_readability(html: bytes) -> str:
    """Return the main text as readability-lxml finds it, with its defaults.

    It gives HTML. The pieces of text between tags are joined by line ends: ``text_content()`` of lxml joins
    them by nothing, which glues the last word of a paragraph to the first of the next and costs .006 of F1.
    """
    from lxml.html import fromstring
    from readability import Document

    summary = Document(html.decode("utf-8", "replace")).summary()
    return "\n".join(fromstring(summary).itertext())


def run_trafilatura(html: bytes) -> str:
    """Return the main text as trafilatura finds it, with its defaults; ``None`` counts as none."""
    from trafilatura import extract

    return extract(html) or ""


EXTRACTORS: Mapping[str, Extractor] = {
    "dehusk": run_dehusk,
    "all text": run_all_text,
    "readability-lxml": run_readability,
    "trafilatura": run_trafilatura,
}
"""What is compared, by the name in the table. A peer goes by the name of its distribution."""

PEERS: Mapping[str, str] = {"readability": "readability-lxml", "trafilatura": "trafilatura"}
"""The extractors that need a package of their own: the module to import, the name in ``EXTRACTORS``."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one extractor did with one page: how long it took, and the exception, if it ended with one."""

    page: str
    type: str
    score: Score
    milliseconds: float
    error: str = ""


def measure(extract: Extractor, page: Page) -> Result:
    """Return score and time of one call. An extractor that fails is scored as if it had found no text."""
    text = error = ""
    start = perf_counter()
    try:
        text = extract(page.html)
    except Exception as failure:  # noqa: BLE001 - extractors may raise anything; one page must not end the run
        error = f"{type(failure).__name__}: {failure}"
    milliseconds = (perf_counter() - start) * 1000
    return Result(page.id, page.type, score(text, page.gold), milliseconds, error)


def measure_all(extractors: Mapping[str, Extractor], folder: Path, ids: Sequence[str]) -> Iterator[dict[str, Result]]:
    """Yield, page by page, the result of every extractor.

    The first page is done once before, untimed: what extractors load when first used is no cost of a page.
    """
    for extract in extractors.values():
        measure(extract, read_page(folder, ids[0]))
    for page_id in ids:
        page = read_page(folder, page_id)
        yield {name: measure(extract, page) for name, extract in extractors.items()}


def available(peers: Sequence[str]) -> tuple[dict[str, Extractor], list[str]]:
    """Return dehusk and those of the ``peers`` that can be imported, and the names of those that cannot."""
    missing = [PEERS[module] for module in peers if not _importable(module)]
    unwanted = {*PEERS.values()} - {PEERS[module] for module in peers}
    chosen = {name: run for name, run in EXTRACTORS.items() if name not in missing and name not in unwanted}
    return chosen, missing


def label(name: str) -> str:
    """Return an extractor's name with the version that was measured."""
    if name == "dehusk":
        return f"{name} {dehusk.__version__}"
    return f"{name} {version(name)}" if name in PEERS.values() else name


def cells(results: Sequence[Result]) -> list[str]:
    """Return the figures of one extractor: means over pages, F1 by page type, milliseconds, errors."""
    scores = [result.score for result in results]
    times = [result.milliseconds for result in results]
    return [
        share([s.f1 for s in scores]),
        share([s.precision for s in scores]),
        share([s.recall for s in scores]),
        *(share([result.score.f1 for result in results if result.type == name]) for name in TYPES),
        f"{fmean(times):.1f}",
        f"{median(times):.1f}",
        str(sum(bool(result.error) for result in results)),
    ]


def share(values: Sequence[float]) -> str:
    """Return the mean of shares between 0 and 1 to three digits, or a dash when there are none.

    >>> share([0.5, 0.75]), share([1.0]), share([])
    ('.625', '1.000', '-')
    """
    return f"{fmean(values):.3f}".removeprefix("0") if values else "-"


def table(results: Mapping[str, Sequence[Result]], pages: int) -> Table:
    """Return the table, a row for each extractor, as Markdown. Columns named by page types hold F1."""
    grid = Table(box=box.MARKDOWN)
    grid.add_column(f"{pages:,} pages", no_wrap=True)
    types = ("docs" if name == "documentation" else name for name in TYPES)
    for heading in ("F1", "P", "R", *types, "mean ms", "median ms", "errors"):
        grid.add_column(heading, justify="right", no_wrap=True)
    for name, rows in results.items():
        grid.add_row(label(name), *cells(rows))
    return grid


def _importable(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        return False
    return True


def _peers(_context: click.Context, _parameter: click.Parameter, value: str) -> list[str]:
    """Return the modules of the peers in a list with commas; their distributions' names will do as well."""
    modules = {**{name: module for module, name in PEERS.items()}, **{module: module for module in PEERS}}
    names = [name.strip() for name in value.split(",") if name.strip()]
    if unknown := [name for name in names if name not in modules]:
        raise click.BadParameter(f"no such peer: {', '.join(unknown)}; there are {', '.join(PEERS)}")
    return [modules[name] for name in names]


@click.command()
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Use only N pages, evenly spaced.")
@click.option(
    "--peers",
    callback=_peers,
    default=",".join(PEERS),
    show_default=True,
    metavar="NAMES",
    help="Extractors to compare with, separated by commas; '' for none.",
)
def main(data: Path, limit: int | None, peers: list[str]) -> None:
    """Score dehusk and its peers on WCXB.

    DATA is a folder with html/ID.html and ground-truth/ID.json, or a tar archive of one (.tar.xz).
    """
    notes = Console(stderr=True)
    extractors, missing = available(peers)
    for name in missing:
        notes.print(f"{name} is not installed, skipped")
    logging.disable()  # Peers log what they find odd about pages; it would drown the progress bar.
    results: dict[str, list[Result]] = {name: [] for name in extractors}
    try:
        with opened(data) as folder:
            ids = page_ids(folder, limit)
            steps = measure_all(extractors, folder, ids)
            for step in track(steps, "Scoring pages", len(ids), console=notes):
                for name, result in step.items():
                    results[name].append(result)
                    if result.error:
                        notes.print(f"{name}, page {result.page}: {result.error}", markup=False)
    except (FileNotFoundError, ReadError, EOFError, LZMAError) as error:
        raise click.ClickException(f"{data} cannot be used: {error}") from error
    console = Console()
    if not console.is_terminal:
        console.width = 200  # Wide enough for the table; where there is no terminal rich assumes 80 columns.
    console.print(table(results, len(ids)))


if __name__ == "__main__":
    main()
