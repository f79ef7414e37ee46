"""The documents for readers say what the program does."""

import re
import tomllib
from pathlib import Path

import pytest

from dehusk.check.settings import KEYS
from dehusk.cli import check, clean, explain
from dehusk.rules import RULES
from dehusk.rules.reference import reference

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_rule_reference_is_made_of_the_rules() -> None:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    assert page == "\n".join(map(reference, RULES)), "run: make generate"


@pytest.mark.parametrize("command", [clean.command, explain.command], ids=lambda command: command.name)
def test_every_option_is_in_the_readme(command: object) -> None:
    for parameter in getattr(command, "params"):  # noqa: B009
        for name in parameter.opts:
            assert not name.startswith("-") or f"`{name}" in README, name


def test_every_option_of_the_linter_is_in_its_document() -> None:
    page = (ROOT / "docs/check.md").read_text("utf-8")
    for parameter in check.command.params:
        for name in parameter.opts:
            assert not name.startswith("-") or f"`{name}" in page, name


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
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/benchmarks.md",
        "docs/check.md",
        "examples/README.md",
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#]+)\)", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)):
        assert target.startswith("https://") or (page.parent / target).exists(), target
