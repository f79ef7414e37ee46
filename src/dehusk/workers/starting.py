"""How worker processes are started, and what signals may do to them and to their pipes meanwhile."""

import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Iterator
from typing import Any


def prepare(warm: str) -> None:
    """Begin to load the module ``warm`` in the process that workers will be forked from, and do not wait for it."""
    if context_of(warm).get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # first, as it lets Ctrl-C through when it has begun
        with interrupts_held():
            forkserver.ensure_running()


def context_of(warm: str) -> Any:
    """Return how processes are started."""
    if warm and "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([warm])
        return context
    return multiprocessing.get_context("fork" if sys.platform == "linux" and not warm else "spawn")


@contextlib.contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back: processes that begin meanwhile never hear of it, and this one does when it is over."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def broken_pipes_are_errors() -> Iterator[None]:
    """Let writing to a pipe that nobody reads raise an error, also in a program that it otherwise ends."""
    if not hasattr(signal, "SIGPIPE"):
        yield
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGPIPE, before)
