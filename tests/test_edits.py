"""Replacements and the offsets they move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dehusk.edits import Patch, Replace


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Replace]]:
    text = draw(st.text(alphabet="abcd ", max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [Replace(start, end, draw(st.text(alphabet="XY", max_size=3))) for start, end in spans]


@given(texts_and_edits())
def test_apply_replaces_the_spans_and_nothing_else(case: tuple[str, list[Replace]]) -> None:
    text, edits = case
    patched = Patch(edits).apply(text)
    expected = text
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end))[::-1]:
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    assert patched == expected


@given(texts_and_edits())
def test_characters_that_stay_keep_their_offsets(case: tuple[str, list[Replace]]) -> None:
    text, edits = case
    patch = Patch(edits)
    patched = patch.apply(text)
    touched = {i for edit in edits for i in range(edit.start, edit.end)}
    for offset in set(range(len(text))) - touched:
        moved = patch.forward(offset)
        assert patched[moved] == text[offset]
        assert patch.backward(moved) == offset


@given(texts_and_edits())
def test_offsets_never_leave_the_text(case: tuple[str, list[Replace]]) -> None:
    text, edits = case
    patch = Patch(edits)
    patched = patch.apply(text)
    assert all(0 <= patch.forward(offset) <= len(patched) for offset in range(len(text) + 1))
    assert all(0 <= patch.backward(offset) <= len(text) for offset in range(len(patched) + 1))


def test_overlapping_replacements_are_refused() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        Patch([Replace(0, 3, "x"), Replace(2, 4, "y")])
