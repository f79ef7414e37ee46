"""Writing outputs whole or not at all."""

import contextlib
import errno
import os
from pathlib import Path

from dehusk.batch.discovery import STDIN, Input
from dehusk.errors import OutputError

SCRATCH = ".dehusk"
"""The folder in the output folder, or ending of the one beside an output file, that holds the manifest."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


class NoRoomError(OutputError):
    """An output that cannot be written for a reason that all others share, such as a full disk."""


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
        raise not_written(path, error) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def write_by(scratch: Path, path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` like :func:`write`, by way of the file ``scratch`` on the same file system.

    For many files: nothing waits for the disk, so that after a power failure files may be damaged that were written
    shortly before; and whoever ends the process leaves at most the one scratch file behind. Raises OutputError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with scratch.open("wb") as file:
            file.write(data)
        with contextlib.suppress(FileNotFoundError):
            scratch.chmod(path.stat().st_mode & 0o7777)
        scratch.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> OutputError:
    """Return what to say of an output that cannot be written."""
    if error.errno in _FULL:
        return NoRoomError(f"{path}: cannot be written: {error.strerror}; the same command goes on when that is mended")
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
