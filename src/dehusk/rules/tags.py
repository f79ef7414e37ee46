"""T001 tags: under what a page is filed."""

from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Finding
from dehusk.rules.base import option
from dehusk.rules.phrase_rule import PhraseRule


@dataclass(frozen=True, eq=False)
class Tags(PhraseRule):
    """Removes the tags and categories of a page.

    What it finds: "Tags: rain, wind", "Filed under: Weather", "Posted in News", above the first paragraph or below the
    last one, and below the last one the heading "Tags" with the short lines that follow it. Between paragraphs such
    lines stay, for there they may name the parts of what the text is about.

    Why: tags are links to lists of pages.

    Example:

          Rain is expected in the north, with strong winds near the coast on Friday.

        - Tags: rain, wind

    When to keep it: ignore the rule where the text must carry its subjects.
    """

    code = "T001"
    name = "tags"
    family = "tags"
    what = "tags or categories"
    opens_section = True

    max_words: int = option(4, "longest tag below a heading, in words")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line of tags, and for those below a heading of tags."""
        end = 0
        for position, cue in self.cued(document):
            if position < end or not document.at_edge(position):
                continue
            yield self.found(document.blocks[position], self.message(cue))
            end = position + 1
            if ":" in cue.text.rstrip(": ") or position < document.tail:
                continue
            while end < len(document.blocks) and self._is_tag(document, end):
                yield self.found(document.blocks[end], f"tag below “{cue.text}”")
                end += 1

    def _is_tag(self, document: Document, position: int) -> bool:
        block = document.blocks[position]
        return block.words <= self.max_words and not block.sentence and block.kind in ("paragraph", "item")
