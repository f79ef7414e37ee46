"""R001 related: teasers for other pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.rules.base import option
from dehusk.rules.phrase_rule import PhraseRule


@dataclass(frozen=True)
class Related(PhraseRule):
    """Removes sections that lead to other articles, with their teasers.

    What it finds: a line such as "Check Also", "Related articles" or "You may also like", and what follows it while
    that looks like teasers: headlines, captions, and blurbs that break off with an ellipsis. The section ends where
    running text begins again; a heading right above that text belongs to the text. A line that holds cue and headline
    in one, "Read more: …", goes alone.

    Why: teasers are about other pages, and get counted as the text of this one.

    Example:

          Rain is expected in the north, with strong winds near the coast on Friday.

        - Check Also

        - Ten umbrellas that last

        - We tested forty umbrellas in the wind tunnel to find those that …

    When to keep it: ignore the rule for link collections.
    """

    code = "R001"
    name = "related"
    family = "related"
    what = "heading of related links"

    max_blocks: int = option(40, "most blocks that may follow the cue and belong to the section")
    max_words: int = option(30, "longest teaser, in words, unless it breaks off with an ellipsis")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each cue line and for each teaser of its section."""
        done = 0
        for position, block in enumerate(document.blocks):
            cue = self.cue(document, position) if position >= done else None
            if not cue:
                continue
            if cue.phrase.at == "start":
                done = position + 1
                yield self.found(block, f"link to a related page: “{cue.text}”")
                continue
            done = self._end(document, position)
            yield self.found(block, self.message(cue))
            for member in document.blocks[position + 1 : done]:
                yield self.found(member, f"teaser below “{cue.text}”")

    def _end(self, document: Document, cue: int) -> int:
        """Return the position after the last block of the section that the block at ``cue`` opens."""
        blocks = document.blocks
        end = cue + 1
        limit = min(len(blocks), end + self.max_blocks)
        while end < limit and self._is_teaser(blocks[end]):
            end += 1
        if end < len(blocks) and blocks[end].prose and end - cue > 2 and _is_heading(blocks[end - 1]):
            end -= 1
        return end

    def _is_teaser(self, block: Block) -> bool:
        if block.kind == "code" or block.prose:
            return False
        return block.words <= self.max_words or block.truncated or block.link_density > 0.8


def _is_heading(block: Block) -> bool:
    """Return whether a block could be the heading of the text below it; in plain text, by its shortness."""
    return block.kind == "heading" or (not block.path and block.words <= 6)
