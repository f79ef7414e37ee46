"""Whether a batch that is killed again and again ends with the bytes of one that is left alone.

    python benchmarks/resume.py DATA [--kills 10] [--limit N] [--seed 1]

Cleans the pages of WCXB into a folder, into one compressed file of records, into shards, and into Parquet, each once
without interruption and with one process, and once with two processes and killed with SIGKILL at random moments until
it has been killed so many times, and then left to its end. Outputs must be the same, byte for byte, and nothing else
may be left behind. What is printed: how many documents were cleaned in all over those cleaned once, which says how much
was done twice, and whether the outputs are the same. The exit code is 1 where they are not.
"""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from dataset import data_argument, limit_option, opened, spaced
from rich.console import Console
from tables import show, table

TARGETS = {
    "folder": (["-o", "out/"], "pages"),
    "one file, .jsonl": (["-o", "out/all.jsonl"], "pages"),
    "one file, .jsonl.zst": (["-o", "out/all.jsonl.zst"], "pages"),
    "shards, .jsonl.gz": (["-o", "out/all.jsonl.gz", "--shard-size", "200K"], "pages"),
    "Parquet": (["-o", "out/all.parquet"], "pages"),
    "folder of archives": (["-o", "out/"], "archives"),
    "folder, --repeated": (["-o", "out/", "--repeated"], "pages"),
}
"""What is compared: options, and the input."""


def outputs(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder but the manifest and the counts beside it, which are no output."""
    files = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    ours = ("manifest.sqlite", "repeated")
    return {
        str(path): (folder / path).read_bytes()
        for path in files
        if not (any(part.endswith(".dehusk") for part in path.parts) and any(part in ours for part in path.parts))
    }


def command(arguments: Sequence[str], source: Path, jobs: int) -> list[str]:
    """Return the command that cleans ``source``."""
    options = ["--quiet", "--report", "report.json", "-j", str(jobs)]
    return [sys.executable, "-m", "dehusk", str(source), *arguments, *options]


def run(arguments: Sequence[str], source: Path, work: Path, jobs: int, kill_after: float | None = None) -> bool:
    """Run in ``work`` until the end, or until it is killed; return whether it came to its end."""
    with (work / "messages").open("ab") as messages:
        process = subprocess.Popen(command(arguments, source, jobs), cwd=work, stdout=messages, stderr=messages)
        try:
            code = process.wait(kill_after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return False
    if code not in (0, 1):
        raise click.ClickException(f"ended with {code}:\n{(work / 'messages').read_text()[-2000:]}")
    return True


def cleaned(work: Path) -> int:
    """Return how many documents the last run in ``work`` cleaned."""
    counts = json.loads((work / "report.json").read_text())["documents"]
    return int(counts["cleaned"])


def archive(pages: Sequence[Path], folder: Path) -> None:
    """Write the pages as records into two archives."""
    folder.mkdir()
    half = len(pages) // 2
    for name, part in (("a.jsonl", pages[:half]), ("b.jsonl", pages[half:])):
        with (folder / name).open("w", encoding="utf-8") as file:
            for page in part:
                html = page.read_bytes().decode("utf-8", "replace")
                file.write(json.dumps({"id": page.stem, "html": html}) + "\n")


@click.command()
@data_argument
@limit_option
@click.option("--kills", default=10, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--only", help="Only the targets whose name contains this.", default="")
def main(data: Path, limit: int | None, kills: int, seed: int, only: str) -> None:
    """Kill and resume batches over the pages of WCXB, in DATA, and compare what they write."""
    notes = Console(stderr=True)
    rng = random.Random(seed)
    grid = table("output", ["kills", "cleaned at the end", "cleaned at once", "files", "same"])
    all_same = True
    with opened(data, "html/*.html") as folder, TemporaryDirectory(prefix="dehusk-") as scratch:
        pages = spaced(sorted(folder.glob("html/*.html")), limit)
        (Path(scratch) / "pages").mkdir()
        for page in pages:
            (Path(scratch) / "pages" / page.name).symlink_to(page.resolve())
        archive(pages, Path(scratch) / "archives")
        for number, (name, (arguments, source)) in enumerate(TARGETS.items()):
            if only not in name:
                continue
            notes.print(f"{name} …")
            alone, killed = Path(scratch) / f"alone-{number}", Path(scratch) / f"killed-{number}"
            for work in (alone, killed):
                (work / "out").mkdir(parents=True)
            arguments = [*arguments, "--follow-links"]
            begun = time.monotonic()
            run(arguments, Path(scratch) / source, alone, jobs=1)
            whole = time.monotonic() - begun
            times = 0
            while times < kills:
                if run(arguments, Path(scratch) / source, killed, 2, kill_after=rng.uniform(0.05, whole / kills)):
                    break
                times += 1
            run(arguments, Path(scratch) / source, killed, 2)
            same = outputs(alone / "out") == outputs(killed / "out")
            all_same &= same
            counts = [f"{cleaned(work):,}" for work in (killed, alone)]
            grid.add_row(name, str(times), *counts, str(len(outputs(alone / "out"))), "yes" if same else "NO")
    show(grid)
    sys.exit(0 if all_same else 1)


if __name__ == "__main__":
    main()
