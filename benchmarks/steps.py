"""Where dehusk's time goes: how long each step of cleaning a page takes.

While a page is cleaned, the functions in ``STAGES`` and the ``check`` of every active rule are replaced by ones that
stop the time and call them. The time of a step is its own: that of a step inside another one counts for the inner one
only, whose name then begins with that of the outer. What a rule is the first to ask of a block, such as how many
words it has, counts for that rule.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from time import perf_counter
from types import GeneratorType
from typing import Any
from unittest.mock import patch

from extractors import DEHUSK, call

import dehusk

STAGES: Mapping[str, tuple[str, str]] = {
    "decoding": ("dehusk.readers.encoding", "decode"),
    "reading to blocks": ("dehusk.readers.html", "parse"),
    "tree": ("dehusk.readers.html", "_tree"),
    "metadata": ("dehusk.readers.html", "read_metadata"),
    "columns": ("dehusk.model.page", "columns"),
    "features": ("dehusk.model.page", "matrix"),
    "applying edits": ("dehusk.pipeline", "apply"),
    "writing": ("dehusk.writers.text", "write"),
}
"""Steps beside the rules, and parts of steps and of rules: the module that looks a function up, and its name there."""

REST = "the rest"
"""The step that all others are in: looking at the bytes, placing and sorting findings, stopping the time."""


class Clock:
    """Adds up the seconds that steps take, each less what the steps inside it take.

    >>> clock = Clock()
    >>> with clock.step("all"), clock.step("rule"), clock.step("tree"):
    ...     pass
    >>> sorted(clock.seconds)
    ['all', 'rule', 'rule: tree']
    """

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._names: list[str] = []
        self._inner = [0.0]  # for each open step, what the steps inside it took

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Stop the time of what happens inside. All steps stand in the first, whose name is not repeated."""
        self._names.append(name)
        label = ": ".join(self._names[1:]) or name
        self._inner.append(0.0)
        start = perf_counter()
        try:
            yield
        finally:
            seconds = perf_counter() - start
            self.seconds[label] += seconds - self._inner.pop()
            self._inner[-1] += seconds
            self._names.pop()


def clocked(clock: Clock, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` as a step: what it yields, if it is a generator, is asked for at once."""

    def step(*arguments: Any, **options: Any) -> Any:
        with clock.step(name):
            result = function(*arguments, **options)
            return iter(tuple(result)) if isinstance(result, GeneratorType) else result

    return step


def steps(html: bytes) -> Mapping[str, float]:
    """Return how many milliseconds each step takes as dehusk's default rules clean a page.

    >>> made = steps(b"<p>Rain is expected.</p><p>Leave a Reply</p>")
    >>> {"decoding", "reading to blocks: tree", "C001 comment-prompt", "writing"} <= made.keys()
    True
    """
    clock = Clock()
    functions: list[tuple[Any, str, str]] = [
        (import_module(module), function, name) for name, (module, function) in STAGES.items()
    ]
    functions += [(type(rule), "check", f"{rule.code} {rule.name}") for rule in dehusk.Config().active]
    replacements = [(owner, at, clocked(clock, name, getattr(owner, at))) for owner, at, name in functions]
    with ExitStack() as stack:
        for owner, at, replacement in replacements:
            stack.enter_context(patch.object(owner, at, replacement))
        with clock.step(REST):
            call(DEHUSK, html)
    return {name: seconds * 1000 for name, seconds in clock.seconds.items()}
