"""What goes to standard error, and documents on standard output."""

import sys

import click

from dehusk.printable import printable

__all__ = ["Stdout", "error", "printable"]


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
