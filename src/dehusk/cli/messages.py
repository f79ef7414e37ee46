"""What goes to standard error, and documents on standard output."""

import sys
from typing import TYPE_CHECKING, Any

import click

from dehusk.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Stdout", "console", "error", "printable"]


def console(*, err: bool = False, **options: Any) -> "Console":
    """Return a console of rich that prints what it is given, and no signs or colours for words in it."""
    from rich.console import Console

    return Console(stderr=err, highlight=False, markup=False, emoji=False, **options)


def error(text: str) -> None:
    """Print one line about what went wrong."""
    click.echo(f"{click.style('dehusk:', bold=True)} {printable(text)}", err=True)


class Stdout:
    """Writes documents to standard output, with a separator between them, and nothing a terminal would obey."""

    def __init__(self, separator: str) -> None:
        self._separator = ""
        self._next = separator
        self._terminal = sys.stdout.isatty()

    def __call__(self, data: bytes) -> None:
        """Write a document."""
        text = self._separator.encode() + data
        if self._terminal:
            text = printable(text.decode("utf-8", "replace")).encode("utf-8", "replace")
        sys.stdout.buffer.write(text)
        sys.stdout.buffer.flush()
        self._separator = self._next
