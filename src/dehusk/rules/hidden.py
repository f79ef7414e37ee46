"""M001 hidden: what a browser with scripts does not show."""

from collections.abc import Iterator

from dehusk.document import Document, Element, Finding
from dehusk.rules.base import Rule


class Hidden(Rule):
    """Removes what the page hides from its readers.

    What it finds: blocks inside an element with the `hidden` attribute or an inline style of `display: none` or
    `visibility: hidden`, and the content of `noscript`.

    Why: hidden parts are menus not yet opened, dialogs, templates and text for machines.

    Example:

          <p>Rain is expected in the north.</p>
        - <div style="display: none"><p>You have no new messages.</p></div>

    When to keep it: ignore the rule where pages fold their text into tabs that a script opens.
    """

    code = "M001"
    name = "hidden"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each hidden block."""
        for block in document.blocks:
            element = next((e for e in block.path if e.hidden or e.tag == "noscript"), None)
            if element is not None:
                yield self.found(block, f"hidden on the page: inside {_describe(element)}")


def _describe(element: Element) -> str:
    return "noscript" if element.tag == "noscript" else f"{element}, which is not displayed"
