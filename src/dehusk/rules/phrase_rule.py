"""The shape that rules share which go by wording: a block that says this, in this part of the document, is husk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from dehusk.document import Document, Finding
from dehusk.phrases import Cue, Lexicon, cues, custom
from dehusk.rules.base import Rule, option


@dataclass(frozen=True, eq=False)
class PhraseRule(Rule):
    """Drops each block that a phrase of the rule's ``family`` matches; ``what`` names such a block in messages.

    ``opens_section`` says that lists below such a block go with it.
    """

    family: ClassVar[str]
    what: ClassVar[str]
    opens_section: ClassVar[bool] = False
    looks_around = True

    phrases: tuple[str, ...] = option((), "more phrases, in the pattern language of the phrase packs")

    def __post_init__(self) -> None:
        """Raise ConfigError for a phrase that is not in the pattern language."""
        if self.phrases:
            _ = self._custom

    @cached_property
    def _custom(self) -> Lexicon:
        return custom(self.family, self.phrases)

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block that says what this rule looks for."""
        for position, cue in self.cued(document):
            yield self.found(document.blocks[position], self.message(cue))

    def cued(self, document: Document, family: str = "") -> Iterator[tuple[int, Cue]]:
        """Yield the positions that are husk by a phrase of ``family``, the rule's own unless given, and the phrase."""
        own = self.phrases and not family
        for position in range(len(document.blocks)) if own else document.cued.get(family or self.family, ()):
            if cue := self.cue(document, position, family):
                yield position, cue

    def cue(self, document: Document, position: int, family: str = "") -> Cue | None:
        """Return the phrase of ``family`` that makes the block at ``position`` husk, if there is one."""
        block = document.blocks[position]
        if block.kind == "code" or not block.text:
            return None
        wanted = family or self.family
        found = cues(block.text)
        if self.phrases and not family:
            found += self._custom.cues(block.text)
        for cue in found:
            if cue.phrase.family == wanted and _fits(cue, document, position):
                return None if _is_content(document, position, self.opens_section) else cue
        return None

    def message(self, cue: Cue) -> str:
        """Return the reason a reader gets."""
        return f"{self.what}: “{cue.text}”"


def _fits(cue: Cue, document: Document, position: int) -> bool:
    """Return whether a phrase may stand at this place: in its part of the document, in a short enough block.

    What a document begins with is its title, so that no phrase fits there which depends on its place.
    """
    if document.blocks[position].words > cue.phrase.words:
        return False
    match cue.phrase.where:
        case "head":
            return document.body <= position < document.head
        case "tail":
            return position >= document.tail
        case "edge":
            return document.at_edge(position)
    return True


def _is_content(document: Document, position: int, opens_section: bool) -> bool:
    """Return whether the blocks around say that a block is no husk, though its wording is that of husk.

    A heading right above code, a table or a list names these, and a colon right above code leads to it. An item is
    content among items that are, and below a line that ends with a colon.
    """
    blocks = document.blocks
    block = blocks[position]
    following = blocks[position + 1] if position + 1 < len(blocks) else None
    if following and following.kind == "code" and block.text.endswith(":"):
        return True
    if block.kind == "heading" and not opens_section and following and following.kind in ("code", "row", "item"):
        return not cues(following.text)
    if block.kind != "item":
        return False
    return is_introduced(document, position) or any(
        other.kind == "item" and not cues(other.text) for other in blocks[max(0, position - 1) : position + 2]
    )


def is_introduced(document: Document, position: int) -> bool:
    """Return whether a line that ends with a colon, and is no husk, stands above the list of the block."""
    start = document.list_starts[position]
    if start == 0 or document.blocks[position].kind != "item":
        return False
    above = document.blocks[start - 1].text
    return above.endswith((":", "：")) and not cues(above)
