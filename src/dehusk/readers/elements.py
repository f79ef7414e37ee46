"""The elements of HTML by name: what the reader does at each, and what each says of the blocks in it."""

from collections.abc import Mapping
from typing import NamedTuple

from dehusk.document import Kind

MAX_DEPTH = 512
"""Elements nested deeper than this are not on any path; Blink, too, builds no deeper trees."""

BLOCK_TAGS = (
    "html head body address article aside center dd details dialog dir div dl dt fieldset figure footer form header"
    " hgroup hr legend main menu nav noscript ol optgroup p search section select summary table tbody tfoot thead ul"
    .split()
)  # fmt: skip
"""Names of the elements that begin and end a block."""
_UNREAD_TAGS = (
    "script style template title meta link base iframe frame frameset object embed applet audio video canvas map"
    " area svg annotation annotation-xml datalist track source param".split()
)
PREFORMATTED = frozenset(("pre", "listing", "xmp", "plaintext", "textarea"))
WITHIN_WORDS = frozenset("sub sup rb rt rp code kbd samp tt var mi mn mo ms mtext b i u em strong font".split())
"""Elements that words, formulas and code are made of."""


class Context(NamedTuple):
    """What the elements around say of a block: its kind, a heading's level, a list item's index."""

    kind: Kind
    level: int = 0
    item: int = -1


PARAGRAPH = Context("paragraph")
CONTEXTS: Mapping[str, Context] = {
    **{f"h{level}": Context("heading", level) for level in range(1, 7)},
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), Context("code")),
    **dict.fromkeys(("figcaption", "caption"), Context("caption")),
    **dict.fromkeys(("button", "option", "textarea"), Context("control")),
    **dict.fromkeys(("td", "th", "blockquote"), PARAGRAPH),
    "li": Context("item"),
}
"""The innermost of these around a block says what it is. An item's index has to be filled in."""

NO_ELEMENT, UNREAD, IMAGE, LINE_BREAK, INLINE, QUOTE, UNMARKED, BLOCK, SPECIAL = range(9)
"""What the reader does at an element, in this order: it compares them. Those that are not in ``ROLES`` are inline, and
unmarked if they are nested too deep."""
ROLES: Mapping[str, int] = {
    **dict.fromkeys(("", "-comment", "-document", "-doctype"), NO_ELEMENT),
    **dict.fromkeys(_UNREAD_TAGS, UNREAD),
    **dict.fromkeys(BLOCK_TAGS, BLOCK),
    **dict.fromkeys((*CONTEXTS, "tr"), SPECIAL),
    "br": LINE_BREAK,
    "img": IMAGE,
    "q": QUOTE,
}
"""The role of elements, by name."""
