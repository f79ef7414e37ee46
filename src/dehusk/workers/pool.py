"""The parent's end: which worker gets which task, and what becomes of the tasks of one that is gone."""

import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from multiprocessing.connection import Connection, wait
from time import monotonic
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from dehusk.workers.child import serve
from dehusk.workers.limits import NO_LIMITS, Failure, Limits
from dehusk.workers.starting import broken_pipes_are_errors, context_of, interrupts_held, prepare

_BATCH_TASKS = 16
_BATCH_BYTES = 1 << 18
_PIPE_BYTES = 1 << 12
"""What fits into a pipe, whatever the system: macOS gives a pair of sockets 8 kB."""
_AHEAD_TASKS = 256
"""How many tasks a worker, and ``_AHEAD_BYTES`` how many bytes in all, may be read ahead of the oldest unfinished."""
_AHEAD_BYTES = 1 << 26
_EMITTED_AT_ONCE = 16
_GLANCE = 1.0  # seconds to wait at a time, so that it is noticed when they were more
_PATIENCE = 5.0  # seconds to wait for a process to end that has been told to


class Sized(Protocol):
    """A task: anything that can be pickled and knows how large it is."""

    @property
    def weight(self) -> int:
        """About how many bytes the task is, for sharing work out and for bounding what is held in memory."""


Task = TypeVar("Task", bound=Sized)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Task]):
    """Tasks with their numbers, and as they are sent."""

    items: list[tuple[int, Task]]
    data: bytes


@dataclass(eq=False)
class _Worker(Generic[Task]):
    """A process, its pipe, and the tasks that it has: the first since ``since``, the last ``sent`` at once.

    ``given`` counts all that it ever had.
    """

    process: Any
    connection: "Connection[Any, Any]"
    tasks: "deque[tuple[int, Task]]" = field(default_factory=deque)
    sent: int = 0
    given: int = 0
    since: float = 0.0

    @property
    def is_short(self) -> bool:
        """Whether it has little left to do: so little that it has read all that it was sent, or soon will have."""
        return len(self.tasks) <= max(1, self.sent // 2)

    def send(self, batch: _Batch[Task]) -> None:
        """Send tasks. Raises OSError when the process is dead."""
        with broken_pipes_are_errors():
            self.connection.send_bytes(batch.data)
        if not self.tasks:
            self.since = monotonic()
        self.tasks.extend(batch.items)
        self.sent = len(batch.items)
        self.given += self.sent


class Pool(Generic[Task, Answer]):
    """Processes that apply ``job`` to tasks. Close it, or use it in a ``with`` statement, so that they end.

    A job raises nothing that is expected to happen; what it raises, and a task that takes more than ``limits`` or
    whose worker dies twice, makes a Failure. ``notice`` is told in one line when a worker dies and its task is tried
    again.

    Workers are forked from this process, which costs least, but is right only for one that has no threads. With the
    name of a module in ``warm`` they are forked from a process that does nothing but load this module, so that they
    have it loaded. Where a system cannot do that, they are started afresh, and load it themselves.
    """

    def __init__(
        self,
        job: Callable[[Task], Answer],
        *,
        jobs: int,
        limits: Limits = NO_LIMITS,
        notice: Callable[[str], None] = lambda _line: None,
        warm: str = "",
    ) -> None:
        self.jobs = jobs
        self.limits = limits
        self.notice = notice
        self.workers: list[_Worker[Task]] = []
        self._job = job
        self._warm = warm
        self._context = context_of(warm)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, whatever they are at."""
        for worker in self.workers:
            worker.process.kill()
            worker.connection.close()
        for worker in self.workers:
            worker.process.join(_PATIENCE)
        self.workers.clear()

    def run(
        self, tasks: Iterable[Task], known: Callable[[Task], Answer | None] = lambda _task: None
    ) -> Iterator[tuple[Task, Answer | Failure]]:
        """Yield each task with its answer, in the order of the tasks, which are taken from their iterator as needed.

        No worker is asked, nor started, for tasks whose answer is ``known``.
        """
        return _Run(self, iter(tasks), known).results()

    def wanting(self) -> Iterator[_Worker[Task]]:
        """Yield workers that can be sent tasks: those that have none, new ones, those that will soon have none."""
        for worker in list(self.workers):
            if not worker.tasks and worker.given >= self.limits.tasks:
                self._retire(worker)
        yield from [worker for worker in self.workers if not worker.tasks]
        while len(self.workers) < self.jobs:
            yield self._start()
        yield from [worker for worker in self.workers if worker.is_short and worker.given < self.limits.tasks]

    def remove(self, worker: _Worker[Task]) -> None:
        """End a worker, whatever it is at."""
        worker.tasks.clear()
        worker.process.kill()
        worker.connection.close()
        worker.process.join(_PATIENCE)
        self.workers.remove(worker)

    def _start(self) -> _Worker[Task]:
        ours, theirs = self._context.Pipe()
        # A forked process has the ends of this one, too: as long as they are open there, no pipe has an end.
        inherited = [ours, *(worker.connection for worker in self.workers)]
        foreign = inherited if self._context.get_start_method() == "fork" else []
        process = self._context.Process(
            target=serve, args=(theirs, foreign, self._job, self.limits, self._warm), daemon=True, name="dehusk worker"
        )
        prepare(self._warm)
        with interrupts_held():
            process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def _retire(self, worker: _Worker[Task]) -> None:
        worker.connection.close()  # at which it ends by itself
        worker.process.join(_PATIENCE)
        worker.process.kill()
        self.workers.remove(worker)


class _Run(Generic[Task, Answer]):
    """The tasks of one call of :meth:`Pool.run` on their way through the workers."""

    def __init__(self, pool: Pool[Task, Answer], tasks: Iterator[Task], known: Callable[[Task], Answer | None]) -> None:
        self._pool = pool
        self._tasks = enumerate(tasks)
        self._known = known
        self._again: deque[tuple[int, Task]] = deque()
        self._ready: _Batch[Task] | None = None
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
            for worker in [worker for worker in self._pool.workers if worker.tasks]:
                self._pool.remove(worker)  # it would answer tasks that nobody asks for any more

    def _hand_out(self) -> None:
        self._ready = self._ready or self._batch()
        for worker in self._pool.wanting() if self._ready else ():
            batch = self._ready
            if batch is None:
                return
            if worker.tasks and len(batch.data) > _PIPE_BYTES:
                continue  # such a worker may wait for us to read, and must not let us wait for it
            try:
                worker.send(batch)
            except OSError:  # it died; what it was at, if anything, is found out when it is listened to
                if not worker.tasks:
                    self._pool.remove(worker)
                continue
            self._ready = self._batch()

    def _batch(self) -> _Batch[Task] | None:
        """Return the next tasks, None if there are none, or too many are under way."""
        if self._again:
            # One at a time, so that a task that kills its worker delays no other.
            return _packed([self._again.popleft()])
        items: list[tuple[int, Task]] = []
        weight = 0
        room = self._pool.jobs * _AHEAD_TASKS
        while (
            len(items) < _BATCH_TASKS
            and weight < _BATCH_BYTES
            and len(self._under_way) < room
            and (self._bytes < _AHEAD_BYTES or not self._under_way)
        ):
            item = next(self._tasks, None)
            if item is None:
                self._exhausted = True
                break
            number, task = item
            self._under_way[number] = task
            self._bytes += task.weight
            if (answer := self._known(task)) is not None:
                self._answers[number] = answer
                continue
            items.append(item)
            weight += task.weight
        return _packed(items) if items else None

    def _listen(self) -> None:
        busy = {worker.connection: worker for worker in self._pool.workers if worker.tasks}
        if not busy:
            return
        limit = self._pool.limits.seconds
        if self._next in self._answers:
            patience: float | None = 0.0
        elif limit == inf:
            patience = None
        else:
            patience = max(0.0, min(worker.since for worker in busy.values()) + limit - monotonic())
            patience = min(patience, _GLANCE)
        before = monotonic()
        ready = wait(list(busy), patience)
        if patience is not None and (away := monotonic() - before - patience) > _GLANCE:
            for worker in busy.values():  # which were stopped as we were, as by Ctrl-Z, or when a lid was closed
                worker.since += away
        for connection in ready:
            self._receive(busy[connection])  # type: ignore[index]
        for worker in busy.values():
            if worker.tasks and monotonic() - worker.since >= limit and not worker.connection.poll():
                self._late(worker)

    def _receive(self, worker: _Worker[Task]) -> None:
        try:
            while worker.tasks and worker.connection.poll():
                answer, healthy = worker.connection.recv()
                number, _ = worker.tasks.popleft()
                self._answers[number] = answer
                worker.since = monotonic()
                if not healthy:
                    self._leave(worker)
                    return
        except (EOFError, OSError):
            self._dead(worker)

    def _dead(self, worker: _Worker[Task]) -> None:
        worker.process.join(_PATIENCE)
        number, task = worker.tasks.popleft()
        how = _end(worker.process.exitcode)
        if number in self._tried:
            self._answers[number] = Failure(f"crashed its worker twice: {how}")
        else:
            self._tried.add(number)
            self._again.appendleft((number, task))
            self._pool.notice(f"{task}: its worker {how}; trying once more")
        self._leave(worker)

    def _late(self, worker: _Worker[Task]) -> None:
        number, _ = worker.tasks.popleft()
        limit = self._pool.limits.seconds
        self._answers[number] = Failure(f"took longer than {limit:g} seconds; see --time-limit")
        self._leave(worker)

    def _leave(self, worker: _Worker[Task]) -> None:
        """End a worker, and give what it still has to others."""
        self._again.extend(worker.tasks)
        self._pool.remove(worker)


def _packed(items: list[tuple[int, Task]]) -> _Batch[Task]:
    return _Batch(items, pickle.dumps([task for _, task in items]))


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
