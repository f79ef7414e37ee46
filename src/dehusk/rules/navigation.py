"""N001 and N002: lines that lead elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Finding
from dehusk.phrases import cues
from dehusk.rules.base import Rule, option
from dehusk.rules.phrase_rule import PhraseRule


class Navigation(PhraseRule):
    """Removes single lines that only help to move about a site.

    What it finds: "Skip to content", "Back to top", "Previous article", "Toggle navigation" and the like. Words that
    could also be headings, such as "Menu" or "Search", count only above the first paragraph or below the last.

    Why: they say nothing about the page they are on, and stand on every page of a site.

    Example:

        - Skip to content

          Rain is expected in the north.

    When to keep it: ignore the rule for texts about user interfaces that list such labels.
    """

    code = "N001"
    name = "navigation"
    family = "navigation"
    what = "navigation"


# Signs between the steps of a breadcrumb or the entries of a menu bar, with how many of them it takes.
_STEPS = re.compile(r"\s*[»›→❯▸]\s*|\s+>\s+")
_SEPARATOR = re.compile(r"[»›→❯▸]|\s[>|·•/]\s")
_SIGN = re.compile(r"[»›→❯▸>|·•/]")  # without one of these, which is quick to find, there is no separator
_LONGEST = 300  # characters
_SENTENCE_END = re.compile(r"[.!?]$")
_ENTRIES = re.compile(r"\s+[|·•/]\s+")


@dataclass(frozen=True)
class Breadcrumb(Rule):
    """Removes breadcrumbs and menu bars that were flattened to a line.

    What it finds: a line such as "Home » News » Weather", or above the first paragraph or below the last one such as
    "Home | News | Contact": short entries between arrows, bars or dots, of which the first is a home page's name.

    Why: it tells where the page stands in its site, not what it says.

    Example:

        - Home » News » Weather

          Rain is expected in the north.

    When to keep it: raise `max_words` for sites with long section names; ignore the rule to keep the section.
    """

    code = "N002"
    name = "breadcrumb"
    looks_around = True

    max_words: int = option(8, "longest entry, in words")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line of this form."""
        for position, block in enumerate(document.blocks):
            if len(block.text) > _LONGEST or not (_SIGN.search(block.text) and _SEPARATOR.search(block.text)):
                continue
            if block.kind in ("code", "row") or "\n" in block.text:
                continue
            edge = position < document.head or position >= document.tail
            for separator, fewest in ((_STEPS, 2), (_ENTRIES, 3)) if edge else ((_STEPS, 2),):
                entries = [entry for entry in separator.split(block.text.strip()) if entry]
                short = all(len(entry.split()) <= self.max_words for entry in entries)
                if len(entries) >= fewest and short and _is_home(entries[0]) and not _SENTENCE_END.search(entries[-1]):
                    yield self.found(block, f"breadcrumb or menu bar of {len(entries)} entries")
                    break


def _is_home(entry: str) -> bool:
    return any(cue.phrase.family == "home" for cue in cues(entry))
