"""What there is to tell a page's author and date by, gathered from its head, its markup and its visible text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice, pairwise

from dehusk.document import Block, Element
from dehusk.readers.metadata.classes import Role, role_of
from dehusk.readers.metadata.head import Head, Hint, HintKind, Source
from dehusk.readers.metadata.linked_data import DISCUSSIONS, LinkedData
from dehusk.readers.metadata.place import announcing, is_aside, is_block_aside, near, surroundings, title_position
from dehusk.readers.metadata.text import folded

_LISTED = 3  # a page that is no article and names so many different authors or days lists articles

_MOST = 8  # elements of one kind that are looked at
_INNERMOST = 4  # elements around a block whose classes tell what it holds
_SHORT = 120  # characters of a text that may be a byline
_BELOW = 100  # blocks below the title that may have such classes, and blocks above it
_ABOVE = 12
_MARKS = 20  # inline elements of a block that are looked at


@dataclass(frozen=True)
class Evidence:
    """A page, as far as it says who wrote it and when."""

    head: Head
    data: LinkedData
    blocks: Sequence[Block]
    title: str
    url: str
    site: str

    @cached_property
    def is_article(self) -> bool:
        """Whether the page calls itself a piece of writing."""
        return bool(self.data.writings) or self.head.is_article

    @cached_property
    def is_other(self) -> bool:
        """Whether the page calls itself something that has no author, and nothing that has one."""
        return self.data.is_other and not self.is_article

    @cached_property
    def is_discussion(self) -> bool:
        """Whether the page calls itself a discussion, or calls itself nothing and shows the names of several users."""
        if self.data.is_discussion or not DISCUSSIONS.isdisjoint(self.head.things):
            return True
        return not self.is_article and len(self.classed["user"]) > 1

    @cached_property
    def near(self) -> Sequence[str]:
        """The short texts around the title."""
        return near(self.blocks, self._position)

    @cached_property
    def announced(self) -> Sequence[str]:
        """The short texts anywhere that begin like “Posted by” or “Published on”."""
        return announcing(self.blocks)

    @cached_property
    def classed(self) -> Mapping[Role, Sequence[Sequence[str]]]:
        """By role the texts of the elements whose classes tell it, those below the title first; texts are in pieces."""
        texts: dict[Role, dict[int, list[str]]] = {"author": {}, "byline": {}, "user": {}, "date": {}}
        title = self.blocks[self._position] if self._position >= 0 else None
        for block, element, role in self._holders():
            if role == "user" or not is_block_aside(block, title):
                texts[role].setdefault(element.index, []).extend(_pieces(block, element))
        return {role: list(islice(found.values(), _MOST)) for role, found in texts.items()}

    def _holders(self) -> Iterator[tuple[Block, Element, Role]]:
        """Yield the blocks near the title that are no paragraphs, with each element whose classes tell a role."""
        start = max(0, self._position)
        role_in = cache(role_of)  # classes recur all over a page
        for block in (*self.blocks[start : start + _BELOW], *self.blocks[max(0, start - _ABOVE) : start]):
            if len(block.text) < _SHORT:
                around = [*islice(block.element.ancestry(), _INNERMOST)] if block.element else []
                for element in reversed(around):
                    if element.classes and (role := role_in(element.classes)):
                        yield block, element, role
                for mark in block.marks[:_MARKS]:
                    if mark.element.classes and (role := role_in(mark.element.classes)):
                        yield block, mark.element, role

    def hints(self, kind: HintKind, source: Source) -> Iterator[Hint]:
        """Return the first elements of a kind that are not in an aside; those before the largest heading come last."""
        hints = [hint for hint in self.head.hints if hint.kind == kind and hint.source == source]
        hints.sort(key=lambda hint: hint.headings == 0)
        return (hint for hint in islice(hints, _MOST) if not is_aside(hint.node, self._surroundings))

    @cached_property
    def _position(self) -> int:
        return title_position(self.blocks, self.title)

    @cached_property
    def _surroundings(self) -> frozenset[int]:
        return surroundings(self.head.headings)


def unlisted(values: Iterable[str]) -> list[str]:
    """Return the values that are not empty, or none if they are so many that they are those of several articles."""
    found = [value for value in values if value]
    return found if len(set(found)) < _LISTED else []


def _pieces(block: Block, element: Element) -> Iterator[str]:
    """Yield the text of ``element`` in ``block``, cut where an inline element begins or ends."""
    marks = block.marks[:_MARKS]
    mark = next((mark for mark in marks if mark.element is element), None)
    start, end = (mark.start, mark.end) if mark else (0, len(block.text))
    cuts = {start, end, *(at for mark in marks for at in (mark.start, mark.end) if start < at < end)}
    for left, right in pairwise(sorted(cuts)):
        yield from filter(None, map(folded, block.text[left:right].split("\n")))
