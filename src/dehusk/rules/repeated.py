"""D001 repeated: what stands on many pages of a site."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.edits import Replace
from dehusk.rules.base import Rule, option

RUN = 3
"""How many lines in a row must be repeated together."""


@dataclass(frozen=True, eq=False)
class Repeated(Rule):
    """Removes lines that stand on most pages of a site.

    What it finds: lines, white space aside, that a given share of the pages of a site have in common: not one by one,
    but three in a row, where the beginning and the end of a page count as lines. Pages belong to one site if they have
    the same host, or are from the same folder where they have no address. A heading stays if text that is not repeated
    follows it, code stays, and so does everything of sites with fewer pages than `min-pages`, and of a page that has no
    line of its own, for it is a copy of others.

    Why: menus, notices and footers are the same on every page, whatever they say and in whatever language, which a
    single page cannot tell. A line that comes back among others each time, such as the label of a value or the name of
    a thing that is in the menu as well, is the page's own.

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

    share: float = option(0.5, "part of a site's pages, 0 to 1, that a line must stand on", most=1)
    min_pages: int = option(5, "fewest pages of a site, and fewest of them that a line must stand on", least=1)

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block, or line of a block, that is repeated."""
        pages = document.site.pages
        if pages < self.min_pages:
            return
        fewest = max(self.min_pages, self.share * pages)
        repeated = {place: times for place, times in document.site.lines.items() if times >= fewest}
        if not repeated:
            return
        hits = [_hits(block, repeated) for block in document.blocks]
        if all(times and all(times) for block, times in zip(document.blocks, hits, strict=True) if block.text):
            return  # a copy of other pages, of which one at least has to stay
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
        last = max(number for number, count in enumerate(times) if not count)  # the last line that stays
        start = 0
        for number, (line, count) in enumerate(zip(block.text.split("\n"), times, strict=True)):
            end = start + len(line)
            if count:
                # With the line end behind it; below the last line that stays with the one before it.
                edit = Replace(start, end + 1, "") if number < last else Replace(start - 1, end, "")
                yield self.found(block, f"stands on {count} of the {pages} pages of its site", edit)
            start = end + 1


def folded(line: str) -> str:
    """Return a line as it is compared: with single spaces between words, and none around."""
    return " ".join(line.split())


def lines(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the lines of a document that can be repeated, as they are compared, each with the index of its block.

    Those of code cannot.
    """
    for block in document.blocks:
        if block.text and block.kind != "code":
            yield from ((block.index, line) for line in map(folded, block.text.split("\n")) if line)


def runs(document: Document) -> list[str]:
    """Return all runs of ``RUN`` lines in a row; the first line is in the first ``RUN`` of them, and so on.

    What is beyond the first and the last line counts as empty lines.
    """
    texts = [line for _, line in lines(document)]
    edge = [""] * (RUN - 1)
    padded = [*edge, *texts, *edge]
    return ["\n".join(padded[start : start + RUN]) for start in range(len(padded) - RUN + 1)] if texts else []


def together(document: Document, times: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return on how many pages lines stand together with those next to them; ``times`` says it of each of the runs."""
    found: dict[tuple[int, str], int] = {}
    for number, place in enumerate(lines(document)):
        found[place] = max(*times[number : number + RUN], found.get(place, 0))
    return {place: count for place, count in found.items() if count > 1}


def _hits(block: Block, repeated: Mapping[tuple[int, str], int]) -> list[int]:
    """Return for each line of a block on how many pages it stands, 0 if it is not repeated."""
    if block.kind == "code" or not block.text:
        return []
    return [repeated.get((block.index, folded(line)), 0) for line in block.text.split("\n")]
