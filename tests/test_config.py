"""Which rules run, with which options, and what is said of configurations that make no sense."""

from dataclasses import fields
from math import inf
from pathlib import Path

import pytest

from dehusk import Config, ConfigError
from dehusk.config import find, find_in, load, parse_setting
from dehusk.rules import RULES
from dehusk.rules.related import Related


def codes(config: Config) -> list[str]:
    return [rule.code for rule in config.active]


def test_all_default_rules_run_in_order() -> None:
    assert codes(Config()) == [rule.code for rule in RULES if rule.default]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (("W00",), (), {"W001", "W002", "W003", "W004", "W005", "W006"}),
        (("related", "W006"), (), {"R001", "W006"}),
        (("w",), ("W0",), set()),
        (("W006",), ("W",), {"W006"}),
        (("W", "B"), ("W", "byline"), {"B002", "B003"}),
        (("ALL",), ("U", "W", "M", "D", "S", "N", "B", "G", "P", "L", "O", "T", "E"), {"C001", "R001"}),
        ((), ("ALL",), set()),
    ],
)  # fmt: skip
def test_the_most_specific_selector_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], expected: set[str]
) -> None:
    assert set(codes(Config(select, ignore))) == expected


def related(config: Config) -> Related:
    return next(rule for rule in config.active if isinstance(rule, Related))


def test_options_are_fields_of_the_rule() -> None:
    config = Config(options={"related": {"max-words": 9, "phrases": ["see the shop"]}})
    assert (related(config).max_words, related(config).phrases) == (9, ("see the shop",))
    assert related(Config(options={"R001": {"max_words": 9}})).max_words == 9


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"selct": ["B"]}, "unknown key 'selct'; did you mean 'select'?"),
        ({"select": ["B9"]}, "there is no rule 'B9'"),
        ({"select": ["bylin"]}, "there is no rule 'bylin'; did you mean 'byline'?"),
        ({"select": "B"}, "'select' must be a list of texts"),
        ({"rules": {"relatd": {}}}, "there is no rule 'relatd'; did you mean 'related'?"),
        ({"rules": {"related": {"max-word": 1}}}, "no option 'max-word'; did you mean 'max-words'?"),
        ({"rules": {"related": {"max-words": "x"}}}, "'rules.related.max-words' must be a whole number"),
        ({"rules": {"related": {"max-words": True}}}, "must be a whole number"),
        ({"rules": {"related": 3}}, "'rules.related' must be a table"),
        ({"rules": {"blank-lines": {"max-blank": -1}}}, "'rules.blank-lines.max-blank' must be at least 0, not -1"),
        ({"rules": {"menu": {"fewest": 0}}}, "'rules.menu.fewest' must be at least 1, not 0"),
        ({"rules": {"over-removal": {"max-share": 1.5}}}, "must be between 0 and 1, not 1.5"),
        ({"rules": {"over-removal": {"prose": -1}}}, "must be between 0 and 1, not -1"),
        ({"rules": {"related": {"max-share": float("nan")}}}, "must be between 0 and 1, not nan"),
        ({"rules": {"mojibake": {"x": 1}}}, "rule mojibake has no option 'x'; it has none"),
        ({"rules": {"selectors": {"drop": ["p["]}}}, "'p[' is not a CSS selector"),
        ({"rules": {"selectors": {"hosts": {"a.org": {"cut": []}}}}}, "takes 'drop' and 'keep'"),
        ({"rules": {"selectors": {"hosts": {"a.org": {"drop": 5}}}}}, "'drop' and 'keep', each a list of selectors"),
        ({"rules": {"selectors": {"hosts": {"a.org": {"keep": ".promo"}}}}}, "each a list of selectors"),
        ({"rules": {"selectors": {"hosts": {"a.org": {"keep": [[]]}}}}}, "each a list of selectors"),
        ({"rules": {"selectors": {"hosts": {"a.org": ["p"]}}}}, "each a list of selectors"),
    ],
)
def test_mistakes_are_named_with_where_they_are(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as error:
        Config().updated(table, source="dehusk.toml")
    assert str(error.value).startswith("dehusk.toml: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_every_number_has_bounds_that_its_default_keeps() -> None:
    for rule in RULES:
        for item in fields(rule):
            value = getattr(rule, item.name)
            if isinstance(value, int | float):
                least, most = item.metadata["bounds"]
                assert least <= value <= most, (rule.name, item.name)
                assert isinstance(value, int) or most < inf, (rule.name, item.name)


def test_a_later_select_replaces_and_a_later_ignore_adds() -> None:
    file = Config().updated({"select": ["W", "B"], "ignore": ["W006"]}, source="file")
    assert codes(file.updated({"ignore": ["B"]}, source="line")) == ["W001", "W002", "W003", "W004", "W005"]
    assert codes(file.updated({"select": ["W006"]}, source="line")) == ["W006"]


def test_a_later_select_also_replaces_what_was_added_to_an_earlier_one() -> None:
    file = Config().updated({"select": ["B"], "extend-select": ["M002"]}, source="file")
    assert codes(file) == ["M002", "B001", "B002", "B003"]
    assert codes(file.updated({"select": ["W001"]}, source="line")) == ["W001"]
    assert set(codes(file.updated({"select": ["W001"], "extend-select": ["C"]}, source="line"))) == {"C001", "W001"}
    assert set(codes(file.updated({"extend-select": ["C"]}, source="line"))) == {*codes(file), "C001"}


def test_options_of_one_rule_are_merged_whatever_it_is_called() -> None:
    config = Config().updated({"rules": {"R001": {"max-words": 9}}}, source="file")
    config = config.updated(parse_setting("rules.related.max-blocks = 3"), source="line")
    assert (related(config).max_words, related(config).max_blocks) == (9, 3)


def test_the_closest_file_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "dehusk.toml").write_text('select = ["W"]')
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert find(inner) == tmp_path / "dehusk.toml"
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.dehusk]\nselect = ["B"]\n')
    assert find(inner) == tmp_path / "a" / "pyproject.toml"
    assert codes(load(tmp_path / "a" / "pyproject.toml")) == ["B001", "B002", "B003"]
    (tmp_path / "a" / "dehusk.toml").write_text("")
    assert find(inner) == tmp_path / "a" / "dehusk.toml"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("dehusk.toml", "select = [", "not valid TOML"),
        ("dehusk.toml", "select = " + "[" * 5000, "not valid TOML"),
        ("pyproject.toml", "[tool]\ndehusk = 5 # tool.dehusk", "'dehusk' must be a table, not 5"),
        ("pyproject.toml", 'tool = "tool.dehusk"', "'tool' must be a table, not 'tool.dehusk'"),
    ],
)
def test_a_broken_file_is_named(name: str, text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    for read in (find, load) if name == "pyproject.toml" else (load,):
        with pytest.raises(ConfigError) as error:
            read(tmp_path if read is find else tmp_path / name)
        assert str(error.value).startswith(f"{tmp_path / name}: {message}")
        assert "\n" not in str(error.value)


def test_rules_of_ones_own_run_before_white_space_is_mended() -> None:
    from tests.test_pipeline import Mark

    mine = Mark(wanted="x")
    active = Config(extra=(mine,)).active
    assert [rule.code for rule in active[active.index(mine) :]] == ["T001", *(f"W00{i}" for i in range(2, 7))]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'[tool]\ndehusk = {ignore = ["C"]}\n', True),
        (b'[project]\nname = "dehusk-corpus"\n', False),
        (b'[project]\nname = "\xff"\n', False),
    ],
)
def test_what_a_project_says_of_dehusk(content: bytes, found: bool, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert (find_in(tmp_path) is not None) is found
