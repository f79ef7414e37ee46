"""Worker processes: answers in order, and tasks that hang, crash, fill the memory or are killed."""

import faulthandler
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pytest

from dehusk.workers import Failure, Limits, Pool, pool


@dataclass(frozen=True)
class Order:
    """A task for :func:`obey`: what to do, with which argument."""

    what: str
    argument: str = ""
    weight: int = 1

    def __str__(self) -> str:
        return self.what


def obey(order: Order) -> str:
    if order.what == "sleep":
        time.sleep(float(order.argument))
    elif order.what == "hang":
        while True:
            pass
    elif order.what == "fill":
        return str(len(bytearray(int(order.argument))))
    elif order.what == "kill":
        faulthandler.disable()  # which pytest turns on
        os.kill(os.getpid(), signal.Signals[order.argument])
    elif order.what == "kill once":
        if not Path(order.argument).exists():
            Path(order.argument).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    elif order.what == "raise":
        raise ValueError(order.argument)
    elif order.what == "pid":
        return str(os.getpid())
    elif order.what == "echo":
        return order.argument * order.weight
    return order.what


WARM = "dehusk.batch.warm"


@pytest.fixture(params=["", WARM], ids=["forked", "forked from a warm process"], autouse=True)
def warm(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start workers in one way, then in the other."""
    monkeypatch.setattr(sys.modules[__name__], "Pool", partial(Pool, warm=request.param))


def answers(
    orders: list[Order], *, jobs: int = 2, limits: Limits | None = None, notices: list[str] | None = None
) -> list[str | Failure]:
    notices = [] if notices is None else notices
    with Pool(obey, jobs=jobs, limits=limits or Limits(), notice=notices.append) as pool:
        found = list(pool.run(orders))
    assert [task for task, _ in found] == orders
    return [answer for _, answer in found]


def test_time_for_which_all_processes_were_stopped_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = 0.0

    def stop_once(connections: list[Any], timeout: float | None) -> list[Any]:
        nonlocal stopped
        if stopped:
            return wait(connections, timeout)
        stopped = 1000.0
        return []

    monkeypatch.setattr(pool, "monotonic", lambda: time.monotonic() + stopped)
    monkeypatch.setattr(pool, "wait", stop_once)
    assert answers([Order("sleep", "0.3")] * 3, limits=Limits(seconds=100.0)) == ["sleep"] * 3
    (late,) = answers([Order("hang")], limits=Limits(seconds=0.5))
    assert isinstance(late, Failure)


def test_answers_come_in_the_order_of_the_tasks_however_long_each_takes() -> None:
    orders = [Order("sleep", "0.2"), *(Order("echo", str(number)) for number in range(200))]
    for jobs in (1, 3):
        assert answers(orders, jobs=jobs) == ["sleep", *map(str, range(200))]


def test_no_tasks_no_answers() -> None:
    assert answers([]) == []


def test_large_answers_do_not_block_large_tasks() -> None:
    orders = [Order("echo", "x" * 100_000, 10) for _ in range(20)]
    assert [len(str(answer)) for answer in answers(orders)] == [1_000_000] * 20


def test_a_task_that_hangs_is_ended_and_the_others_are_answered() -> None:
    orders = [Order("echo", "a"), Order("hang"), *(Order("echo", "b") for _ in range(40))]
    late = Failure("took longer than 3 seconds; see --time-limit")
    assert answers(orders, limits=Limits(seconds=3)) == ["a", late, *"b" * 40]


def test_a_task_that_takes_too_much_memory_fails_and_the_others_are_answered() -> None:
    orders = [Order("fill", str(1 << 29)), Order("fill", "9"), Order("echo", "a")]
    full = Failure("took more than 128 MiB of memory; see --memory-limit")
    assert answers(orders, limits=Limits(memory=1 << 27)) == [full, "9", "a"]


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL"])
def test_a_task_that_kills_its_worker_twice_fails_and_the_others_are_answered(name: str) -> None:
    notices: list[str] = []
    orders = [Order("echo", "a"), Order("kill", name), Order("echo", "b"), Order("echo", "c")]
    crashed = Failure(f"crashed its worker twice: was killed ({name})")
    assert answers(orders, notices=notices) == ["a", crashed, "b", "c"]
    assert notices == [f"kill: its worker was killed ({name}); trying once more"]


def test_a_task_whose_worker_is_killed_from_outside_is_tried_again(tmp_path: Path) -> None:
    assert answers([Order("kill once", str(tmp_path / "killed")), Order("echo", "a")]) == ["kill once", "a"]


def test_what_a_job_raises_is_a_failure_and_its_worker_goes_on() -> None:
    raised, first, second = answers([Order("raise", "no"), Order("pid"), Order("pid")], jobs=1)
    assert raised == Failure("internal error, please report it: ValueError: no")
    assert first == second


def test_workers_are_replaced_after_some_tasks() -> None:
    orders = [Order("pid", weight=1 << 18) for _ in range(7)]  # of this weight each is sent by itself
    pids = answers(orders, jobs=1, limits=Limits(tasks=3))
    assert [pids.index(pid) for pid in pids] == [0, 0, 0, 3, 3, 3, 6]


def test_tasks_are_read_only_so_far_ahead() -> None:
    read = 0

    def orders() -> object:
        nonlocal read
        for number in range(5000):
            read = number
            yield Order("echo", str(number))

    with Pool(obey, jobs=1, limits=Limits(), notice=print) as pool:
        results = pool.run(orders())  # type: ignore[arg-type]
        next(iter(results))
        assert read <= 256
        results.close()  # type: ignore[attr-defined]
        assert list(pool.run([Order("echo", "fit for another run")])) == [
            (Order("echo", "fit for another run"), "fit for another run")
        ]


def test_all_processes_end_with_the_pool() -> None:
    with Pool(obey, jobs=2, limits=Limits(), notice=print) as pool:
        pids = {int(str(answer)) for _, answer in pool.run([Order("pid", weight=1 << 18) for _ in range(8)])}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_workers_end_when_the_program_is_killed(tmp_path: Path) -> None:
    # The programme dies while its workers sleep; they hold the other end of this pipe until they end as well.
    program = """
import os, signal
from tests.test_workers import Order, Pool, obey
if __name__ == "__main__":
    results = Pool(obey, jobs=2).run([Order("pid"), *(Order("sleep", "0.2", 1 << 18) for _ in range(9))])
    next(results), next(results)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.communicate(timeout=30)[0] == b""
    assert process.returncode == -signal.SIGKILL


def test_a_worker_that_is_killed_while_it_waits_does_not_end_a_program_that_broken_pipes_end() -> None:
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        with Pool(obey, jobs=1) as pool:
            ((_, pid),) = pool.run([Order("pid")])
            os.kill(int(str(pid)), signal.SIGKILL)
            time.sleep(0.1)
            assert [answer for _, answer in pool.run([Order("echo", "a")])] == ["a"]
    finally:
        signal.signal(signal.SIGPIPE, before)


def test_what_is_known_is_in_its_place_and_no_worker_is_asked_for_it() -> None:
    orders = [Order("pid"), *(Order("echo", "a") for _ in range(700)), Order("pid"), Order("echo", "b")]
    with Pool(obey, jobs=2) as pool:
        found = list(pool.run(orders, lambda order: "known" if order.argument == "a" else None))
        assert [task for task, _ in found] == orders
        assert {answer for task, answer in found if task.argument == "a"} == {"known"}
        assert found[-1][1] == "b"
        assert str(found[0][1]).isdigit()
    with Pool(obey, jobs=2) as pool:
        assert len(list(pool.run(orders, lambda _order: "known"))) == len(orders)
        assert not pool.workers
