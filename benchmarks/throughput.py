"""How fast ``dehusk check`` goes through a folder of texts, beside codespell and typos, which check spelling.

    pip install codespell typos && python benchmarks/throughput.py FOLDER [--runs N]

Whole processes are measured, start included, each program once before any is run again, and the least of the runs
counts: it has the least of what else the machine did. MB/s are of text files in FOLDER and of processor time, as
another program on the machine lengthens wall-clock time; with several processes it is that of all together, so that
wall-clock time is shown as well. Findings are counted and not printed. A program that is not installed is left out.
"""

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from programs import found
from rich.console import Console
from tables import show, table

DEHUSK = ("dehusk", "check", ".", "--quiet", "--exit-zero")
PROGRAMS: dict[str, tuple[str, ...]] = {
    "dehusk check -j 1": (*DEHUSK, "--no-cache", "-j", "1"),
    "dehusk check": (*DEHUSK, "--no-cache"),
    "dehusk check, second run": (*DEHUSK, "--cache-dir", "{cache}"),
    "codespell": ("codespell", "."),
    "typos -j 1": ("typos", "-j", "1", "."),
}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--runs", type=click.IntRange(min=1), default=5, show_default=True, help="Runs of each program.")
def main(folder: Path, runs: int) -> None:
    """Check the text files in FOLDER with each program."""
    size = sum(path.stat().st_size for path in folder.rglob("*.txt")) / 1e6
    console = Console(stderr=True)
    times: dict[str, list[tuple[float, float]]] = {}
    with TemporaryDirectory(prefix="dehusk-") as cache:
        programs: dict[str, list[str]] = {}
        for name, (first, *options) in PROGRAMS.items():
            if program := found(first):
                programs[name] = [program, *(option.format(cache=cache) for option in options)]
            else:
                console.print(f"{name} is not installed, left out")
        for number in range(runs + 1):
            for name, command in programs.items():
                measured = timed(command, folder)
                if number:  # the first round fills the cache, and the one of the file system
                    times.setdefault(name, []).append(measured)
    grid = table(f"{size:.1f} MB", ["processor s", "MB/s", "wall-clock s"])
    for name, measurements in times.items():
        processor = min(processor for processor, _ in measurements)
        wall = min(wall for _, wall in measurements)
        grid.add_row(name, f"{processor:.2f}", f"{size / processor:.1f}", f"{wall:.2f}")
    show(grid)


def timed(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return processor time and wall-clock time, in seconds, of a command in a folder and of what it starts."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


if __name__ == "__main__":
    main()
