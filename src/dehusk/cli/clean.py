"""``dehusk [PATH]...``: clean pages and texts."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from dehusk.batch.cleaning import Cleaning, Result
from dehusk.batch.discovery import Input
from dehusk.batch.output import Outputs
from dehusk.batch.task import Task, source_of
from dehusk.cli import EXIT_FAILED
from dehusk.cli.batch import batch_options, clean_batch, is_batch
from dehusk.cli.messages import Stdout, error
from dehusk.cli.options import Command, PathName, Session, option, shared
from dehusk.errors import InputError, OutputError
from dehusk.files import STDIN, write
from dehusk.writers import WRITERS


@click.command("clean", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PathName())
@shared
@option(
    "-f",
    "--format",
    "writer",
    type=click.Choice(list(WRITERS)),
    help="Form of the output.  [default: text]",
    default="text",
    group="Output",
)
@option(
    "-o",
    "--output",
    type=PathName(),
    metavar="PATH",
    group="Output",
    help="Write to a file, into a folder (many inputs, or a name that ends in /), or records to .jsonl, .jsonl.gz, "
    ".jsonl.zst or .parquet.",
)
@batch_options
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Clean pages and texts; standard input when piped and no PATH is given."""
    if not options["paths"] and not options["files_from"] and sys.stdin.isatty():
        raise click.UsageError("no input: name a file or a folder, or pipe a page in", ctx)
    if options["paths"] and (meant := _command_like(options["paths"][0])):
        raise click.UsageError(f"{options['paths'][0]}: no such file; did you mean 'dehusk {meant}'?", ctx)
    session = Session(options)
    if is_batch(options):
        ctx.exit(clean_batch(session, options))
    ctx.exit(_clean(session, session.inputs(options["paths"]), options))


def _clean(session: Session, inputs: list[Input], options: Mapping[str, Any]) -> int:
    put: Callable[[bytes], None]
    if options["output"] and options["output"] != STDIN:
        path = Path(options["output"])
        replaced = Outputs([path])
        for item in inputs:
            replaced.check_not_input(item)
        put = partial(write, path)
    elif options["writer"] == "json" and len(inputs) > 1:
        raise OutputError(f"{len(inputs)} documents are not one JSON object; use -f jsonl, or -o with a folder")
    else:
        put = Stdout(WRITERS[options["writer"]].separator)
    failed = False
    for item in inputs:
        cleaning = Cleaning((session.config(item).active,), session.reading(), options["writer"])
        result = _cleaned(cleaning, item)
        if result.reason:
            error(f"{item.name}: {result.reason}")
            failed = True
        if result.output:
            put(result.output)
    return EXIT_FAILED if failed else 0


def _cleaned(cleaning: Cleaning, item: Input) -> Result:
    try:
        source = source_of(item)
        data = source.data()
    except InputError as reason:
        return Result("failed", str(reason))
    return cleaning.clean(Task(item.name, source), data)


def _command_like(path: str) -> str:
    """Return the command that was perhaps misspelt when a path leads to no file; an empty string if there is none."""
    from difflib import get_close_matches

    from dehusk.cli.app import COMMANDS

    if path == STDIN or os.path.lexists(path):
        return ""
    return next(iter(get_close_matches(path, COMMANDS, n=1)), "")
