"""Progress of a batch, and what is said when it ends, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dehusk.batch.progress import INTERVAL, Progress, every
from dehusk.batch.report import STATUSES, Report
from dehusk.cli.messages import console, error, printable

if TYPE_CHECKING:
    from rich.table import Table

_REDRAWN = 0.25  # seconds
_FAILURES = 10


@contextmanager
def shown(progress: Progress, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show progress while the block runs, and give the function that says in one line what goes wrong.

    A bar on a terminal, elsewhere a plain line every few seconds, nothing if ``quiet``.
    """
    if quiet:
        yield error
    elif sys.stderr.isatty():
        with _bar(progress) as print_above:
            yield print_above
    else:
        with every(INTERVAL, lambda: error(progress.line())):
            yield error


@contextmanager
def _bar(progress: Progress) -> Iterator[Callable[[str], None]]:
    from rich import progress as bars
    from rich.text import Text

    screen = console(err=True, soft_wrap=True)

    def say(text: str) -> None:
        screen.print(Text.assemble(("dehusk:", "bold"), " ", printable(text)))

    with bars.Progress(
        bars.BarColumn(20), bars.TextColumn("{task.fields[line]}"), console=screen, transient=True
    ) as bar:
        drawn = bar.add_task("", total=1.0, line="")

        def redraw() -> None:
            share = min(1.0, progress.bytes / progress.size) if progress.size else None
            bar.update(drawn, completed=share or 0.0, line=progress.line())

        redraw()
        with every(_REDRAWN, redraw):
            yield say


def tell(report: Report, *, table: bool) -> None:
    """Say what a run did: in one line, and with ``table`` at more length."""
    if table:
        screen = console(err=True)
        if not screen.is_terminal:
            screen.width = 100
        for grid in _tables(report):
            screen.print(grid)
    if line := report.left_out():
        error(line)
    error(report.summary())


def _tables(report: Report) -> "Iterator[Table]":
    documents = _table("documents", "number")
    for status in STATUSES:
        documents.add_row(status, f"{report.counts[status]:,}")
    documents.add_row("characters in", f"{report.characters_in:,}")
    documents.add_row("characters out", f"{report.characters_out:,}")
    yield documents
    if report.findings:
        rules = _table("rule", "findings", "characters removed")
        for rule, count in sorted(report.findings.items()):
            rules.add_row(rule, f"{count:,}", f"{report.removed[rule]:,}")
        yield rules
    for title, heading, rows in (
        ("slowest", "seconds", [(name, f"{seconds:.2f}") for name, seconds in report.slowest()]),
        ("emptiest", "kept", [(name, f"{share:.1%}") for name, share in report.emptiest()]),
        ("failed", "why", report.failures[:_FAILURES]),
    ):
        if rows:
            grid = _table(title, heading)
            for name, value in rows:
                grid.add_row(printable(name), printable(value))
            yield grid


def _table(*headings: str) -> "Table":
    from rich import box
    from rich.table import Table

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, heading in enumerate(headings):
        right = heading in ("number", "findings", "characters removed", "seconds", "kept")
        grid.add_column(heading, justify="right" if right else "left", overflow="fold", min_width=8 if number else 24)
    return grid
