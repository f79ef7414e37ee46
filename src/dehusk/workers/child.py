"""What goes on in a worker process."""

import contextlib
import signal
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from dehusk.workers.limits import Failure, Limits


def serve(
    connection: "Connection[Any, Any]",
    foreign: "list[Connection[Any, Any]]",
    job: Callable[[Any], Any],
    limits: Limits,
    warm: str,
) -> None:
    """Answer tasks until nobody asks any more."""
    for other in foreign:
        other.close()
    if warm:
        import_module(warm)  # there already if forked
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop, also where nothing was held back
    if limits.memory is not None:
        _limit_memory(limits.memory + limits.mapped)
    with contextlib.suppress(EOFError, OSError):
        while True:
            for task in connection.recv():
                answer, healthy = _attempt(job, task, limits.memory)
                connection.send((answer, healthy))
                if not healthy:
                    return


def _attempt(job: Callable[[Any], Any], task: Any, memory: int | None) -> tuple[Any, bool]:
    """Return the answer to a task, and whether the process is fit for another."""
    try:
        return job(task), True
    except MemoryError:
        if memory is None:
            return Failure("took more memory than there is"), False
        return Failure(f"took more than {memory >> 20} MiB of memory; see --memory-limit"), False
    except Exception as error:  # noqa: BLE001  (the edge of the process: whatever it is belongs into the record)
        return Failure(f"internal error, please report it: {type(error).__name__}: {error}"), True


def _limit_memory(memory: int) -> None:
    """Let this process take ``memory`` bytes of address space more than it has now; no limit where that is unknown."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  (Linux; nothing to do elsewhere)
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        return
