"""Plain text to blocks: nothing is lost, and paragraphs are told apart as a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dehusk
from dehusk.readers.text import parse

LINES = st.lists(
    st.sampled_from(
        [
            "",
            " ",
            "\t",
            "word",
            "A line of some words.",
            "    indented",
            "```",
            "~~~",
            "# Heading",
            "- item",
            "1. item",
            "x" * 70 + " y",
            "\u00a0",
            "\u200b",
            "\ufeff",
            "a\x0cb",
            "\x0b",
            "  two  spaces  ",
            "日本語のテキスト。",
        ]
    ),
    max_size=12,
)


@given(LINES, st.lists(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]), min_size=12, max_size=12), st.booleans())
def test_texts_and_tails_give_back_the_source(lines: list[str], ends: list[str], final: bool) -> None:
    source = "".join(line + end for line, end in zip(lines, ends, strict=False))
    source = source if final else source.rstrip("\r\n")
    document = parse(source)
    assert "".join(block.text + block.tail for block in document.blocks) == source
    for block in document.blocks:
        assert source[slice(*block.span)] == block.text
        assert document.place(block.span[0])[0] == block.line


@given(st.text())
def test_any_text_is_given_back(source: str) -> None:
    assert "".join(block.text + block.tail for block in parse(source).blocks) == source


def texts(source: str) -> list[str]:
    return [block.text for block in parse(source).blocks]


def test_blank_lines_set_paragraphs_apart() -> None:
    assert texts("One.\n\nTwo.\n \t\nThree.\n") == ["One.", "Two.", "Three."]


def test_lines_without_blank_lines_are_paragraphs() -> None:
    assert texts("A first paragraph that says something.\nBy Jane\nAnother one.\n") == [
        "A first paragraph that says something.",
        "By Jane",
        "Another one.",
    ]


HARD_WRAPPED = """\
It was a bright cold day in the harbour, and the boats lay so low in
the water that the gulls walked over them from one quay to the other.
Nobody spoke of the storm.

The second paragraph is wrapped at the same width as the first, which
is how mail and old books are set, and how it was done on terminals.
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_hard_wrapped_lines_are_joined(end: str) -> None:
    source = HARD_WRAPPED.replace("\n", end)
    first, second = source.split(end * 2)
    assert texts(source) == [first, second.rstrip()]


def test_title_and_byline_above_hard_wrapped_text_stay_apart() -> None:
    title = "A Bright Cold Day in the Harbour\nBy Jane Smith\n\n"
    assert texts(title + HARD_WRAPPED)[:2] == ["A Bright Cold Day in the Harbour", "By Jane Smith"]


def test_verse_and_lists_are_not_joined() -> None:
    verse = "The rain it raineth every day\nupon the just and unjust man,\nbut chiefly on the just, because\n"
    assert len(texts(verse)) == 3
    assert texts("- one\n- two\n1. three\n") == ["- one", "- two", "1. three"]


@pytest.mark.parametrize("fence", ["```", "~~~~", "   ```"])
def test_fenced_code_is_one_block(fence: str) -> None:
    code = f"{fence}python\ndef f():\n\n    return 1\n{fence}"
    document = parse(f"Text.\n\n{code}\n\nMore.\n")
    assert [(block.kind, block.text) for block in document.blocks][1] == ("code", code)


def test_a_fence_that_is_never_closed_is_no_fence() -> None:
    assert [block.kind for block in parse("Text.\n\n```\nMore.\n\nLeave a Reply\n").blocks] == ["paragraph"] * 4


def test_indented_lines_between_paragraphs_are_code() -> None:
    kinds = [block.kind for block in parse("Text.\n\n    a = 1\n    b = 2\n\nMore.\n").blocks]
    assert kinds == ["paragraph", "code", "paragraph"]


def test_headings_have_a_level() -> None:
    assert [(block.kind, block.level) for block in parse("## Two\n\nText\n").blocks] == [
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_lists_that_are_indented_are_no_code() -> None:
    source = "    Services\n\n    • Boats for hire\n\n      By the hour or by the day.\n\n    • Nets\n    • Sails\n"
    assert [block.kind for block in parse(source).blocks] == ["paragraph", "item", "paragraph", "item", "item"]
    assert [block.kind for block in parse("    nets = 2\n\n    - boats\n    sails = 3\n").blocks] == ["code"]


@pytest.mark.parametrize(
    ("text", "prose", "truncated"),
    [
        ("「船がなくなれば、この町は半分になってしまうような気がする。」", True, False),
        ("渡船每天早上六点开（冬天七点），一直开到晚上最后一个人回家（雨天也一样。）", True, False),
        ("小城的渡船还要再开五年，议员们在星期二的晚上这样决定，理由如下：", True, False),
        ("小城的渡船还要再开五年，议员们在星期二的晚上这样决定", False, False),
        ("「船がなくなれば、この町は半分になってしまうような気が…」", False, True),
    ],
)
def test_prose_without_spaces(text: str, prose: bool, truncated: bool) -> None:
    (block,) = parse(text).blocks
    assert (block.prose, block.truncated) == (prose, truncated)


FRONT = "---\ntitle: Rain\nauthor: Jane Smith\n\ntags: [wind]\n---\n"


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        (f"{FRONT}\n# Rain\n\nBy Jane Smith\n", ["code", "heading", "paragraph"]),
        (f"{FRONT}Rain.\n", ["code", "paragraph"]),
        (FRONT.replace("\n", "\r\n"), ["code"]),
        ("---\ntitle: Rain\n", ["paragraph", "paragraph"]),
        ("---\nRain fell.\n---\n", ["paragraph", "paragraph", "paragraph"]),
        ("Rain.\n---\ntitle: Rain\n---\n", ["paragraph"] * 4),
    ],
)
def test_what_markdown_says_of_itself_in_front_is_no_text(source: str, kinds: list[str]) -> None:
    document = parse(source)
    assert [block.kind for block in document.blocks] == kinds
    assert "".join(block.text + block.tail for block in document.blocks) == source
    if kinds[0] == "code":
        assert dehusk.clean(source, format="text").text.startswith(
            FRONT.replace("\n", "\r\n" if "\r" in source else "\n").strip()
        )
