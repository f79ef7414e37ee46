"""Where the programs are that benchmarks run as whole processes."""

import sys
from pathlib import Path
from shutil import which

import click


def found(name: str) -> str | None:
    """Return the path of a program: the one installed beside this Python, else the one that a shell would run."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else which(name)


def required(name: str) -> str:
    """Return the same of a program that a benchmark cannot do without. Raises ClickException."""
    if program := found(name):
        return program
    raise click.ClickException(f"{name} is not installed in this environment")
