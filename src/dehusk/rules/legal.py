"""L001 and L002: what the law makes sites say."""

import re
from collections.abc import Iterator

from dehusk.document import Block, Document, Finding
from dehusk.rules.phrase_rule import PhraseRule


class CookieNotice(PhraseRule):
    """Removes cookie and privacy notices with their buttons.

    What it finds: blocks that begin like a notice ("We use cookies to …", "By continuing to browse this site …"), the
    labels of its buttons ("Accept all cookies"), and bare links to a privacy policy. Texts about cookies stay.

    Why: the notice is about the site, not the page, and often the first text of it.

    Example:

        - We use cookies to improve your experience on our site.

          Rain is expected in the north.

    When to keep it: ignore the rule for collections of privacy policies.
    """

    code = "L001"
    name = "cookie-notice"
    family = "cookie-notice"
    what = "cookie or privacy notice"


_COPYRIGHT = re.compile(
    r"\W{0,3}(?:copyright\s{1,3})?(?:©|ⓒ|\(c\))\s{0,3}\w|\W{0,3}copyright\s{1,3}(?:19|20)\d\d", re.IGNORECASE
)
_OPENINGS = frozenset(("©", "copyright", "c"))
_LONGEST = 40  # words of a copyright notice


class Footer(PhraseRule):
    """Removes what stands at the foot of every page of a site.

    What it finds: copyright notices ("© 2024 Harbour Press", "All rights reserved."), and above the first paragraph or
    below the last also "Powered by WordPress", "Terms of use", "Contact us" and the like as lines of their own.

    Why: it is about the site, not the page.

    Example:

          Rain is expected in the north, with strong winds near the coast on Friday.

        - © 2024 Harbour Press. All rights reserved.

    When to keep it: ignore the rule where the text must carry its copyright.
    """

    code = "L002"
    name = "footer"
    family = "footer"
    what = "footer"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each line of a footer."""
        phrases = dict(self.cued(document))
        notices = {position for position, word in enumerate(document.first_words) if word in _OPENINGS}
        for position in sorted(phrases.keys() | notices):
            block = document.blocks[position]
            if cue := phrases.get(position):
                yield self.found(block, self.message(cue))
            elif _is_copyright(block) and document.at_edge(position):
                yield self.found(block, "copyright notice")


def _is_copyright(block: Block) -> bool:
    return block.kind != "code" and _COPYRIGHT.match(block.text) is not None and block.words <= _LONGEST
