"""M001 hidden: what a browser with scripts does not show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Element, Finding
from dehusk.rules.base import Rule, option


@dataclass(frozen=True)
class Hidden(Rule):
    """Removes what the page hides from its readers.

    What it finds: blocks inside an element with the `hidden` attribute or an inline style of `display: none` or
    `visibility: hidden`, and the content of `noscript`. An element with most of the page's text in it is not taken for
    hidden: some sites show their pages only when a script has run, or write them for readers without scripts.

    Why: hidden parts are menus not yet opened, dialogs, templates and text for machines.

    Example:

          <p>Rain is expected in the north.</p>
        - <div style="display: none"><p>You have no new messages.</p></div>

    When to keep it: ignore the rule where pages fold their text into tabs that a script opens.
    """

    code = "M001"
    name = "hidden"

    max_share: float = option(0.5, "largest part of the page's words, 0 to 1, that an element may hide")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each hidden block, and for each hidden part of the others."""
        words: Counter[int] = Counter()
        for block in document.blocks:
            for element in filter(_is_hidden, block.path):
                words[element.index] += block.words
        limit = self.max_share * sum(block.words for block in document.blocks) if words else 0
        for block in document.blocks:
            elements = [element for element in block.path if _is_hidden(element) and words[element.index] <= limit]
            if elements:
                yield self.found(block, f"hidden on the page: inside {_describe(elements[0])}")
                continue
            marks = (mark for mark in block.marks if mark.element.hidden and mark.element not in block.path)
            yield from self.cut(block, ((m, f"hidden on the page: inside {_describe(m.element)}") for m in marks))


def _is_hidden(element: Element) -> bool:
    return element.hidden or element.tag == "noscript"


def _describe(element: Element) -> str:
    return "noscript" if element.tag == "noscript" else f"{element}, which is not displayed"
