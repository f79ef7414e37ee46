"""Tables as the commands print them: Markdown, one row for each thing compared, figures to the right."""

from collections.abc import Sequence
from statistics import fmean

from rich import box
from rich.console import Console
from rich.table import Table


def table(title: str, headings: Sequence[str]) -> Table:
    """Return an empty table: a column called ``title`` for the names of the rows, and one for each of the headings."""
    grid = Table(box=box.MARKDOWN)
    grid.add_column(title, no_wrap=True)
    for heading in headings:
        grid.add_column(heading, justify="right", no_wrap=True)
    return grid


def show(*grids: Table) -> None:
    """Print the tables to standard output."""
    console = Console()
    if not console.is_terminal:
        console.width = 200  # Wide enough for any table; where there is no terminal rich assumes 80 columns.
    for grid in grids:
        console.print(grid)


def share(values: Sequence[float]) -> str:
    """Return the mean of shares between 0 and 1 to three digits, or a dash when there are none.

    >>> share([0.5, 0.75]), share([1.0]), share([])
    ('.625', '1.000', '-')
    """
    return f"{fmean(values):.3f}".removeprefix("0") if values else "-"
