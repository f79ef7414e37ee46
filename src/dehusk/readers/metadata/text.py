"""Text of attributes and of elements, in one line and of bounded length."""

import re
from html import unescape

from selectolax.lexbor import LexborNode

_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff\ud800-\udfff]")
_LONGEST = 2_000  # characters; no title and no name is longer

_MOST_NODES = 80


def folded(text: str) -> str:
    """Return text in one line, without control characters and references that were escaped twice."""
    text = unescape(text[:_LONGEST]) if "&" in text else text[:_LONGEST]
    return _SPACES.sub(" ", text if text.isascii() else _INVISIBLE.sub("", text)).strip()


def pieces(node: LexborNode, limit: int) -> list[str]:
    """Return the texts inside an element, one a text node, or nothing if they are more than ``limit`` characters.

    The walk ends early in an element that holds much, so that its time is bounded whatever the page.
    """
    found: list[str] = []
    length = 0
    stack = [node.first_child]
    for _ in range(_MOST_NODES):
        if not stack:
            return found
        child = stack.pop()
        if child is None:
            continue
        stack.append(child.next)
        if child.is_text_node:
            text = folded(child.text_content or "")
            length += len(text)
            if length > limit:
                return []
            if text:
                found.append(text)
        elif child.tag not in ("script", "style", "svg", "template", "noscript"):
            stack.append(child.first_child)
    return [] if any(child is not None for child in stack) else found
