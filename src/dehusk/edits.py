"""Edits: what a finding asks to be done to a block, and how offsets move when it is done."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Drop:
    """Remove the whole block together with the white space that sets it apart."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Protect the block: no later rule may drop it."""


@dataclass(frozen=True, slots=True)
class Replace:
    """Put ``text`` in the place of the characters ``start`` to ``end`` of the block.

    Offsets count in ``block.text + block.tail``, so that white space between blocks can be edited too.
    """

    start: int
    end: int
    text: str


Edit = Drop | Keep | Replace


class Patch:
    """Replacements made to one string at once, able to carry offsets over them in both directions.

    Raises ValueError when two of the replacements overlap.
    """

    __slots__ = ("_ends", "_new_ends", "_new_starts", "_shifts", "_starts", "edits")

    def __init__(self, edits: Iterable[Replace]) -> None:
        self.edits = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
        self._starts = [edit.start for edit in self.edits]
        self._ends = [edit.end for edit in self.edits]
        if any(end > start for end, start in zip(self._ends, self._starts[1:], strict=False)):
            raise ValueError("overlapping replacements")
        growth = (len(edit.text) - (edit.end - edit.start) for edit in self.edits)
        self._shifts = list(accumulate(growth, initial=0))
        self._new_starts = [s + d for s, d in zip(self._starts, self._shifts, strict=False)]
        self._new_ends = [s + len(e.text) for s, e in zip(self._new_starts, self.edits, strict=True)]

    def apply(self, text: str) -> str:
        """Return ``text`` with every replacement made."""
        parts: list[str] = []
        at = 0
        for edit in self.edits:
            parts += text[at : edit.start], edit.text
            at = edit.end
        parts.append(text[at:])
        return "".join(parts)

    def forward(self, offset: int) -> int:
        """Return where the character at ``offset`` stands after the patch."""
        i = bisect_right(self._ends, offset)
        if i < len(self.edits) and self._starts[i] < offset:
            return min(self._new_starts[i] + offset - self._starts[i], self._new_ends[i])
        return offset + self._shifts[i]

    def backward(self, offset: int) -> int:
        """Return where the character now at ``offset`` stood before the patch."""
        i = bisect_left(self._new_ends, offset + 1)
        if i < len(self.edits) and self._new_starts[i] < offset:
            return min(self._starts[i] + offset - self._new_starts[i], self._ends[i])
        return offset - self._shifts[i]
