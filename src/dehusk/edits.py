"""Edits: what a finding asks to be done to a block, and how offsets move when it is done."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter


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
        self.edits = tuple(sorted(edits, key=attrgetter("start", "end")))
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._new_starts: list[int] = []
        self._new_ends: list[int] = []
        self._shifts = [0]
        at = shift = 0
        for edit in self.edits:
            if edit.start < at:
                raise ValueError("overlapping replacements")
            at = edit.end
            self._starts.append(edit.start)
            self._ends.append(at)
            self._new_starts.append(edit.start + shift)
            self._new_ends.append(edit.start + shift + len(edit.text))
            shift += len(edit.text) - (at - edit.start)
            self._shifts.append(shift)

    @property
    def growth(self) -> int:
        """How many characters there are more after the patch."""
        return self._shifts[-1]

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
