"""M002 readability: the main content of a page as readability-lxml sees it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dehusk.document import Document, Finding
from dehusk.rules.base import Rule, option


@dataclass(frozen=True, eq=False)
class Readability(Rule):
    """Removes everything outside the main content, as found by readability-lxml.

    What it finds: blocks of a page that are not in the summary which readability-lxml, the Python port of Arc90's
    Readability, makes of it: the container with the most paragraph text, less its link-heavy parts.

    Why: navigation, sidebars, footers and comment threads surround the article on nearly every page.

    Example:

        - <nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
          <article><p>Rain is expected in the north, with strong winds near the coast on Friday.</p>
          <p>It will stay wet until Sunday, the forecasters say, and then turn cold.</p>
          <p>Ferries to the islands will not sail before Monday, the harbour master said, and asked
          passengers to stay at home.</p></article>
        - <footer><a href="/terms">Terms</a> <a href="/imprint">Imprint</a></footer>

    When to keep it: the rule runs only when it is selected, since dehusk's own rule main-content finds more and costs
    less. Do without it for fragments that hold nothing but content, and for pages that are no articles:
    forums, product pages and listings lose much of their text. Plain text is left alone, and so is a page in which
    readability finds nothing.
    """

    code = "M002"
    name = "readability"
    default = False

    min_text_length: int = option(25, "shortest paragraph, in characters, that counts as a sign of main content")
    retry_length: int = option(250, "summaries shorter than this, in characters, are tried again more leniently")

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each block that the summary leaves out."""
        if document.format != "html" or not document.blocks:
            return
        kept = self._kept(document.source)
        if not kept:
            return
        for block in document.blocks:
            if not (block.path and block.path[-1].index in kept):
                yield self.found(block, "outside the main content that readability-lxml finds")

    def _kept(self, source: str) -> frozenset[int]:
        """Return the indices of the elements that are in the summary; none if it has no text."""
        import logging

        import readability

        from dehusk.readers.html import NUMBER, numbered

        # Pages that readability cannot handle are logged with a traceback unless somebody listens.
        logging.getLogger("readability").addHandler(logging.NullHandler())
        page = readability.Document(
            numbered(source), min_text_length=self.min_text_length, retry_length=self.retry_length
        )
        try:
            summary = page.summary(html_partial=True)
        except readability.readability.Unparseable:
            return frozenset()
        if not re.search(r">[^<]*\w", summary):
            return frozenset()
        return frozenset(map(int, re.findall(rf'{NUMBER}="(\d+)"', summary)))
