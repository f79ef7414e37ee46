"""The forms of output: each a function from reports to pieces of text. ``FORMATS`` is the table of them.

All but ``sarif`` and ``junit`` write as they go, so that any number of findings takes little memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module

from dehusk.linter.report import FileReport

Write = Callable[[Iterable[FileReport]], Iterator[str]]

FORMATS: Mapping[str, str] = {
    "full": "dehusk.linter.formats.full",
    "concise": "dehusk.linter.formats.concise",
    "json": "dehusk.linter.formats.json",
    "jsonl": "dehusk.linter.formats.jsonl",
    "github": "dehusk.linter.formats.github",
    "sarif": "dehusk.linter.formats.sarif",
    "junit": "dehusk.linter.formats.junit",
}
"""Name to the module whose ``write`` makes it. Loaded when first used."""


def writer(name: str) -> Write:
    """Return the function that writes a format."""
    write: Write = import_module(FORMATS[name]).write
    return write
