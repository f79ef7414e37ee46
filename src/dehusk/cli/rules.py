"""``dehusk rules [RULE]...``: list the rules, or document some."""

import sys

import click

from dehusk.cli.messages import console
from dehusk.cli.options import Command, complete_rule
from dehusk.config import find_rule, known_rules, specificity
from dehusk.rules import RULES, Rule
from dehusk.rules.reference import reference


@click.command("rules", cls=Command)
@click.argument("selectors", metavar="[RULE]...", nargs=-1, shell_complete=complete_rule)
def command(selectors: tuple[str, ...]) -> None:
    """List the rules in the order in which they run, or document those with the given codes, prefixes or names.

    `dehusk rules ALL` documents every rule, in Markdown when piped.
    """
    chosen = [rule for rule in RULES if not selectors or any(specificity(s, rule) for s in selectors)]
    for selector in selectors:
        if not any(specificity(selector, rule) for rule in RULES):
            find_rule(selector, known_rules())
    if not selectors:
        _print_list(chosen)
    elif sys.stdout.isatty():
        from rich.markdown import Markdown

        screen = console()
        for rule in chosen:
            screen.print(Markdown(reference(rule)), "")
    else:
        click.echo("\n".join(map(reference, chosen)), nl=False)


def _print_list(rules: list[Rule]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("code", "name", "fix", "what it does"):
        table.add_column(heading, no_wrap=not sys.stdout.isatty())
    for rule in rules:
        table.add_row(rule.code, rule.name, "safe" if rule.safe else "removes", rule.summary())
    if sys.stdout.isatty():
        console().print(table)
        return
    page = console(width=160, color_system=None)
    with page.capture() as capture:
        page.print(table)
    for line in capture.get().splitlines():
        click.echo(line.rstrip())
