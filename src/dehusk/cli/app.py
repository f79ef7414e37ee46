"""The program: a group of commands of which ``clean`` needs no name, so that ``curl … | dehusk`` works."""

from importlib import import_module
from typing import TYPE_CHECKING

import click

from dehusk import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "check": "report husk in text files, or fix it: the linter for corpora",
    "explain": "show what is removed, by which rule and why",
    "rules": "list the rules, or document some",
}
"""The commands with a name, and what they do; each has the module of its name in this package."""

_EXAMPLES = """\
  curl -s https://example.org/ | dehusk       clean a page from a pipe
  dehusk page.html -f markdown -o page.md     write a file, whole or not at all
  dehusk corpus/ -o clean/                    clean a folder; again, to go on
  dehusk crawl.warc.gz -o pages.jsonl.zst     clean an archive into records
  dehusk explain page.html                    see what goes, and why
  dehusk check corpus/                        report what husk is in text files"""


class App(click.Group):
    """Hands everything that does not begin with a command's name to ``clean``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: D102
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: D102
        if cmd_name not in COMMANDS and cmd_name != "clean":
            return None
        command: click.Command = import_module(f"dehusk.cli.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:  # noqa: D102
        completing = ctx.resilient_parsing and not args
        if not completing and args[:1] not in ([name] for name in (*COMMANDS, "-h", "--help", "--version")):
            args = ["clean", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem"]:
        """Offer the commands, and what ``clean`` offers: options and files."""
        clean = self.get_command(ctx, "clean")
        assert clean is not None  # noqa: S101
        inner = click.Context(clean, parent=ctx, info_name="clean", resilient_parsing=True)
        offers = {item.value: item for item in super().shell_complete(ctx, incomplete)}
        offers |= {item.value: item for item in clean.shell_complete(inner, incomplete)}
        if incomplete.startswith("-"):
            return list(offers.values())
        return [*offers.values(), *click.Path().shell_complete(ctx, clean.params[0], incomplete)]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of ``clean``, the other commands, and examples."""
        clean = self.get_command(ctx, "clean")
        assert clean is not None  # noqa: S101
        formatter.write_usage("dehusk", "[OPTIONS] [PATH]...")
        formatter.write_usage("dehusk", "COMMAND ...", prefix="       ")
        formatter.write_paragraph()
        formatter.write_text("Strip the husk from web text: pages or extracted text in, clean text out.")
        clean.format_options(click.Context(clean, info_name="dehusk", help_option_names=["-h", "--help"]), formatter)
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        with formatter.section("Examples"):
            formatter.write(_EXAMPLES + "\n")
        with formatter.section("Exit codes"):
            formatter.write("  0 all cleaned, 1 an input failed or kept nothing, 2 wrong usage or configuration\n")


@click.group(cls=App, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dehusk")
def app() -> None:
    """Strip the husk from web text."""
