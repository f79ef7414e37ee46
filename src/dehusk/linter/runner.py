"""A check of many files: what is known already from the cache, the rest by workers, all in order."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from dehusk.cores import cores
from dehusk.errors import InputError
from dehusk.linter.cache import Cache
from dehusk.linter.file import Task, check
from dehusk.linter.report import FileReport

_BYTES_PER_JOB = 500_000
"""Below so many bytes a further worker costs more than it brings."""
_KEPT_AT_ONCE = 500


def run(tasks: Sequence[Task], cache: Cache, jobs: int = 0) -> Iterator[FileReport]:
    """Yield a report for each task, in their order, whatever the number of ``jobs``; 0 for as many as help.

    What is found without changing anything is kept in ``cache``.
    """
    waiting: deque[tuple[Task, FileReport | None]] = deque()
    fresh: dict[bytes, FileReport] = {}
    for key, report in _checked(_unknown(tasks, cache, waiting), jobs or _jobs(tasks)):
        while (known := waiting[0][1]) is not None:
            yield known
            waiting.popleft()
        task, _ = waiting.popleft()
        if key and task.mode == "check":
            fresh[key] = report
            if len(fresh) >= _KEPT_AT_ONCE:
                cache.keep(fresh)
                fresh = {}
        yield report
    yield from (known for _, known in waiting if known is not None)
    cache.keep(fresh)
    cache.close()


def _checked(tasks: Iterable[Task], jobs: int) -> Iterator[tuple[bytes, FileReport]]:
    """Yield key and report of each task, in order."""
    tasks = iter(tasks)
    first = list(islice(tasks, 1))
    if jobs == 1 or not first:
        yield from map(check, chain(first, tasks))
        return
    from dehusk.workers import Failure, Pool  # late, as the machinery of processes takes a while to load

    with Pool(check, jobs=jobs) as pool:
        for task, result in pool.run(chain(first, tasks)):
            if isinstance(result, Failure):
                problem = f"{result.reason}; where memory is short, split the file or use fewer --jobs"
                yield b"", FileReport(task.name, problems=(problem,))
            else:
                yield result


def _unknown(tasks: Iterable[Task], cache: Cache, waiting: deque[tuple[Task, FileReport | None]]) -> Iterator[Task]:
    """Yield the tasks that have to be done; all, with what is known about them, go to ``waiting`` in order."""
    for task in tasks:
        known = _known(task, cache)
        waiting.append((task, known))
        if known is None:
            yield task


def _known(task: Task, cache: Cache) -> FileReport | None:
    if not cache.is_there:
        return None
    try:
        report = cache.known(task.key(task.read()))
    except InputError:
        return None
    if report is None or (task.mode != "check" and any(found.fix != "none" for found in report.findings)):
        return None
    return replace(report, file=task.name)


def _jobs(tasks: Iterable[Task]) -> int:
    """Return how many workers help: none for little work."""
    return max(1, min(cores(), sum(task.weight for task in tasks) // _BYTES_PER_JOB))
