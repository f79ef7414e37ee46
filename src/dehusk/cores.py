"""How many processes can work at once; apart from :mod:`dehusk.workers`, which takes a while to load."""

import os


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
