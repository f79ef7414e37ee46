"""What is ours beside outputs, and what outputs must not replace."""

from pathlib import Path

from dehusk.batch.discovery import Input
from dehusk.errors import OutputError
from dehusk.files import STDIN

SCRATCH = ".dehusk"
"""The folder in the output folder, or ending of the one beside an output file, that holds the manifest."""


def scratch_in(folder: Path) -> Path:
    """Return the folder for what is ours in an output folder."""
    return folder / SCRATCH


def scratch_beside(path: Path) -> Path:
    """Return the folder for what is ours beside an output file."""
    return path.with_name(f".{path.name}{SCRATCH}")


def check_not_input(item: Input, output: Path) -> None:
    """Raise OutputError when ``output`` is the file that ``item`` is read from."""
    if item.path != STDIN and output.exists() and Path(item.path).exists() and output.samefile(item.path):
        raise OutputError(f"{output} would replace its own input; choose another output")
