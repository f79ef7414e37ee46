"""What dehusk takes away from text that is clean: the annotated main texts of WCXB, cleaned as plain text.

    python benchmarks/harm.py DATA [--limit N] [--models FOLDER]

Prints, for each rule, how many blocks of how many pages it removes and how many words that is, and for all of them
the share of words kept over all pages and on the page that keeps least. Some of what goes is husk that the annotators
left in. The modules :mod:`wcxb` and :mod:`cleaning` say what the data and the models are.
"""

from collections import Counter, defaultdict
from pathlib import Path

import click
from cleaning import cleaner, models_option
from dataset import data_argument, limit_option
from rich.console import Console
from rich.table import Table
from wcxb import opened, page_ids, read_page, words


@click.command()
@data_argument
@limit_option
@models_option
def main(data: Path, limit: int | None, models: Path | None) -> None:
    """Clean the annotated texts of WCXB in the folder or archive DATA."""
    blocks: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    pages: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, float] = {}
    total = left = 0
    clean = cleaner(models)
    with opened(data) as folder:
        for page in (read_page(folder, page_id) for page_id in page_ids(folder, limit)):
            if not page.gold:
                continue
            document = clean(page.id, page.gold)
            before, after = words(page.gold).total(), words(document.text).total()
            total, left = total + before, left + after
            kept[page.id] = after / before if before else 1.0
            for finding in document.findings:
                if finding.action == "drop":
                    blocks[finding.rule] += 1
                    lost[finding.rule] += words(finding.text).total()
                    pages[finding.rule].add(page.id)
    table = Table("rule", "pages", "blocks", "words", box=None)
    for rule, count in blocks.most_common():
        table.add_row(rule, str(len(pages[rule])), str(count), str(lost[rule]))
    console = Console()
    console.print(table)
    worst = min(kept, key=lambda page_id: kept[page_id])
    below = sum(share < 0.97 for share in kept.values())
    console.print(f"words kept: {left / total:.2%} of {total:,}; least on {worst}: {kept[worst]:.1%}")
    console.print(f"pages that keep less than 97 %: {below} of {len(kept)}")


if __name__ == "__main__":
    main()
