"""R001 related: teasers for other pages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dehusk.document import Block, Document, Element, Finding
from dehusk.rules.base import option
from dehusk.rules.phrase_rule import PhraseRule

_SHORT = 60  # words of a section that is no listing whatever the text
_NAMED = re.compile(r"[-*•\s]*+([^\W\d_][^:：\n]{0,24})(?::\s|：)")
_FEWEST_NAMED = 3


@dataclass(frozen=True, eq=False)
class Related(PhraseRule):
    """Removes sections that lead to other articles, with their teasers.

    What it finds: below at least one paragraph, a line such as "Check Also", "Related articles" or "You may also like",
    and what follows it while that looks like teasers: headlines, captions, and blurbs that break off with an ellipsis.
    The section ends where running text begins again, or with its list, on a page with the element that it is in; a
    heading right above that text belongs to the text. A cue between paragraphs that no teaser follows, or followed, is
    a heading, and in plain text a long section is a listing, which stays, as does a record such as "Memory: 4 GB".
    Lines such as "Read more: …" go alone.

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
    opens_section = True

    max_blocks: int = option(40, "what follows a cue in more blocks than this is a listing, and stays")
    max_words: int = option(30, "longest teaser, in words, unless it breaks off with an ellipsis")
    max_share: float = option(
        0.1, "a section that holds more of the words of a text is a listing, unless it is short", most=1
    )

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line that links to another page, and for each cue with the teasers below it."""
        links = dict(self.cued(document, "related-link"))
        headings = dict(self.cued(document))
        end = 0
        for position in sorted(links.keys() | headings.keys()):
            if position < end:
                continue
            if link := links.get(position):
                yield self.found(document.blocks[position], f"link to another page: “{link.text}”")
                continue
            cue = headings[position]
            if document.head < position:
                section = self._end(document, position)
                teasers = section - position - 1
                below = document.blocks[position + 1 : section]
                if self._is_listing(document, position + 1, section) or _is_record(below):
                    continue
                is_left = position >= document.tail or _follows_gap(document.blocks, position)
                if 0 < teasers <= self.max_blocks or (not teasers and is_left):
                    end = section
                    yield self.found(document.blocks[position], self.message(cue))
                    for block in below:
                        yield self.found(block, f"teaser below “{cue.text}”")

    def _end(self, document: Document, cue: int) -> int:
        """Return the position after the last block of the section that the block at ``cue`` opens."""
        blocks = document.blocks
        end = cue + 1
        limit = min(len(blocks), end + self.max_blocks + 1)
        box = _box(blocks, cue)
        while end < limit and self._is_teaser(blocks[end]) and _goes_on(blocks, cue, end) and _is_in(blocks[end], box):
            end += 1
        if end < len(blocks) and blocks[end].prose and _is_heading(blocks[end - 1], alone=end == cue + 2):
            end -= 1
        return end

    def _is_listing(self, document: Document, start: int, end: int) -> bool:
        """Return whether what follows a cue in a plain text is too much of it to be teasers."""
        words = sum(block.words for block in document.blocks[start:end])
        if document.format != "text" or words <= _SHORT:
            return False
        return words > self.max_share * document.words

    def _is_teaser(self, block: Block) -> bool:
        if block.kind == "code" or block.prose:
            return False
        return block.words <= self.max_words or block.truncated or block.link_density > 0.8


def _box(blocks: Sequence[Block], cue: int) -> Element | None:
    """Return the element of a page that the section below a cue is in: it is around the cue and what follows it.

    Where what followed it is gone it is the one around the cue's own.
    """
    own = blocks[cue].path
    if not own or cue + 1 == len(blocks):
        return None
    if _follows_gap(blocks, cue):
        return own[-2] if len(own) > 1 else own[-1]
    around = [one for one, other in zip(own, blocks[cue + 1].path, strict=False) if one is other]
    return around[-1] if around else None


def _is_in(block: Block, box: Element | None) -> bool:
    return box is None or any(element is box for element in block.path)


def _follows_gap(blocks: Sequence[Block], position: int) -> bool:
    """Return whether what was read below a block is not there any more."""
    return position + 1 < len(blocks) and blocks[position + 1].index > blocks[position].index + 1


def _is_record(blocks: Sequence[Block]) -> bool:
    """Return whether blocks are a record: each begins with a name of its own, as in "Memory: 4 GB"."""
    names = [match[1].lower() for block in blocks if (match := _NAMED.match(block.text))]
    return len(blocks) >= _FEWEST_NAMED and len(set(names)) == len(blocks)


def _goes_on(blocks: tuple[Block, ...], cue: int, position: int) -> bool:
    """Return whether the block at ``position`` can belong to a section whose blocks up to it do.

    A section that is a list ends with the list. One on a page ends with a heading of the cue's rank or above, unless
    that is a link.
    """
    block, first = blocks[position], blocks[cue + 1]
    if first.kind == "item" and block.kind != "item":
        return False
    if block.kind == "heading" and block.link_density < 0.5:
        return blocks[cue].kind == "heading" and blocks[cue].level < block.level
    return True


def _is_heading(block: Block, *, alone: bool) -> bool:
    """Return whether a block could be the heading of the text below it.

    In plain text that is told by its shortness, unless it is ``alone`` below the cue.
    """
    if block.path:
        return block.kind == "heading" and block.link_density < 0.5
    return block.kind == "heading" or (block.kind == "paragraph" and block.words <= 6 and not alone)
