"""Score what dehusk makes of texts that other tools extracted from the pages of WCXB.

    python benchmarks/gain.py DATA DUMPS [--limit N] [--models FOLDER] [--sources html-text,bs4]

``DUMPS`` is what ``dumps.py`` wrote. The first table has F1, as :func:`wcxb.score` counts it, of each text before and
after cleaning, and the share of pages on which it is worse by more than .02, or better. The second tells for each rule
how many lines it removes from the texts of each source, and its precision: the share of these that the annotated text
does not have. It has a line if one of its lines is the same, or if it is of at least four words and stands within one.

The modules :mod:`wcxb`, :mod:`extractors` and :mod:`cleaning` say what data, sources and models are.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import click
from cleaning import cleaner, models_option
from dataset import data_argument, limit_option
from extractors import ALL_TEXTS, MAIN_TEXTS
from rich.console import Console
from rich.progress import track
from tables import share, show, table
from wcxb import Score, opened, page_ids, read_page, score

SOURCES = (*ALL_TEXTS, *MAIN_TEXTS)
GOLD = "annotated"
_MARGIN = 0.02
_FEWEST = 4  # words of a line that is looked for within others

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Result:
    """How one text of a page scored, before and after."""

    before: Score
    after: Score


class Gold:
    """An annotated text, and whether it has a line."""

    def __init__(self, text: str) -> None:
        self._lines = {_folded(line) for line in text.splitlines()}
        self._whole = _folded(text)

    def __contains__(self, line: str) -> bool:
        line = _folded(line)
        return line in self._lines or (len(line.split()) >= _FEWEST and line in self._whole)


def cells(results: Sequence[Result]) -> list[str]:
    """Return the figures of one source."""
    gains = [result.after.f1 - result.before.f1 for result in results]
    return [
        share([result.before.f1 for result in results]),
        share([result.after.f1 for result in results]),
        f"{fmean(gains):+.3f}".replace("0.", "."),
        share([result.after.precision for result in results]),
        share([result.after.recall for result in results]),
        f"{fmean(gain < -_MARGIN for gain in gains):.1%}",
        f"{fmean(gain > _MARGIN for gain in gains):.1%}",
    ]


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _sources(_context: click.Context, _parameter: click.Parameter, value: str) -> list[str]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    if unknown := [name for name in names if name not in (*SOURCES, GOLD)]:
        raise click.BadParameter(f"no such source: {', '.join(unknown)}; there are {', '.join((*SOURCES, GOLD))}")
    return names


@click.command()
@data_argument
@click.argument("dumps", type=click.Path(exists=True, file_okay=False, path_type=Path))
@limit_option
@models_option
@click.option("--sources", callback=_sources, default=",".join((*SOURCES, GOLD)), show_default=True, metavar="NAMES")
def main(data: Path, dumps: Path, limit: int | None, models: Path | None, sources: list[str]) -> None:
    """Clean what the extractors made of WCXB's pages, in the folder DUMPS, and score it by the annotations in DATA."""
    results: dict[str, list[Result]] = {source: [] for source in sources}
    removed: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    clean = cleaner(models)
    with opened(data) as folder:
        for page_id in track(page_ids(folder, limit), "Pages", console=Console(stderr=True)):
            page = read_page(folder, page_id)
            gold = Gold(page.gold)
            for source in sources:
                path = dumps / source / f"{page_id}.txt"
                text = page.gold if source == GOLD else path.read_bytes().decode() if path.exists() else ""
                document = clean(page_id, text)
                results[source].append(Result(score(text, page.gold), score(document.text, page.gold)))
                for finding in document.findings:
                    if finding.action == "drop" and finding.text:
                        removed[finding.rule][source].append(finding.text not in gold)
    count = len(results[sources[0]])
    gain = table(f"{count:,} pages", ("F1 before", "after", "gain", "P after", "R after", "worse", "better"))
    for source, rows in results.items():
        gain.add_row(source, *cells(rows))
    rules = table("lines removed, precision", sources)
    for rule, by_source in sorted(removed.items()):
        found = (by_source[source] for source in sources)
        rules.add_row(rule, *(f"{len(right):,} {share(right)}" if right else "-" for right in found))
    show(gain, rules)


if __name__ == "__main__":
    main()
