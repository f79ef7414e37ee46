"""N004 menu: menus that were flattened to lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.phrases import whole
from dehusk.rules.base import Rule, option

ENTRIES = ("navigation", "home", "footer", "cookie-notice", "newsletter")
"""Families of phrases that entries of menus consist of."""
_LONGEST = 48  # characters of an entry
_ENDS = (".", "!", "?", ":", ";", ",", "…", '"', "”", "。", "！", "？", "：", "；", "，", "、", "」", "』")
_SHOWN = 3


@dataclass(frozen=True, eq=False)
class Menu(Rule):
    """Removes menus that were flattened to one entry a line.

    What it finds: runs of short lines among which, close to each other, several different ones are what menus are known
    to say, such as "Home", "Log in", "Contact us", "Privacy policy". From the first of these lines to the last all go,
    for what stands between them are names of sections that no list of phrases knows.

    Why: menus stand on every page of a site and say nothing about it.

    Example:

          Rain is expected in the north, with strong winds near the coast on Friday.

        - About us
        - Harbour
        - Fishing
        - Contact us
        - Privacy policy

    When to keep it: ignore the rule for texts about user interfaces that list such labels.
    """

    code = "N004"
    name = "menu"
    looks_around = True

    fewest: int = option(3, "how many different lines must be what menus are known to say", least=1)
    max_words: int = option(5, "longest entry, in words")
    gap: int = option(25, "how many lines may stand between two of those that are known")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line of a menu."""
        for known in self._menus(document):
            names = list(dict.fromkeys(document.blocks[position].text for position in known))
            said = ", ".join(f"“{name}”" for name in names[:_SHOWN])
            size = known[-1] - known[0] + 1
            for block in document.blocks[known[0] : known[-1] + 1]:
                yield self.found(block, f"one of {size} lines of a menu, which has {said}")

    def _menus(self, document: Document) -> Iterator[list[int]]:
        """Yield of each menu the positions of the lines that are known."""
        blocks = document.blocks
        positions = {position for family in ENTRIES for position in document.cued.get(family, ())}
        menus: list[list[int]] = []
        for position in sorted(positions):
            if not (self._is_entry(blocks[position]) and whole(blocks[position].text, ENTRIES)):
                continue
            if menus and self._goes_on(blocks, menus[-1][-1], position):
                menus[-1].append(position)
            else:
                menus.append([position])
        for menu in menus:
            if len({blocks[position].text.lower() for position in menu}) >= self.fewest:
                yield menu

    def _goes_on(self, blocks: Sequence[Block], last: int, position: int) -> bool:
        return position - last <= self.gap and all(map(self._is_entry, blocks[last + 1 : position]))

    def _is_entry(self, block: Block) -> bool:
        text = block.text
        if not text or len(text) > _LONGEST or block.kind in ("code", "row") or text.endswith(_ENDS) or "\n" in text:
            return False
        return max(len(text.split()), block.unspaced // 2) <= self.max_words
