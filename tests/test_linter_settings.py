"""The rules that the linter runs on a file."""

from pathlib import Path

import pytest

from dehusk import Config
from dehusk.linter.settings import Settings


@pytest.mark.parametrize(
    ("config", "runs"),
    [
        (Config(), False),
        (Config(ignore=("W",)), False),
        (Config(select=("ALL",)), True),
        (Config(select=("M004",)), True),
        (Config(extend=("main-text",)), True),
        (Config(extend=("readability",)), False),
        (Config(extend=("main-text",), ignore=("main-text",)), False),
    ],
)
def test_the_rule_that_judges_whole_texts_runs_only_if_it_is_selected(config: Config, *, runs: bool) -> None:
    rules = Settings(config).rules(Path("/corpus/a.txt"))
    assert ("main-text" in [rule.name for rule in rules]) is runs
