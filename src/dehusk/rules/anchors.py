"""N003 and N005: signs that are links to a part of the page."""

import re
from collections.abc import Iterator

from dehusk.document import Block, Document, Finding, Link
from dehusk.edits import Replace
from dehusk.rules.base import Rule

_ANCHORS = frozenset(("¶", "#", "§", "🔗", "⚓", "#️⃣"))
_HEADING_LENGTH = 200  # characters
_HEADING_WORDS = 12
_EDIT = (
    "edit|bearbeiten|modifier|editar|modifica|править|редактировать|edytuj|bewerken|redigera|rediger|muokkaa|upravit"
    "|szerkesztés|düzenle|编辑|編集"
)
_EDIT_LINK = rf"\[\s?(?:{_EDIT})(?![^\W_])[^\[\]\n]{{0,40}}\]"
_AT_END = re.compile(rf"\s*(?:¶|{_EDIT_LINK})$", re.IGNORECASE)
_AT_START = rf"{_EDIT_LINK}\s*(?=\S)"


class HeadingAnchor(Rule):
    """Removes from headings the sign that links to them, and the link to edit what is below.

    What it finds: a pilcrow (¶) or "[edit]", also in other languages, at the end of a heading, in pages "[edit]" also
    in front of it, and a link to a part of a page that consists of a sign such as # or §.

    Why: documentation and wikis add them to every heading; they are for the mouse.

    Example:

        - Rain gauges ¶
        + Rain gauges

          A gauge stands in the open.

    When to keep it: ignore the rule for texts about proofreading.
    """

    code = "N003"
    name = "heading-anchor"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each sign."""
        if document.format == "text" and not ("¶" in document.whole or "]" in document.whole):
            return
        for block in document.blocks:
            if edit := _edit_link(block) or _sign_at_end(block, document):
                yield self.found(block, "link of a heading", edit)
            elif block.kind == "heading" and block.links and len(block.text) <= _HEADING_LENGTH:
                text = block.text
                anchors = (link for link in block.links if "#" in link.url and text[link.start : link.end] in _ANCHORS)
                yield from self.cut(block, ((link, "link of a heading") for link in anchors if text not in _ANCHORS))


def _edit_link(block: Block) -> Replace | None:
    """Return what cuts a link to edit off the beginning of a heading, if there is one."""
    if not (block.kind == "heading" and block.links and block.text.startswith("[")):
        return None
    match = re.match(_AT_START, block.text, re.IGNORECASE)
    return Replace(0, match.end(), "") if match else None


def _sign_at_end(block: Block, document: Document) -> Replace | None:
    """Return what cuts a pilcrow or a link to edit off the end of what may be a heading, if there is one."""
    text = block.text
    if not text.endswith(("¶", "]")) or len(text) > _HEADING_LENGTH or not _may_be_heading(block, document):
        return None
    match = _AT_END.search(text)
    return Replace(match.start(), len(text), "") if match and match.start() else None


def _may_be_heading(block: Block, document: Document) -> bool:
    if document.format == "html":  # signatures of functions are no headings, but have such links
        return block.kind == "heading" or (block.kind == "paragraph" and any("#" in link.url for link in block.links))
    return block.kind in ("heading", "paragraph") and "\n" not in block.text and block.words <= _HEADING_WORDS


# The arrow that writers of Markdown put there, which nothing else ends with, and other signs if they are links.
_RETURN = re.compile(r"(?:[ \u00a0]*+↩[\ufe0e\ufe0f]?\d{0,3})++$")
_BACK = frozenset(("^", "↑", "⤴", "⏎", "↵", "⇑"))


class Backlink(Rule):
    """Removes from footnotes the signs that lead back to where they are referred to.

    What it finds: the arrow ↩ at the end of a line and, in pages, a link to a part of the page that consists of a sign
    such as ^ or ↑ at the beginning or the end of a paragraph or an item.

    Why: they are for the mouse.

    Example:

        - Gauges were read at nine. ↩
        + Gauges were read at nine.

    When to keep it: ignore the rule for texts about keyboards.
    """

    code = "N005"
    name = "backlink"

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each sign, or run of arrows."""
        if document.format == "text" and "↩" not in document.whole:
            return
        for block in document.blocks:
            if block.kind not in ("paragraph", "item"):
                continue
            match = _RETURN.search(block.text) if "↩" in block.text else None
            if match and match.start():
                yield self.found(block, "link back from a footnote", Replace(match.start(), len(block.text), ""))
                continue
            signs = (link for link in block.links if _leads_back(link, block.text))
            yield from self.cut(block, ((link, "link back from a footnote") for link in signs))


def _leads_back(link: Link, text: str) -> bool:
    at_end = not text[: link.start].strip() or not text[link.end :].strip()
    return at_end and link.url.startswith("#") and text[link.start : link.end] in _BACK and text not in _BACK
