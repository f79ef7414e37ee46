"""The model of text: what it knows of lines, what it says of them, and what it leaves alone."""

import re
from dataclasses import replace

import numpy as np
import pytest

import dehusk
from dehusk.model.lines import features, rows
from dehusk.model.text import GROUPS, load
from dehusk.readers.text import parse
from dehusk.rules.main_text import MainText

MENU = ["Skip to content", "Log in", "Subscribe", "Home", "News", "Weather", "Sport", "Business", "Opinion", "Search"]
PROSE = [
    "The harbour stayed closed on Monday for a third day in a row, after winds of more than 110 kilometres an hour "
    "tore two fishing boats from their moorings and threw them against the quay.",
    "The harbour master said that she had seen storms before, but none that stayed. She asked the islanders to fill "
    "their cupboards, and to keep their boats on the upper landing stage until the end of the week.",
    "Ferries will not sail before Wednesday. The bakery on the quay gave its bread away, and nobody left without a "
    "loaf, as the last ship with flour had come in on the evening before the storm.",
]
FOOT = [
    "Share", "Facebook", "Twitter", "Email", "Most read", "Bakery gives its bread away", "Council meets on the hill",
    "Ten umbrellas that last", "Newsletter", "Sign up for our newsletter", "About us", "Contact us", "Careers",
    "Terms of use", "Privacy policy", "Cookie settings", "© 2024 Harbour Press. All rights reserved.",
]  # fmt: skip
DUMP = "\n".join([*MENU, *PROSE, *FOOT, ""])


def removed(text: str, **options: str) -> list[str]:
    config = dehusk.Config(select=("main-text",), options={"main-text": options} if options else {})
    return [finding.text for finding in dehusk.clean(text, format="text", config=config).findings]


def test_menu_and_footer_of_a_dump_go_and_paragraphs_stay() -> None:
    gone = removed(DUMP)
    assert not set(gone) & set(PROSE)
    assert len(set(gone) & {*MENU, *FOOT}) >= 0.9 * len(MENU + FOOT)


@pytest.mark.parametrize("times", [10, 100, 1000])
def test_a_book_stays_with_or_without_a_menu(times: int) -> None:
    prose = [f"{number}. {paragraph}" for number in range(times) for paragraph in PROSE]
    gone = set(removed("\n".join([*MENU, *prose, *FOOT, ""])))
    assert len(gone & set(prose)) <= len(prose) // 100
    assert removed("\n".join(prose)) == []


def test_line_ends_do_not_matter() -> None:
    assert removed(DUMP.replace("\n", "\r\n")) == removed(DUMP)


@pytest.mark.parametrize("text", ["\n\n".join(PROSE), "\n".join([*PROSE, *FOOT[:5]]), "\n".join(MENU), ""])
def test_what_is_no_dump_is_left_alone(text: str) -> None:
    assert removed(text) == []


def test_what_is_favored_decides_how_much_goes() -> None:
    precision, balance, recall = (len(removed(DUMP, favor=favor)) for favor in ("precision", "balance", "recall"))
    assert precision >= balance >= recall


def test_favor_must_be_known() -> None:
    with pytest.raises(dehusk.ConfigError, match="'favor' of rule main-text must be one of precision, balance, recall"):
        dehusk.Config(options={"main-text": {"favor": "speed"}})


def test_findings_have_a_score_and_reasons_in_words() -> None:
    config = dehusk.Config(select=("main-text",))
    messages = [finding.message for finding in dehusk.clean(DUMP, format="text", config=config).findings]
    reason = "|".join(map(re.escape, GROUPS.values()))
    form = (
        rf"not main text: its score is 0\.\d\d, in this text it takes 0\.\d\d; mostly for ({reason})( and ({reason}))?"
    )
    assert messages
    assert [message for message in messages if not re.fullmatch(form, message)] == []


def test_code_in_a_dump_is_never_touched() -> None:
    code = "```\nhome = 1\nmenu = 2\n```"
    text = DUMP.replace(PROSE[1], f"{PROSE[1]}\n{code}")
    assert code not in removed(text)
    assert code in dehusk.clean(text, format="text").text


def test_every_feature_has_a_group_that_words_tell() -> None:
    model = load()
    names = dict(features(parse(DUMP), model.lines.vocabulary))
    assert {name.split("_", 1)[0] for name in names} == set(GROUPS)
    assert set(model.lines.features) == set(names)


@pytest.mark.parametrize("text", ["x", "…", "12", "東京は雨です。", "a\n\nb", "\ufeff\n", "مرحبا"])
def test_features_of_any_text_are_numbers(text: str) -> None:
    model = load()
    document = parse(text)
    table = rows(document, model.lines.vocabulary, model.lines.features)
    assert table.shape == (len(document.blocks), len(model.lines.features))
    assert np.isfinite(table).all()


def test_lines_are_judged_alike_each_time() -> None:
    document, model = parse(DUMP), load()
    first, second = ([f.message for f in MainText().judged(replace(document), model)] for _ in range(2))
    assert first == second


def test_a_list_longer_than_any_page_is_left_alone() -> None:
    lines = "".join(f"Gauge {number}\n" for number in range(50_001))
    assert dehusk.clean(lines).text == lines


def test_what_stands_above_already_is_not_kept_again() -> None:
    text = DUMP.replace(FOOT[0], f"{PROSE[0]}\n{FOOT[0]}")
    messages = [f.message for f in dehusk.clean(text, format="text").findings if f.text == PROSE[0]]
    assert messages == ["stands above already"]
