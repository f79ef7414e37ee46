"""The documents for readers say what the program does."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from dehusk.cli import check, clean, explain
from dehusk.linter.settings import KEYS
from dehusk.rules import RULES
from dehusk.rules.reference import reference

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_rule_reference_is_made_of_the_rules() -> None:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    assert page == "\n".join(map(reference, RULES)), "run: make generate"


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("-")}


def rows(page: str) -> set[str]:
    """Return the options in the first column of a page's tables."""
    cells = re.findall(r"^\| (`-.*?) \|", page, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", cell)}


def test_the_readme_has_the_options_that_there_are_each_in_a_row() -> None:
    general = {"-h", "--help", "--version"}
    assert rows(README) == options(clean.command) | options(explain.command) | general


def test_the_document_of_the_linter_has_the_options_that_there_are_each_in_a_row() -> None:
    assert rows((ROOT / "docs/check.md").read_text("utf-8")) == options(check.command)


def test_every_setting_of_the_linter_is_in_its_document() -> None:
    page = (ROOT / "docs/check.md").read_text("utf-8")
    (table,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert set(tomllib.loads(table)["check"]) == set(KEYS)


def test_the_checks_run_the_command_that_the_readme_gives() -> None:
    (command,) = re.findall(r"^    (python3 -m venv .*pytest)$", README, re.MULTILINE)
    assert command in (ROOT / ".ci/run").read_text("utf-8")


def test_the_filter_in_the_readme_is_the_example() -> None:
    (code,) = re.findall(r"```python\n(@dataclass.*?)```", README, re.DOTALL)
    assert code in (ROOT / "examples/own_filter.py").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        path.relative_to(ROOT)
        for folder in (".", "docs", "examples", "training")
        for path in (ROOT / folder).glob("*.md")
    ],
    ids=str,
)
def test_links_lead_somewhere(name: Path) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)\)", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)):
        assert target.startswith("https://") or (page.parent / target).exists(), target
