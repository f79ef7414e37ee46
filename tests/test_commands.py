"""Transcripts of shell sessions, ``commands/*.md`` and those in the documents for users, run word for word.

In a block marked ``console`` every line that begins with ``$`` is run by a shell, in a fresh copy of ``examples/``, or
above it for documents that stand above it; the lines below it are what standard output and standard error together must
say. A last line ``[exit N]`` is its exit code, 0 when there is none. The blocks of one file are one session.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRANSCRIPTS = [
    *sorted((ROOT / "tests/commands").glob("*.md")),
    ROOT / "README.md",
    ROOT / "examples/README.md",
    ROOT / "docs/batches.md",
]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_transcript(path: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    folder = tmp_path if path.parent == ROOT else tmp_path / "examples"
    steps = [step for block in BLOCK.findall(path.read_text("utf-8")) for step in STEP.findall(block)]
    assert steps
    for command, expected in steps:
        assert f"$ {command}\n{run(command, folder)}" == f"$ {command}\n{expected}"


def run(command: str, folder: Path) -> str:
    """Return what a command prints, with its exit code in a last line unless it is 0."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
    }
    result = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return result.stdout + (f"[exit {result.returncode}]\n" if result.returncode else "")
