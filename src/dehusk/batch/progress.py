"""How far a batch has come, in numbers and in one line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

INTERVAL = 5.0
_TELLING = 0.01  # the part that must be done before it says anything about the rest


class Progress:
    """How far a run has come. ``size`` is how many bytes of input there are in all, for the time that is left."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.documents = 0
        self.bytes = 0
        self.failures = 0
        self.stage = ""
        self._begun = monotonic()

    def begin(self, stage: str, size: int) -> None:
        """Start counting anew, for another pass."""
        self.stage, self.size = stage, size
        self.documents = self.bytes = self.failures = 0
        self._begun = monotonic()

    def add(self, size: int, *, failed: bool = False) -> None:
        """Count a document of ``size`` bytes."""
        self.documents += 1
        self.bytes += size
        self.failures += failed

    def line(self) -> str:
        """Return how things stand."""
        seconds = max(monotonic() - self._begun, 1e-3)
        done = min(self.bytes, self.size)
        share = f"{done / self.size:4.0%} " if self.size else ""
        parts = [
            f"{self.documents:,} documents",
            f"{self.bytes / 1e6:,.1f} of {self.size / 1e6:,.1f} MB",
            f"{self.documents / seconds:,.0f}/s",
        ]
        if done > _TELLING * self.size and seconds > 1:
            parts.append(f"{_clock(seconds * (self.size - done) / done)} left")
        if self.failures:
            parts.append(f"{self.failures:,} failed")
        return f"{self.stage}{': ' if self.stage else ''}{share}{', '.join(parts)}"


def _clock(seconds: float) -> str:
    """Return a time as people read it.

    >>> _clock(3725), _clock(59.6)
    ('1:02:05', '1:00')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def every(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Call ``act`` every so often, in a thread of its own, while the block runs."""
    stop = Event()

    def tick() -> None:
        while not stop.wait(seconds):
            act()

    thread = Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
