"""M001 hidden: what a browser with scripts does not show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Element, Finding
from dehusk.rules.base import Rule, option


@dataclass(frozen=True, eq=False)
class Hidden(Rule):
    """Removes what the page hides from its readers.

    What it finds: blocks inside an element with the `hidden` attribute or an inline style of `display: none` or
    `visibility: hidden`, and the content of `noscript`. An element that holds a paragraph is not taken for hidden, nor
    is one with most of the page's text in it: sites fold text into tabs, show their pages only when a script has run,
    or write them for readers without scripts.

    Why: hidden parts are menus not yet opened, dialogs, templates and text for machines.

    Example:

          <p>Rain is expected in the north.</p>
        - <div style="display: none"><p>You have no new messages.</p></div>

    When to keep it: ignore the rule where lists or tables are folded into tabs that a script opens.
    """

    code = "M001"
    name = "hidden"

    max_share: float = option(0.5, "largest part of the page's words, 0 to 1, that an element may hide", most=1)

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each hidden block, and for each hidden part of the others."""
        if document.format == "text":
            return
        hidden = document.around(_is_hidden)
        words: Counter[int] = Counter()
        folded: set[int] = set()
        for block, elements in zip(document.blocks, hidden, strict=True):
            for element in elements:
                words[element.index] += block.words
                if block.prose:
                    folded.add(element.index)
        limit = self.max_share * document.words if words else 0
        for block, elements in zip(document.blocks, hidden, strict=True):
            outermost = next((e for e in elements if words[e.index] <= limit and e.index not in folded), None)
            if outermost:
                yield self.found(block, f"hidden on the page: inside {_describe(outermost)}")
                continue
            marks = [mark for mark in block.marks if mark.element.hidden and mark.element not in block.path]
            if marks:
                reasons = ((mark, f"hidden on the page: inside {_describe(mark.element)}") for mark in marks)
                yield from self.cut(block, reasons)


def _is_hidden(element: Element) -> bool:
    return element.hidden or element.tag == "noscript"


def _describe(element: Element) -> str:
    return "noscript" if element.tag == "noscript" else f"{element}, which is not displayed"
