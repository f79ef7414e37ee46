"""How fast whole batches are: dehusk with one and two processes, and trafilatura with two.

    python benchmarks/batch_speed.py DATA [--limit N] [--rounds 3]

Each cleans the pages of WCXB from one folder into another, as a command, start and end included. The commands take
turns; of each the fastest round counts, by the clock and by the time that all its processes together were computing,
user and system. On a machine that does other work as well the second is the steadier figure. Says also how many
outputs there were. Linux only.
"""

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from dataset import data_argument, limit_option, opened, spaced
from programs import found, required
from rich.console import Console
from tables import show, table

_PR_SET_CHILD_SUBREAPER = 36


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Run a command and all that it starts to the end; return seconds by the clock, and of computing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    process.wait()
    seconds = time.perf_counter() - begun
    try:
        while True:  # those that it left, which are ours now
            os.wait()
    except ChildProcessError:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@click.command()
@data_argument
@limit_option
@click.option("--rounds", default=3, show_default=True)
def main(data: Path, limit: int | None, rounds: int) -> None:
    """Measure how fast batches over the pages of WCXB, in DATA, are."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    notes = Console(stderr=True)
    with opened(data, "html/*.html") as folder, TemporaryDirectory(prefix="dehusk-") as scratch:
        source = Path(scratch) / "in"
        source.mkdir()
        pages = spaced(sorted(folder.glob("html/*.html")), limit)
        for page in pages:
            (source / page.name).write_bytes(page.read_bytes())
        dehusk = [required("dehusk"), str(source), "-q", "-o"]
        commands = {
            "dehusk -j 1": [*dehusk, "{}", "-j", "1"],
            "dehusk -j 2": [*dehusk, "{}", "-j", "2"],
            "dehusk -j 2, nothing to do": [*dehusk, f"{scratch}/dehusk -j 2-0/", "-j", "2"],
        }
        if program := found("trafilatura"):
            peer = [program, "--input-dir", str(source), "--parallel", "2", "--output-dir"]
            commands["trafilatura --parallel 2"] = [*peer, "{}"]
        best: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        outputs: dict[str, int] = {}
        for number in range(rounds):
            for name, command in commands.items():
                notes.print(f"round {number + 1}: {name}")
                target = f"{scratch}/{name}-{number}/"
                best[name].append(timed([part.format(target) for part in command]))
                outputs[name] = sum(1 for path in Path(target).rglob("*") if path.suffix == ".txt")
        grid = table(f"{len(pages):,} pages", ["seconds", "pages/s", "computing, s", "ms a page", "outputs"])
        for name, times in best.items():
            wall, cpu = (min(values) for values in zip(*times, strict=True))
            row = [f"{wall:.1f}", f"{len(pages) / wall:.1f}", f"{cpu:.1f}", f"{1000 * cpu / len(pages):.1f}"]
            grid.add_row(name, *row, str(outputs[name]))
    show(grid)


if __name__ == "__main__":
    main()
