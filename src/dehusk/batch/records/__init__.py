"""Archives: files that hold many documents. ``ARCHIVES`` is the table of them; each module splits one into tasks.

Splitting is done by the parent process and is cheap; what costs time, such as parsing and decoding, is left to workers.
An archive that is damaged gives its records up to the damage, and then one that fails and says so.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from dehusk.batch.discovery import SUFFIXES, Input
from dehusk.errors import InputError
from dehusk.files import unreadable

if TYPE_CHECKING:
    from dehusk.batch.task import Task

ARCHIVES: Mapping[str, str] = {
    ".jsonl": "dehusk.batch.records.jsonl",
    ".jsonl.gz": "dehusk.batch.records.jsonl",
    ".jsonl.zst": "dehusk.batch.records.jsonl",
    ".ndjson": "dehusk.batch.records.jsonl",
    ".ndjson.gz": "dehusk.batch.records.jsonl",
    ".ndjson.zst": "dehusk.batch.records.jsonl",
    ".warc": "dehusk.batch.records.warc",
    ".warc.gz": "dehusk.batch.records.warc",
    ".wet": "dehusk.batch.records.warc",
    ".wet.gz": "dehusk.batch.records.warc",
    ".parquet": "dehusk.batch.records.parquet",
}
"""Ending of a file's name to the module whose ``split`` yields its records."""

ALL_SUFFIXES = (*SUFFIXES, *ARCHIVES)
"""What is taken from a folder; each also with ``.gz`` behind it."""

Splitter = Callable[[str, str], Iterator["Task"]]


def ending(path: str) -> str:
    """Return the ending by which a file is an archive, empty if it is none."""
    return next((suffix for suffix in sorted(ARCHIVES, key=len, reverse=True) if path.lower().endswith(suffix)), "")


def split(item: Input, field: str) -> Iterator["Task"]:
    """Yield a task for each record of an archive; ``field`` names the one with the text, empty for the usual ones.

    What cannot be read is a last task that fails.
    """
    from dehusk.batch.task import Task, Trouble

    try:
        splitter: Splitter = import_module(ARCHIVES[ending(item.path)]).split
        empty = True
        for task in splitter(item.path, field):
            empty = False
            yield task
        if empty:
            yield Task(item.name, Trouble("is empty; there is nothing to clean"))
    except InputError as error:
        yield Task(item.name, Trouble(str(error)))
    except OSError as error:
        yield Task(item.name, Trouble(str(unreadable(error))))
