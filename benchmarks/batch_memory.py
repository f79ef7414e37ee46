"""How much memory batches take, all processes together, and whether that grows with the number of documents.

    python benchmarks/batch_memory.py [--documents 100000] [--gigabytes 2] [-j 2]

Cleans so many small texts in files, a tenth of them, and one file of JSON Lines of so many gigabytes with pages of 2 kB
to 1 MB, all made for this purpose in a temporary folder (``TMPDIR``) and deleted afterwards. The figures are the peaks
of memory over all processes of the run, looked at twenty times a second (Linux only): ``RSS`` counts what processes
share once for each, ``PSS`` divides it among them. Says also how many documents there were, and how many were cleaned.
"""

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from tables import show, table

WORDS = "rain wind harbour island ferry keeper light winter storm bread quay letter council evening road".split()
INTERVAL = 0.05


def sentence(rng: random.Random) -> str:
    """Return a sentence of some words."""
    return " ".join(rng.choices(WORDS, k=rng.randint(8, 20))).capitalize() + "."


def paragraph(rng: random.Random) -> str:
    """Return some sentences."""
    return " ".join(sentence(rng) for _ in range(rng.randint(2, 6)))


def page(rng: random.Random, size: int) -> str:
    """Return a page of about so many characters, with a menu, scripts, an article and a footer."""
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in WORDS)
    parts = [f"<html><head><title>{sentence(rng)}</title></head><body><nav><ul>{menu}</ul></nav><article>"]
    length = len(parts[0])
    while length < size:
        parts.append(f'<p class="text">{paragraph(rng)}</p>\n<script>var x = "{rng.random()}";{"x();" * 200}</script>')
        length += len(parts[-1])
    return "".join([*parts, "</article><footer><p>All rights reserved.</p></footer></body></html>"])


def family(root: int) -> set[int]:
    """Return a process and all that it has begun, and these in turn."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    found, waiting = set(), [root]
    while waiting:
        process = waiting.pop()
        found.add(process)
        waiting += children.get(process, [])
    return found


def memory(processes: set[int]) -> tuple[float, float]:
    """Return the RSS and the PSS of some processes together, in MiB."""
    rss = pss = 0
    for process in processes:
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        rss += int(re.search(r"^Rss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
        pss += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return rss / 1024, pss / 1024


def measured(arguments: list[str], work: Path) -> tuple[float, float, float, dict[str, int]]:
    """Run dehusk; return the peaks of RSS and PSS in MiB, the seconds, and the counts of documents."""
    report = work / "report.json"
    command = [sys.executable, "-m", "dehusk", *arguments, "--quiet", "--report", str(report)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    peaks = [0.0, 0.0]
    while process.poll() is None:
        peaks = [max(pair) for pair in zip(peaks, memory(family(process.pid)), strict=True)]
        time.sleep(INTERVAL)
    return peaks[0], peaks[1], time.monotonic() - begun, json.loads(report.read_text())["documents"]


def small_texts(folder: Path, number: int) -> None:
    """Write so many texts of some lines, a thousand to a folder."""
    rng = random.Random(number)
    for index in range(number):
        path = folder / f"{index // 1000:04}" / f"{index:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{sentence(rng)}\n\n{paragraph(rng)}\n\nLeave a Reply\n")


def pages(rng: random.Random) -> Iterator[str]:
    """Yield pages without end: most of them small, some large."""
    drafts = [page(rng, size) for size in (2_000, 10_000, 30_000, 60_000, 120_000, 250_000, 1_000_000)]
    for number in count():
        draft = drafts[number % len(drafts)] if number % 50 == 0 else drafts[number % (len(drafts) - 1)]
        yield draft.replace("<article>", f"<article><p>This is the page with the number {number}, and no other.</p>")


def records(path: Path, size: int) -> None:
    """Write pages as records until the file has about so many bytes."""
    rng = random.Random(1)
    with path.open("w") as file:
        for number, html in enumerate(pages(rng)):
            file.write(json.dumps({"id": number, "html": html}) + "\n")
            if file.tell() >= size:
                return


@click.command()
@click.option("--documents", default=100_000, show_default=True)
@click.option("--gigabytes", default=2.0, show_default=True)
@click.option("-j", "--jobs", default=2, show_default=True)
def main(documents: int, gigabytes: float, jobs: int) -> None:
    """Measure the memory of batches over documents made for it."""
    notes = Console(stderr=True)
    grid = table("input", ["documents", "cleaned", "peak RSS, MiB", "peak PSS, MiB", "seconds"])
    for number, make, name in (
        (documents // 10, small_texts, "small texts"),
        (documents, small_texts, "small texts"),
        (int(gigabytes * 1e9), records, f"{gigabytes:g} GB of JSON Lines"),
    ):
        if not number:
            continue
        with TemporaryDirectory(prefix="dehusk-") as scratch:
            work = Path(scratch)
            notes.print(f"{name} …")
            source = work / ("in" if make is small_texts else "in.jsonl")
            make(source, number)
            target = str(work / "out") + "/" if make is small_texts else str(work / "out.jsonl.zst")
            rss, pss, seconds, counts = measured([str(source), "-o", target, "-j", str(jobs)], work)
            row = [f"{sum(counts.values()):,}", f"{counts['cleaned']:,}", f"{rss:.0f}", f"{pss:.0f}", f"{seconds:.0f}"]
            grid.add_row(name, *row)
    show(grid)


if __name__ == "__main__":
    main()
