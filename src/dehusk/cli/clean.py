"""``dehusk [PATH]...``: clean pages and texts."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dehusk.batch.discovery import STDIN, Input
from dehusk.batch.output import check_not_input, write
from dehusk.cli import EXIT_FAILED
from dehusk.cli.batch import batch_options, clean_batch, is_batch
from dehusk.cli.messages import error, printable
from dehusk.cli.options import Command, Session, option, shared
from dehusk.document import Document
from dehusk.errors import InputError, OutputError
from dehusk.pipeline import run
from dehusk.writers import WRITERS, Output


@click.command("clean", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
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
    type=click.Path(),
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
    writer = WRITERS[options["writer"]]
    output = options["output"]
    if output and output != STDIN:
        return _to_file(session, inputs, writer, Path(output))
    if options["writer"] == "json" and len(inputs) > 1:
        raise OutputError(f"{len(inputs)} documents are not one JSON object; use -f jsonl, or -o with a folder")
    return _to_stdout(session, inputs, writer)


def _to_stdout(session: Session, inputs: list[Input], writer: Output) -> int:
    terminal = sys.stdout.isatty()
    failed, first = False, True
    for item in inputs:
        text, ok = _cleaned(session, item, writer)
        failed |= not ok
        if text:
            joined = text if first else writer.separator + text
            first = False
            data = (printable(joined) if terminal else joined).encode("utf-8", "replace")
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    return EXIT_FAILED if failed else 0


def _to_file(session: Session, inputs: list[Input], writer: Output, path: Path) -> int:
    for item in inputs:
        check_not_input(item, path)
    results = [_cleaned(session, item, writer) for item in inputs]
    text = "".join(text for text, _ in results)
    if text:
        write(path, text.encode("utf-8", "replace"))
    return 0 if all(ok for _, ok in results) else EXIT_FAILED


def _cleaned(session: Session, item: Input, writer: Output) -> tuple[str, bool]:
    """Return what to write for one input, and whether all went well; what did not is said on standard error."""
    try:
        original = session.read(item)
    except InputError as exception:
        error(f"{item.name}: {exception}")
        return "", False
    document, findings = run(original, session.config(item).active)
    document = replace(document, findings=findings)
    if document.is_empty:
        error(f"{item.name}: {_why_empty(original, item)}")
    text = "" if document.is_empty and writer.is_text else writer.write(document)
    return text, not document.is_empty


def _command_like(path: str) -> str:
    """Return the command that was perhaps misspelt when a path leads to no file; an empty string if there is none."""
    from difflib import get_close_matches

    from dehusk.cli.app import COMMANDS

    if path == STDIN or os.path.lexists(path):
        return ""
    return next(iter(get_close_matches(path, COMMANDS, n=1)), "")


def _why_empty(original: Document, item: Input) -> str:
    if original.is_empty:
        return "there is no text in it"
    path = item.path if item.path != STDIN else "FILE"
    return f"nothing was kept, as all of it is husk to some rule; see 'dehusk explain {path}'"
