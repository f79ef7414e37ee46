"""Worker processes that may hang, crash or be killed without harm to anything but the task they are at.

Each worker has a pipe of its own and nothing else in common with the others: no lock or queue that dies with it. The
parent sends a worker a few tasks at a time, and only when it waits for them, so that no pipe is ever full at both ends.
A worker answers task by task; so the parent knows which one it is at, and since when.
"""

import contextlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from time import monotonic
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

_BATCH_TASKS = 32
_BATCH_BYTES = 1 << 18
_AHEAD_TASKS = 256
"""How many tasks a worker, and ``_AHEAD_BYTES`` how many bytes in all, may be read ahead of the oldest unfinished."""
_AHEAD_BYTES = 1 << 26
_EMITTED_AT_ONCE = 16
_PATIENCE = 5.0  # seconds to wait for a process to end that has been told to


class Sized(Protocol):
    """A task: anything that can be pickled and knows how large it is."""

    @property
    def weight(self) -> int:
        """About how many bytes the task is, for sharing work out and for bounding what is held in memory."""


Task = TypeVar("Task", bound=Sized)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: ``seconds`` of time, and ``memory``, bytes beyond what a worker takes when ready."""

    seconds: float = 60.0
    memory: int = 2 << 30
    tasks: int = 5000
    """After so many tasks a worker is replaced by a new one."""
    mapped: int = 0
    """Bytes of files that workers map into memory, which do not count."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer to a task."""

    reason: str


@dataclass(eq=False)
class _Worker(Generic[Task]):
    process: Any
    connection: "Connection[Any, Any]"
    batch: "deque[tuple[int, Task]]" = field(default_factory=deque)
    since: float = 0.0
    done: int = 0


class Pool(Generic[Task, Answer]):
    """Processes that apply ``job`` to tasks. Close it, or use it in a ``with`` statement, so that they end.

    A job raises nothing that is expected to happen; what it raises, and a task that takes more than ``limits`` or
    whose worker dies twice, makes a Failure. ``notice`` is told in one line when a worker dies and its task is tried
    again.
    """

    def __init__(
        self, job: Callable[[Task], Answer], *, jobs: int, limits: Limits, notice: Callable[[str], None]
    ) -> None:
        self._job = job
        self._limits = limits
        self._notice = notice
        self._workers: list[_Worker[Task]] = []
        self._context = _context()
        self._jobs = jobs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self._workers:
            worker.process.kill()
            worker.connection.close()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
        self._workers.clear()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer | Failure]]:
        """Yield each task with its answer, in the order of the tasks, which are taken from their iterator as needed."""
        return _Run(self, iter(tasks)).results()

    def _start(self) -> _Worker[Task]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve, args=(theirs, self._job, self._limits), daemon=True, name="dehusk worker"
        )
        process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _idle(self) -> Iterator[_Worker[Task]]:
        """Yield workers that have nothing to do, new ones for those that died or have done enough."""
        for worker in list(self._workers):
            if not worker.batch and worker.done >= self._limits.tasks:
                self._retire(worker)
        yield from (worker for worker in list(self._workers) if not worker.batch)
        while len(self._workers) < self._jobs:
            yield self._start()

    def _retire(self, worker: _Worker[Task]) -> None:
        worker.connection.close()  # at which it ends by itself
        worker.process.join(_PATIENCE)
        worker.process.kill()
        self._workers.remove(worker)


class _Run(Generic[Task, Answer]):
    """The tasks of one call of :meth:`Pool.run` on their way through the workers."""

    def __init__(self, pool: Pool[Task, Answer], tasks: Iterator[Task]) -> None:
        self._pool = pool
        self._tasks = enumerate(tasks)
        self._again: deque[tuple[int, Task]] = deque()
        self._tried: set[int] = set()
        self._under_way: dict[int, Task] = {}
        self._answers: dict[int, Answer | Failure] = {}
        self._bytes = 0
        self._next = 0
        self._exhausted = False

    def results(self) -> Iterator[tuple[Task, Answer | Failure]]:
        try:
            while True:
                self._hand_out()
                for _ in range(_EMITTED_AT_ONCE):
                    if self._next not in self._answers:
                        break
                    task = self._under_way.pop(self._next)
                    self._bytes -= task.weight
                    self._next += 1
                    yield task, self._answers.pop(self._next - 1)
                if not self._under_way and self._exhausted:
                    return
                self._listen()
        finally:
            for worker in [worker for worker in self._pool._workers if worker.batch]:
                self._remove(worker)  # it would answer tasks that nobody asks for any more

    def _hand_out(self) -> None:
        if self._exhausted and not self._again:
            return
        for worker in self._pool._idle():
            batch = self._batch()
            if not batch:
                return
            try:
                worker.connection.send([task for _, task in batch])
            except OSError:  # it died while it waited
                self._again.extendleft(reversed(batch))
                self._remove(worker)
                continue
            worker.batch.extend(batch)
            worker.since = monotonic()

    def _batch(self) -> list[tuple[int, Task]]:
        if self._again:
            # One at a time, so that a task that kills its worker kills no other's.
            return [self._again.popleft()]
        batch: list[tuple[int, Task]] = []
        weight = 0
        room = self._pool._jobs * _AHEAD_TASKS
        while (
            len(batch) < _BATCH_TASKS
            and weight < _BATCH_BYTES
            and len(self._under_way) < room
            and (self._bytes < _AHEAD_BYTES or not self._under_way)
        ):
            item = next(self._tasks, None)
            if item is None:
                self._exhausted = True
                break
            batch.append(item)
            self._under_way[item[0]] = item[1]
            self._bytes += item[1].weight
            weight += item[1].weight
        return batch

    def _listen(self) -> None:
        busy = {worker.connection: worker for worker in self._pool._workers if worker.batch}
        if not busy:
            return
        limit = self._pool._limits.seconds
        if self._next in self._answers:
            patience = 0.0
        else:
            patience = max(0.0, min(worker.since for worker in busy.values()) + limit - monotonic())
        for connection in wait(list(busy), patience):
            self._receive(busy[connection])  # type: ignore[index]
        for worker in busy.values():
            if worker.batch and monotonic() - worker.since >= limit and not worker.connection.poll():
                self._late(worker)

    def _receive(self, worker: _Worker[Task]) -> None:
        try:
            while worker.batch and worker.connection.poll():
                answer, healthy = worker.connection.recv()
                number, _ = worker.batch.popleft()
                self._answers[number] = answer
                worker.done += 1
                worker.since = monotonic()
                if not healthy:
                    self._again.extend(worker.batch)
                    self._remove(worker)
                    return
        except (EOFError, OSError):
            self._dead(worker)

    def _dead(self, worker: _Worker[Task]) -> None:
        worker.process.join(_PATIENCE)
        number, task = worker.batch.popleft()
        how = _end(worker.process.exitcode)
        if number in self._tried:
            self._answers[number] = Failure(f"crashed its worker twice: {how}")
        else:
            self._tried.add(number)
            self._again.appendleft((number, task))
            self._pool._notice(f"{task}: its worker {how}; trying once more")
        self._again.extend(worker.batch)
        self._remove(worker)

    def _late(self, worker: _Worker[Task]) -> None:
        number, _ = worker.batch.popleft()
        limit = self._pool._limits.seconds
        self._answers[number] = Failure(f"took longer than {limit:g} seconds; see --time-limit")
        self._again.extend(worker.batch)
        self._remove(worker)

    def _remove(self, worker: _Worker[Task]) -> None:
        worker.batch.clear()
        worker.process.kill()
        worker.connection.close()
        worker.process.join(_PATIENCE)
        self._pool._workers.remove(worker)


def _context() -> Any:
    """Return how processes are started: forked from one that has everything loaded, where there is such a thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dehusk.batch.warm"])
    return context


def _serve(connection: "Connection[Any, Any]", job: Callable[[Any], Any], limits: Limits) -> None:
    """Answer tasks until nobody asks any more."""
    import dehusk.batch.warm  # noqa: F401  (there already if forked)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    _limit_memory(limits.memory + limits.mapped)
    with contextlib.suppress(EOFError, OSError):
        while True:
            for task in connection.recv():
                answer, healthy = _attempt(job, task, limits.memory)
                connection.send((answer, healthy))
                if not healthy:
                    return


def _attempt(job: Callable[[Any], Any], task: Any, memory: int) -> tuple[Any, bool]:
    """Return the answer to a task, and whether the process is fit for another."""
    try:
        return job(task), True
    except MemoryError:
        return Failure(f"took more than {memory >> 20} MiB of memory; see --memory-limit"), False
    except Exception as error:  # noqa: BLE001  (the edge of the process: whatever it is belongs into the record)
        return Failure(f"could not be cleaned, which is a mistake of dehusk's: {type(error).__name__}: {error}"), True


def _limit_memory(memory: int) -> None:
    """Let this process take ``memory`` bytes of address space more than it has now; no limit where that is unknown."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  (Linux; nothing to do elsewhere)
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        return


def _end(code: int | None) -> str:
    """Return how a process ended, from its exit code.

    >>> _end(-9), _end(3)
    ('was killed (SIGKILL)', 'ended with code 3')
    """
    if code is not None and code < 0:
        try:
            return f"was killed ({signal.Signals(-code).name})"
        except ValueError:
            return f"was killed (signal {-code})"
    return f"ended with code {code}"
