"""Files and standard input: what goes wrong with them said in one line, and outputs that are whole or not there."""

import contextlib
import errno
import os
from pathlib import Path

from dehusk.errors import InputError, OutputError

STDIN = "-"
"""What standard input is called where a path is asked for."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def is_file(path: str | Path) -> bool:
    """Whether there is a regular file. Unlike the method of Path it raises no error, whatever the path is."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder; likewise."""
    return os.path.isdir(path)  # noqa: PTH112


def is_there(path: str | Path) -> bool:
    """Whether there is anything; likewise."""
    return os.path.exists(path)  # noqa: PTH110


class NoRoomError(OutputError):
    """An output that cannot be written for a reason that all others share, such as a full disk."""


def unreadable(error: OSError) -> InputError:
    """Return what to say of a file that cannot be read."""
    if isinstance(error, FileNotFoundError):
        if str(error.filename).startswith(("http:", "https:")):
            return InputError("an address; pages are not fetched, pipe them in, as with curl -sL URL | dehusk")
        return InputError("no such file; check the name")
    if isinstance(error, PermissionError):
        return InputError("not readable; check its permissions")
    return InputError(f"cannot be read: {error.strerror or error}")


def not_written(path: Path, error: OSError) -> OutputError:
    """Return what to say of an output that cannot be written."""
    if error.errno in _FULL:
        return NoRoomError(f"{path}: cannot be written: {error.strerror}; the same command goes on when that is mended")
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")


def write(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` atomically: readers see the old file or the new one, never a part of it.

    Folders on the way are made; an existing file keeps its permissions, and a link stays one. What is no file, as a
    pipe or a device, is written to. Raises OutputError when it cannot be done.
    """
    import tempfile

    temporary = ""
    try:
        if is_there(path) and not (is_file(path) or is_folder(path)):
            path.write_bytes(data)
            return
        target = Path(os.path.realpath(path))
        make_folder(target.parent)
        mode = target.stat().st_mode & 0o7777 if is_there(target) else 0o666 & ~_umask()
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name[:64]}.", suffix=".tmp", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
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
        make_folder(path.parent)
        with scratch.open("wb") as file:
            file.write(data)
        with contextlib.suppress(FileNotFoundError):
            scratch.chmod(path.stat().st_mode & 0o7777)
        scratch.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise not_written(path, error) from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, however deep, where they are not there. Raises OSError."""
    missing = []
    while not is_folder(folder) and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
