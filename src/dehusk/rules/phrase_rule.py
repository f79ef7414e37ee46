"""The shape that rules share which go by wording: a block that says this, in this part of the document, is husk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from dehusk.document import Document, Finding
from dehusk.phrases import Cue, Lexicon, cues, custom
from dehusk.rules.base import Rule, option


@dataclass(frozen=True)
class PhraseRule(Rule):
    """Drops each block that a phrase of the rule's ``family`` matches; ``what`` names such a block in messages."""

    family: ClassVar[str]
    what: ClassVar[str]

    phrases: tuple[str, ...] = option((), "more phrases, in the pattern language of the phrase packs")

    @cached_property
    def _custom(self) -> Lexicon:
        return custom(self.family, self.phrases)

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block that says what this rule looks for."""
        for position, block in enumerate(document.blocks):
            if cue := self.cue(document, position):
                yield self.found(block, self.message(cue))

    def cue(self, document: Document, position: int, family: str = "") -> Cue | None:
        """Return the phrase of ``family`` that makes the block at ``position`` husk, if there is one."""
        block = document.blocks[position]
        if block.kind == "code":
            return None
        wanted = family or self.family
        found = cues(block.text)
        if self.phrases and not family:
            found += self._custom.cues(block.text)
        for cue in found:
            if cue.phrase.family == wanted and fits(cue, document, position):
                return cue
        return None

    def message(self, cue: Cue) -> str:
        """Return the reason a reader gets."""
        return f"{self.what}: “{cue.text}”"


def fits(cue: Cue, document: Document, position: int) -> bool:
    """Return whether a phrase may stand at this place: in its part of the document, in a short enough block."""
    if document.blocks[position].words > cue.phrase.words:
        return False
    match cue.phrase.where:
        case "head":
            return position < document.head
        case "tail":
            return position >= document.tail
        case "edge":
            return position < document.head or position >= document.tail
    return True
