"""Time dehusk on plain text beside the line and document filters of datatrove, then each rule of it.

    python benchmarks/text_speed.py DUMPS [--limit N] [--repeat K] [--source html-text]

The texts are those of ``DUMPS/SOURCE``, as ``dumps.py`` wrote them. Everything runs in one process that is pinned to
one core where the system can do that. A time is the processor time of one pass over all texts, of K passes the least;
the passes of what is compared take turns. A megabyte is a million bytes of UTF-8. dehusk is timed from text to clean
text with all findings, the filters of datatrove from a document to their verdict, or to the lines that they leave. The
last row of the first table is what the three filters take one after the other.

Of the rules the second table tells how long their checks take by themselves on texts as they were read, in nanoseconds
a byte, and how long reading takes. What several rules share, such as the look-up of phrases, counts for the first.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

import click
from cost import pin
from dataset import limit_option, spaced
from extractors import ALL_TEXTS, MAIN_TEXTS
from rich.console import Console
from tables import show, table

import dehusk
from dehusk.readers.text import parse

_MEGA = 1e6

Run = Callable[[str], object]


def filters() -> Mapping[str, Run]:
    """Return datatrove's filters, by name; none if it is not installed."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter
    except ImportError:
        return {}
    made = {
        "datatrove C4QualityFilter": C4QualityFilter(filter_no_terminal_punct=True),
        "datatrove GopherQualityFilter": GopherQualityFilter(),
        "datatrove FineWebQualityFilter": FineWebQualityFilter(),
    }

    def timed(each: Any) -> Run:
        return lambda text: each.filter(Document(text=text, id=""))

    return {name: timed(each) for name, each in made.items()}


def least(runs: Mapping[str, Run], texts: Sequence[str], repeat: int) -> dict[str, float]:
    """Return for each run the processor time in seconds of its fastest pass over the texts."""
    times: dict[str, float] = {}
    for _ in range(repeat):
        for name, run in runs.items():
            start = process_time()
            for text in texts:
                run(text)
            taken = process_time() - start
            times[name] = min(taken, times.get(name, taken))
    return times


def rule_costs(texts: Sequence[str], repeat: int) -> dict[str, float]:
    """Return the processor time in seconds of reading the texts, and of each rule's check of all of them."""
    costs: dict[str, float] = {}
    rules = {f"{rule.code} {rule.name}": rule for rule in dehusk.Config().active}
    for _ in range(repeat):
        start = process_time()
        documents = [parse(text) for text in texts]
        taken = {"reading": process_time() - start}
        for name, rule in rules.items():
            start = process_time()
            for document in documents:
                for _finding in rule.check(document):
                    pass
            taken[name] = process_time() - start
        costs = {name: min(time, costs.get(name, time)) for name, time in taken.items()}
    return costs


@click.command()
@click.argument("dumps", type=click.Path(exists=True, file_okay=False, path_type=Path))
@limit_option
@click.option("--repeat", type=click.IntRange(min=1), default=3, show_default=True, metavar="K", help="Passes.")
@click.option("--source", type=click.Choice([*ALL_TEXTS, *MAIN_TEXTS]), default="html-text", show_default=True)
def main(dumps: Path, limit: int | None, repeat: int, source: str) -> None:
    """Time dehusk and the filters of datatrove on the texts in the folder DUMPS."""
    pin()
    texts = [path.read_bytes().decode() for path in spaced(sorted((dumps / source).glob("*.txt")), limit)]
    size = sum(len(text.encode()) for text in texts) / _MEGA
    others = filters()
    if not others:
        Console(stderr=True).print("datatrove is not installed, left out")
    ours = "dehusk"
    times = least({ours: lambda text: dehusk.clean(text, format="text"), **others}, texts, repeat)
    grid = table(f"{len(texts):,} texts, {size:.1f} MB", ("MB/s", "times slower than dehusk"))
    if others:
        times["datatrove, the three together"] = sum(times[name] for name in others)
    for name, time in times.items():
        grid.add_row(name, f"{size / time:.2f}", f"{time / times[ours]:.1f}")
    costs = rule_costs(texts, repeat)
    rules = table("cost of", ("ns a byte",))
    for name in sorted(costs, key=lambda name: -costs[name]):
        rules.add_row(name, f"{costs[name] / size * 1e9 / _MEGA:.1f}")
    show(grid, rules)


if __name__ == "__main__":
    main()
