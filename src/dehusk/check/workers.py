"""The same function over many items, in processes, with results in the order of the items."""

import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_CHUNK = 8
_AHEAD = 4
"""How many items go to a worker at once, and how many such chunks, for each worker, wait for their turn."""


@dataclass(frozen=True, slots=True)
class Died(Generic[Item]):
    """Stands for the result of an item on which a worker process ended, for example for want of memory."""

    item: Item


def ordered(function: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[Result | Died[Item]]:
    """Yield the result of ``function`` for each item, in order, at any number of ``jobs``.

    ``function`` must be one that can be pickled, and raise nothing.
    When a worker dies, the items that were in its hands are tried again one by one, so that only the one which kills
    it is lost.
    """
    source = iter(items)
    waiting: deque[tuple[list[Item], Future[list[Result]]]] = deque()
    pool = _pool(jobs)
    try:
        while True:
            while len(waiting) < jobs * _AHEAD and (chunk := list(islice(source, _CHUNK))):
                waiting.append((chunk, _submit(pool, function, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                # All that waits is lost with the pool.
                lost = [chunk, *(chunk for chunk, _ in waiting)]
                waiting.clear()
                pool.shutdown()
                for chunk in lost:
                    for item in chunk:
                        yield _alone(function, item)
                pool = _pool(jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(function: Callable[[Item], Result], item: Item) -> Result | Died[Item]:
    with _pool(1) as pool:
        try:
            return _submit(pool, function, [item]).result()[0]
        except BrokenProcessPool:
            return Died(item)


def _submit(pool: ProcessPoolExecutor, function: Callable[[Item], Result], chunk: list[Item]) -> "Future[list[Result]]":
    try:
        return pool.submit(_each, function, chunk)
    except BrokenProcessPool as error:
        future: Future[list[Result]] = Future()
        future.set_exception(error)
        return future


def _each(function: Callable[[Item], Result], chunk: list[Item]) -> list[Result]:
    return [function(item) for item in chunk]


def _pool(jobs: int) -> ProcessPoolExecutor:
    # This process has no threads when it starts workers, so that a fork, which costs least, is safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_be_quiet)


def _be_quiet() -> None:
    """Leave it to the main process to say that the user interrupted the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
