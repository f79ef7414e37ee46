"""Start-up of the whole process: ``echo hello | dehusk`` beside ``python -c "import click"``.

Prints the median wall time of each in milliseconds, and their ratio: the two are run in turn, so that a machine whose
speed drifts slows both down.
"""

import subprocess
import sys
import time
from statistics import median

import click
from programs import required
from rich.console import Console
from rich.table import Table


def milliseconds(command: list[str]) -> float:
    """Return the wall time of one run of ``command`` that reads ``hello`` from its standard input."""
    start = time.perf_counter()
    subprocess.run(command, input=b"hello\n", stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000


@click.command()
@click.option("-n", "--runs", default=21, show_default=True, help="How often each command is run.")
def main(runs: int) -> None:
    """Time the start of dehusk beside that of an import of click."""
    program = required("dehusk")
    commands = {
        'python -c "import click"': [sys.executable, "-c", "import click"],
        "python -c 'import dehusk'": [sys.executable, "-c", "import dehusk"],
        "echo hello | dehusk": [program],
        "echo hello | dehusk explain": [program, "explain"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            elapsed = milliseconds(command)
            if turn:  # the first turn warms the file cache
                times[name].append(elapsed)
    table = Table("command", "median ms", "fastest ms", "times import click", box=None)
    base = median(times['python -c "import click"'])
    for name, values in times.items():
        table.add_row(name, f"{median(values):.1f}", f"{min(values):.1f}", f"{median(values) / base:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
