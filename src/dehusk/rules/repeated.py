"""D001 repeated: what stands on many pages of a site."""

from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.edits import Replace
from dehusk.rules.base import Rule, option


@dataclass(frozen=True)
class Repeated(Rule):
    """Removes lines that stand on most pages of a site.

    What it finds: lines, white space aside, that a given share of the pages of a site have in common. Pages belong to
    one site if they have the same host, or are from the same folder where they have no address. A heading stays if
    text that is not repeated follows it, code stays, and so does everything of sites with fewer pages than `min-pages`.

    Why: menus, notices and footers are the same on every page, whatever they say and in whatever language, which a
    single page cannot tell.

    Example:

        - The Harbour Post, every day at seven

          Rain is expected in the north.

    When to keep it: the rule runs only with `--repeated`, when folders or archives are cleaned, as it takes a first
    pass over all of them. Do without it where pages are filled-in forms, such as tables of data under the same labels:
    labels and values that most of them share would go.
    """

    code = "D001"
    name = "repeated"
    default = False

    share: float = option(0.5, "part of a site's pages, 0 to 1, that a line must stand on")
    min_pages: int = option(5, "fewest pages of a site, and fewest of them that a line must stand on")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block, or line of a block, that is repeated."""
        pages = document.site.pages
        if pages < self.min_pages:
            return
        fewest = max(self.min_pages, self.share * pages)
        repeated = {line: times for line, times in document.site.lines.items() if times >= fewest}
        if not repeated:
            return
        hits = [_hits(block, repeated) for block in document.blocks]
        text_follows = False
        found: list[Finding] = []
        for block, times in zip(reversed(document.blocks), reversed(hits), strict=True):
            if not block.text:
                continue
            if times and all(times) and not (block.kind == "heading" and text_follows):
                message = f"stands on {max(times)} of the {pages} pages of its site"
                found.append(self.found(block, message))
                continue
            if any(times) and not all(times):
                found += reversed([*self._cuts(block, times, pages)])
            text_follows = block.kind != "heading"
        yield from reversed(found)

    def _cuts(self, block: Block, times: list[int], pages: int) -> Iterator[Finding]:
        start = 0
        for line, count in zip(block.text.split("\n"), times, strict=True):
            end = start + len(line)
            if count:
                # With the line end behind it; the last line with the one before it.
                edit = Replace(start, end + 1, "") if end < len(block.text) else Replace(start - 1, end, "")
                yield self.found(block, f"stands on {count} of the {pages} pages of its site", edit)
            start = end + 1


def folded(line: str) -> str:
    """Return a line as it is compared: with single spaces between words, and none around."""
    return " ".join(line.split())


def lines(document: Document) -> Iterator[str]:
    """Yield the lines of a document that can be repeated, as they are compared; those of code cannot."""
    for block in document.blocks:
        if block.text and block.kind != "code":
            yield from filter(None, map(folded, block.text.split("\n")))


def _hits(block: Block, repeated: dict[str, int]) -> list[int]:
    """Return for each line of a block on how many pages it stands, 0 if it is not repeated."""
    if block.kind == "code" or not block.text:
        return []
    return [repeated.get(folded(line), 0) for line in block.text.split("\n")]
