"""B001 to B003: who wrote the text, and when."""

from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Finding
from dehusk.phrases import cues
from dehusk.rules.base import option
from dehusk.rules.phrase_rule import PhraseRule


class Byline(PhraseRule):
    """Removes the line that names the author.

    What it finds: "By Jane Smith", "Written by Jane Smith, Staff Writer", "Posted by Jane Smith on 3 June 2024" above
    the first paragraph, and agency credits such as "Reporting by Jane Smith" below the last.

    Why: it is about the article rather than part of it. Of a page, the author is kept as metadata.

    Example:

          Storm reaches the coast

        - By Jane Smith
        -
          Rain is expected in the north, with strong winds near the coast on Friday.

    When to keep it: ignore the rule where the text must carry its author.
    """

    code = "B001"
    name = "byline"
    family = "byline"
    what = "byline"


class Dateline(PhraseRule):
    """Removes the line that says when the text was published, and how long it takes to read.

    What it finds: lines above the first paragraph or below the last that hold nothing but a date, "Published:" or
    "Updated" with a date or an age, or a reading time. The first line of a document is taken for its title, and dates
    that also stand between paragraphs are taken for headings, as in a diary. Below the last paragraph, other husk must
    be around.

    Why: it is about the article rather than part of it. Of a page, the date is kept as metadata.

    Example:

          Storm reaches the coast

        - Published: 3 June 2024, 10:15
        -
          Rain is expected in the north, with strong winds near the coast on Friday.

    When to keep it: ignore the rule where the text must carry its date.
    """

    code = "B002"
    name = "dateline"
    family = "dateline"
    what = "dateline"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each dateline, unless dates are the headings of this document."""
        lines = list(self.cued(document))
        others = [(i, cue) for i, cue in lines if i != document.first]
        if any(document.head <= i < document.tail for i, _ in others) or (others and others != lines):
            return
        end = _end_of_husk(document) if others else 0
        for position, cue in others:
            block = document.blocks[position]
            # Below the last paragraph there must be nothing but husk, down to the line below this one.
            closes = position >= document.tail and end >= min(position + 2, len(document.blocks))
            if block.kind != "heading" and not _in_list(document, position) and (position < document.head or closes):
                yield self.found(block, self.message(cue))


def _end_of_husk(document: Document) -> int:
    """Return the position after the last of the blocks that follow the last paragraph and are all husk."""
    blocks = document.blocks
    return next((i for i in range(document.tail, len(blocks)) if not cues(blocks[i].text)), len(blocks))


def _in_list(document: Document, position: int) -> bool:
    """Return whether the block is one of several items; “3. Juni” alone only looks like one."""
    around = document.blocks[max(0, position - 1) : position + 2]
    return document.blocks[position].kind == "item" and sum(block.kind == "item" for block in around) > 1


@dataclass(frozen=True, eq=False)
class AuthorBio(PhraseRule):
    """Removes the author's biography below an article.

    What it finds: "About the author" or "About J. Smith" below the last paragraph, or right before paragraphs that say
    who somebody is ("J. Smith is a reporter …"), which go with it.

    Why: the same biography stands below every article of its author.

    Example:

          Rain is expected in the north, with strong winds near the coast on Friday.

        - About Jane Smith

        - Jane Smith is a reporter who has covered the weather for ten years.

    When to keep it: ignore the rule for collections of biographies.
    """

    code = "B003"
    name = "author-bio"
    family = "author-bio"
    what = "heading of an author biography"

    max_blocks: int = option(3, "most blocks that may follow the heading and belong to the biography")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for the heading and for each block of the biography below it."""
        for position, cue in self.cued(document):
            end = self._end(document, position)
            if end == position + 1 and not self._closes(document, position):
                continue  # what follows is no biography: this is a heading of the text itself
            yield self.found(document.blocks[position], self.message(cue))
            for member in document.blocks[position + 1 : end]:
                yield self.found(member, f"biography below “{cue.text}”")

    def _end(self, document: Document, heading: int) -> int:
        """Return the position after the last block that follows the heading and says who somebody is."""
        end = heading + 1
        limit = min(len(document.blocks), end + self.max_blocks)
        while end < limit and self.cue(document, end, "author-bio-text"):
            end += 1
        return end

    def _closes(self, document: Document, position: int) -> bool:
        """Return whether the heading stands below the last paragraph, and nothing or other husk below it."""
        below = document.blocks[position + 1 : position + 2]
        return position >= document.tail and all(cues(block.text) for block in below)
