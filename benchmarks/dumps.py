"""Write down what other extractors make of pages, as text to clean or to learn from.

    python benchmarks/dumps.py DATA DUMPS

DATA is a folder with ``html/ID.html``, such as WCXB or the multilingual set. For each page DUMPS gets a file
``EXTRACTOR/ID.txt``, empty where the extractor fails. What is there already is not made again.

The module :mod:`extractors` says what is called and how.
"""

import logging
from pathlib import Path

import click
from extractors import ALL_TEXTS, MAIN_TEXTS, available, call
from rich.console import Console
from rich.progress import track


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("dumps", type=click.Path(file_okay=False, path_type=Path))
def main(data: Path, dumps: Path) -> None:
    """Write to the folder DUMPS what the extractors make of the pages in DATA."""
    logging.disable()
    notes = Console(stderr=True)
    extractors = ALL_TEXTS | MAIN_TEXTS
    usable = available(extractors.values(), [extractor.package for extractor in extractors.values()], notes)
    for name in extractors:
        (dumps / name).mkdir(parents=True, exist_ok=True)
    for page in track(sorted((data / "html").glob("*.html")), "Pages", console=notes):
        for name, extractor in extractors.items():
            path = dumps / name / f"{page.stem}.txt"
            if extractor in usable and not path.exists():
                output = call(extractor, page.read_bytes())
                if output.error:
                    notes.print(f"{extractor.label}, page {page.stem}: {output.error}", markup=False)
                path.write_bytes(output.text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
