"""What a task may take, and what is said of one that took more."""

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: ``seconds`` of time, and ``memory``, bytes beyond what a worker takes when ready.

    Without limits unless they are given.
    """

    seconds: float = inf
    memory: int | None = None
    tasks: int = 5000
    """After so many tasks a worker is replaced by a new one."""
    mapped: int = 0
    """Bytes of files that workers map into memory, which do not count."""


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer to a task."""

    reason: str
