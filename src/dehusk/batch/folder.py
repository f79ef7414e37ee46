"""A folder of outputs, one for each input, and what earlier runs left in it."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from dehusk.batch.cleaning import Cleaning, Result, unchanged
from dehusk.batch.manifest import Manifest
from dehusk.batch.task import Known, Task, state
from dehusk.digest import digest
from dehusk.errors import OutputError
from dehusk.files import NoRoomError, write_by


class Folder:
    """Writes results into ``folder``, by way of ``scratch``, a folder in it that is ours, and records them."""

    def __init__(self, folder: Path, scratch: Path, manifest: Manifest, cleaning: Cleaning) -> None:
        self._scratch = scratch / "output"
        self._manifest = manifest
        self._cleaning = cleaning
        self._is_inside: Callable[[Path], bool] = lru_cache(maxsize=1024)(_inside(folder))

    def known(self, task: Task) -> Result | None:
        """Return what an earlier run made of a task, if the states of input and output tell that it still holds."""
        known = task.known
        return unchanged(known) if known and known.seen and known.seen == self._seen(task, known) else None

    def check_inside(self, path: Path) -> None:
        """Raise OutputError when ``path`` is not in the folder, as links lead out of it."""
        if not self._is_inside(path.parent):
            raise OutputError(f"{path}: a link leads out of the output folder; not written")

    def put(self, task: Task, result: Result) -> Result:
        """Write what there is to write of a result, and return what became of the document in the end.

        The output of an earlier run goes if nothing was kept now. It stays if the document failed, since a good output
        is worth more than none; but it is not taken for done. Raises NoRoomError when no output can be written.
        """
        path: Path | None = task.carried.output
        if path is None:
            return result
        if result.unchanged and task.known:
            self._record(path, task, task.known)
            return result
        if result.output:
            try:
                self.check_inside(path)
                write_by(self._scratch, path, result.output)
            except NoRoomError:
                raise
            except OutputError as error:
                return replace(result, status="failed", reason=str(error), output=b"")
        elif result.status == "failed":
            return self._keep_earlier(path, result)
        else:
            self._remove_earlier(path)
        if result.status in ("cleaned", "empty"):
            key = self._cleaning.keyed(task, result.key)
            output = digest(result.output) if result.output else b""
            self._record(path, task, Known(key, output, str(path), result.status))
        return result

    def _record(self, path: Path, task: Task, known: Known) -> None:
        """Record what is known of a task, unless it is recorded already."""
        seen = self._seen(task, known)
        if seen != known.seen or known is not task.known:
            self._manifest.record(path, replace(known, seen=seen))

    def _seen(self, task: Task, known: Known) -> bytes:
        """Return the digest of the states of input and output, and of how the task is cleaned; empty if not known."""
        before: bytes = task.carried.state
        try:
            after = state(os.stat(known.path)) if known.output else b""  # noqa: PTH116 (for each of a million files)
        except OSError:
            return b""
        return self._cleaning.keyed(task, digest(before, after)) if before else b""

    def _keep_earlier(self, path: Path, result: Result) -> Result:
        known = self._manifest.known(path)
        if known is None or not known.output:
            return result
        self._manifest.record(path, replace(known, key=b"", seen=b""))
        if not path.exists():
            return result
        return replace(result, reason=f"{result.reason}; what an earlier run made of it stays")

    def _remove_earlier(self, path: Path) -> None:
        known = self._manifest.known(path)
        if known is None:
            return
        if known.is_there():
            path.unlink(missing_ok=True)
        self._manifest.forget(path)


def _inside(folder: Path) -> Callable[[Path], bool]:
    """Return the function that says whether a folder that may not be there yet is inside ``folder``."""
    root = folder.resolve()
    return lambda parent: parent.resolve().is_relative_to(root)
