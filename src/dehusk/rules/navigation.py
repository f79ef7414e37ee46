"""N001 and N002: lines that lead elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Block, Document, Finding
from dehusk.phrases import cues, whole, words
from dehusk.rules.base import Rule, option
from dehusk.rules.menu import ENTRIES
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
_STEPS = re.compile(r"\s*[»›→❯▸＞]\s*|\s+>\s+")
_SEPARATOR = re.compile(r"[»›→❯▸＞]|\s[>|·•/]\s")
_SIGNS = "»›→❯▸＞>|·•/"  # without one of these, which are quick to find, there is no separator
_SIGN = re.compile(f"[{_SIGNS}]")
_LONGEST = 300  # characters
_SENTENCE_END = re.compile(r"[.!?。！？]$")
_ENTRIES = re.compile(r"\s+[|·•/]\s+")
_FORMS = ((_STEPS, 2), (_ENTRIES, 3))
_BUTTONS = (*ENTRIES, "share", "network", "comment-prompt")
"""Families of phrases that buttons and links are labelled with."""


@dataclass(frozen=True, eq=False)
class Breadcrumb(Rule):
    """Removes breadcrumbs and menu bars that were flattened to a line.

    What it finds: a line such as "Home » News » Weather", or above the first paragraph or below the last one such as
    "Home | News | Contact": short entries between arrows, bars or dots, of which the first is a home page's name. Also
    a line of which each entry is a button's label, such as "Print this story | Post a comment".

    Why: it tells where the page stands in its site, not what it says.

    Example:

        - Home » News » Weather

          Rain is expected in the north.

    When to keep it: raise `max-words` for sites with long section names; ignore the rule to keep the section.
    """

    code = "N002"
    name = "breadcrumb"
    looks_around = True

    max_words: int = option(8, "longest entry, in words")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line of this form."""
        if not any(sign in document.whole for sign in _SIGNS):
            return
        homes, openings = words("home"), words(*_BUTTONS)
        for position in [position for position, word in enumerate(document.first_words) if word in openings]:
            block, word = document.blocks[position], document.first_words[position]
            if len(block.text) > _LONGEST or not _SIGN.search(block.text) or not _SEPARATOR.search(block.text):
                continue
            if block.kind in ("code", "row") or "\n" in block.text:
                continue
            edge = position < document.head or position >= document.tail
            if word in homes and (count := self._steps(block, at_edge=edge)):
                yield self.found(block, f"breadcrumb or menu bar of {count} entries")
            elif count := _buttons(block, at_edge=edge):
                yield self.found(block, f"line of {count} buttons")

    def _steps(self, block: Block, *, at_edge: bool) -> int:
        """Return how many entries a breadcrumb or a menu bar has that begins with a home page, 0 if it is none."""
        for separator, fewest in _FORMS if at_edge else _FORMS[:1]:
            entries = [entry for entry in separator.split(block.text.strip()) if entry]
            short = all(len(entry.split()) <= self.max_words for entry in entries)
            if len(entries) >= fewest and short and _is_home(entries[0]) and not _SENTENCE_END.search(entries[-1]):
                return len(entries)
        return 0


def _buttons(block: Block, *, at_edge: bool) -> int:
    """Return how many buttons a line is made of, 0 if it holds anything else, or only one."""
    entries = [entry for entry in _ENTRIES.split(block.text.strip()) if entry]
    return len(entries) if len(entries) > 1 and all(_is_button(entry, at_edge=at_edge) for entry in entries) else 0


def _is_home(entry: str) -> bool:
    return any(cue.phrase.family == "home" for cue in cues(entry))


def _is_button(entry: str, *, at_edge: bool) -> bool:
    """Return whether an entry is all that a button says; at the edge of a text more words may be those of one."""
    return any(at_edge or cue.phrase.where == "any" for cue in whole(entry, _BUTTONS))
