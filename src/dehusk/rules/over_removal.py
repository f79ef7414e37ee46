"""O001 over-removal: what is mostly running text is not taken apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.rules.base import Guard, option
from dehusk.rules.main_text import MainText


@dataclass(frozen=True, eq=False)
class OverRemoval(Guard):
    """Leaves a text whole when the other rules together would remove too much of it.

    What it finds: a plain text that looks like prose, as most of its words stand in paragraphs of whole sentences, of
    whose words in such paragraphs more than `max-share` would be gone. The text then stays as it is but for safe fixes,
    those of white space and Unicode, and a finding says so. `dehusk check`, which changes files in place, is stricter:
    it counts all words, of any text, prose or not, and leaves whole each of whose words more than `max-share` would go.

    Why: each rule may be right about each line and all of them wrong about the text, as about a report on newsletters
    that quotes dozens of them. Of prose little is husk; when much of it seems to be, the rules are more likely to err.

    Example: the text is left as it is

          Rain is expected in the north, with strong winds near the coast on Friday.

          Sign up for our newsletter and we will tell you by seven in the morning where the storm is.

          Get the weather of the coast and of all the islands delivered to your inbox every day before dawn.

    When to keep it: lower `max-share` for texts that are known to be clean; ignore the rule, or set 1, where texts that
    look like prose may be husk for the greater part.
    """

    code = "O001"
    name = "over-removal"

    max_share: float = option(
        0.5,
        "share of words, 0 to 1, that the other rules may remove together: of those in paragraphs where a text is "
        "prose; for `dehusk check` of all, in any text",
        most=1,
    )
    prose: float = option(
        0.5, "share of its words, 0 to 1, that stand in paragraphs of sentences if it is prose", most=1
    )

    def objection(self, before: Document, after: Document, findings: Sequence[Finding]) -> Finding | None:
        """Return the finding that leaves a text whole, if too much of it would be removed."""
        if before.format != "text" or len(after.blocks) == len(before.blocks):
            return None
        page = {finding.block for finding in findings if finding.rule == MainText.code}
        blocks = [block for block in before.blocks if block.index not in page] if page else before.blocks
        left = {block.index for block in after.blocks}
        removed = _words(block for block in blocks if block.index not in left and block.prose)
        if not removed:
            return None  # the usual case, told without counting all words
        prose = removed + _words(block for block in blocks if block.index in left and block.prose)
        if removed <= self.max_share * prose or prose < self.prose * _words(blocks):
            return None
        message = f"left whole: the rules together would remove {removed / prose:.0%} of what looks like prose"
        return self.found(before.blocks[before.first], message, None)


def _words(blocks: Iterable[Block]) -> int:
    return sum(block.words for block in blocks)
