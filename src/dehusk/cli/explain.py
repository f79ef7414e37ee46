"""``dehusk explain PATH``: the document with what is removed, by which rule and why."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from dehusk.batch.discovery import Input
from dehusk.cli import EXIT_FAILED
from dehusk.cli.messages import console, error, printable
from dehusk.cli.options import Command, PathName, Session, option, shared
from dehusk.document import Document, Finding
from dehusk.errors import InputError
from dehusk.pipeline import run
from dehusk.rules import Rule

if TYPE_CHECKING:
    from rich.text import Text

# What stands before a block, and how it looks: for each action, the one that counts most first.
_SIGNS: Mapping[str, tuple[str, str]] = {
    "drop": ("-", "red"),
    "keep": ("+", "green"),
    "replace": ("~", "yellow"),
    "none": ("!", "cyan"),
}


@click.command("explain", cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=PathName())
@shared
@option("--removed", is_flag=True, group="Output", help="Show only what is removed or changed.")
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """Show each document with what is removed, by which rule and why.

    Lines begin with their number and a sign: - removed, ~ changed, + kept by a selector. Nothing is written.
    """
    if not options["paths"] and sys.stdin.isatty():
        raise click.UsageError("no input: name a file, or pipe a page in", ctx)
    screen = console(soft_wrap=True)
    session = Session(options)
    failed = False
    for item in session.inputs(options["paths"]):
        failed |= not _explain(screen, session, item, removed_only=options["removed"])
    ctx.exit(EXIT_FAILED if failed else 0)


def _explain(screen: Any, session: Session, item: Input, *, removed_only: bool) -> bool:
    try:
        original = session.read(item)
    except InputError as exception:
        error(f"{item.name}: {exception}")
        return False
    rules = session.config(item).active
    _, findings = run(original, rules)
    for line in _lines(original, findings, rules, removed_only=removed_only):
        screen.print(line)
    return True


def _lines(
    document: Document, findings: Sequence[Finding], rules: Iterable[Rule], *, removed_only: bool
) -> Iterator["Text"]:
    from rich.text import Text

    names = {rule.code: rule.name for rule in rules}
    by_block = {block: list(group) for block, group in groupby(findings, key=lambda finding: finding.block)}
    yield Text(_summary(document, findings), style="bold")
    yield Text()
    for block in document.blocks:
        found = by_block.get(block.index, [])
        actions = {finding.action for finding in found}
        sign, style = next((_SIGNS[action] for action in _SIGNS if action in actions), (" ", ""))
        if block.text and (found or not removed_only):
            line = f"{sign} {block.line:>5}  "
            text = printable(block.text).replace("\n", "\n" + " " * len(line))
            yield Text.assemble((line, style or "dim"), (text, "red strike" if sign == "-" else ""))
        for (code, message), times in Counter((finding.rule, finding.message) for finding in found).items():
            count = f" (×{times})" if times > 1 else ""
            yield Text.assemble(" " * 9, (f"{code} {names[code]}", "bold"), printable(f": {message}{count}"))


def _summary(document: Document, findings: Iterable[Finding]) -> str:
    total = sum(1 for block in document.blocks if block.text)
    removed = len({finding.block for finding in findings if finding.action == "drop" and finding.text})
    changed = len({finding.block for finding in findings if finding.action == "replace"})
    return printable(f"{document.name}: {removed} of {total} blocks removed, {changed} changed")
