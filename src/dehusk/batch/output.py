"""Where outputs go, decided before anything is written; and writing them whole or not at all."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from dehusk.batch.discovery import STDIN, Input
from dehusk.errors import OutputError


def plan(inputs: Iterable[Input], folder: Path, suffix: str) -> dict[Input, Path]:
    """Return the output file of each input: its place below the input folder, in ``folder``, with ``suffix``.

    Raises OutputError when two inputs would write one file, or an output would replace its input.
    """
    outputs: dict[Input, Path] = {}
    sources: dict[Path, Input] = {}
    for item in inputs:
        relative = Path("stdin") if item.path == STDIN else item.relative
        stem = relative.name.removesuffix(".gz")
        output = folder / relative.with_name(Path(stem).stem + suffix)
        if output in sources:
            raise OutputError(
                f"{sources[output].name} and {item.name} would both write {output}; rename one or clean them apart"
            )
        check_not_input(item, output)
        outputs[item] = output
        sources[output] = item
    return outputs


def check_not_input(item: Input, output: Path) -> None:
    """Raise OutputError when ``output`` is the file that ``item`` is read from."""
    if item.path != STDIN and output.exists() and Path(item.path).exists() and output.samefile(item.path):
        raise OutputError(f"{output} would replace its own input; choose another output")


def write(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` atomically: readers see the old file or the new one, never a part of it.

    Folders on the way are made; an existing file keeps its permissions. Raises OutputError when it cannot be done.
    """
    import tempfile

    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:64]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
        temporary = ""
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
