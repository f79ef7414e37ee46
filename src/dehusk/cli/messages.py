"""What goes to standard error."""

import click

from dehusk.printable import printable

__all__ = ["error", "printable"]


def error(text: str) -> None:
    """Print one line about what went wrong."""
    click.echo(f"{click.style('dehusk:', bold=True)} {printable(text)}", err=True)
