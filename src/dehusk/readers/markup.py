"""Repairs to a page before it is parsed: of what would take the parser too long, or make it lose the rest."""

import re
from collections import defaultdict

from dehusk.readers.elements import BLOCK_TAGS, MAX_DEPTH

# The parser looks through the open elements at many a tag, so that its time grows with the square of their number.
_SAFE_TAGS = 20_000
_MOST_OPEN = MAX_DEPTH * 4
_LONG = 1 << 13  # bytes; a tag with too many attributes has more
_MOST_ATTRIBUTES = 1000
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NOSCRIPT, _NOSCRIPT_END = re.compile(rb"(?i)<noscript"), re.compile(rb"(?i)</noscript")
_LONGEST_TAG = 1 << 16  # bytes; so far the end of a tag is looked for
_TAG = re.compile(rb"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*))")
_RAW_TEXT_END = {
    name: re.compile(rb"(?i)</" + name) for name in (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe")
}
_UNCLOSED = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup td th tr tbody"
    b" thead tfoot rp rt".split()
)
# Elements that a parser opens again in the next paragraph, but for links, which end where the next one begins.
_NAME = rb"<(?=[bBcCeEfFiIsStTuU])(?i:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s/>])"
_FORMATTING = re.compile(_NAME + rb"[^>]*")
_FORMATTED = re.compile(rb"(" + _NAME + rb")(?:(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+(?=>)|[^>]*+)")
_ALIKE = 3
_MOST_COPIES = 1_000_000
# In XHTML a tag may end its own element; a parser of HTML would take what follows for the content of that.
_XHTML = re.compile(rb"^\s*<\?xml\b|xmlns=[\"']http://www\.w3\.org/1999/xhtml")
_HEAD = 1024  # bytes in which a page says that it is XHTML
_VOID = b"area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_EMPTY = re.compile(rb"<(?!(?:" + _VOID + rb")[\s/])([a-zA-Z][\w:.-]*+)([^<>]*)/>")
# Elements whose end is the end of all that is still open in them. Others end alone, as in "<b><div></b>".
_ENCLOSING = frozenset(name.encode() for name in BLOCK_TAGS) - _UNCLOSED - {b"form"}


def repaired(page: bytes) -> bytes:
    """Return a page that a parser can read in time proportional to its size, and to its end."""
    if _XHTML.search(page, 0, _HEAD):
        page = _EMPTY.sub(rb"<\1\2></\1>", page)
    page = _without_tags(_without_floods(page), _open_frames(page))
    tags = page.count(b"<")
    return _shallow(_uniform(page, tags), tags)


def _without_floods(page: bytes) -> bytes:
    """Return ``page`` without the attributes of tags that have thousands: the parser compares each with all others."""
    parts: list[bytes] = []
    done = at = 0
    while at + _LONG < len(page):
        if (end := page.rfind(b">", at, at + _LONG)) >= 0:
            at = end + 1  # most pages are gone through in a few such steps
            continue
        end = page.find(b">", at)
        match = _TAG.search(page, at, end) if end >= 0 else None
        if match and len(_QUOTED.sub(b"", page[match.end() : end]).split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES:
            parts.append(page[done : match.end()])
            done = end
        at = end + 1 or len(page)
    return b"".join([*parts, page[done:]]) if parts else page


def _uniform(page: bytes, tags: int) -> bytes:
    """Return ``page`` with bold text and the like without attributes where too many of these tags differ.

    What is bold and does not end goes on in each paragraph that follows, in a copy of its own, unless three elements
    with the same attributes are open already.
    """
    most = _MOST_COPIES // (_ALIKE * tags + 1) + 1
    known = set(_FORMATTING.findall(page))
    if len(known) <= most:
        return page
    known.clear()

    def plain(match: re.Match[bytes]) -> bytes:
        if len(known) < most:
            known.add(match[0])
        return match[0] if match[0] in known else match[1]

    return _FORMATTED.sub(plain, page)


def _shallow(page: bytes, tags: int) -> bytes:
    """Return ``page`` without the tags of elements nested absurdly deep, whose text moves up to their ancestor.

    Ends of elements that are not open are taken out as well, as the parser would look for each of them.
    """
    if tags < _SAFE_TAGS:
        return page
    cuts: list[int] = []
    stack: list[bytes] = []  # names of the open elements, nothing where one has ended inside of others
    places: defaultdict[bytes, list[int]] = defaultdict(list)  # where in the stack they are
    depth = at = 0
    while match := _TAG.search(page, at):
        at = match.end()
        comment, closing, name = match.groups()
        if comment:
            at = page.find(b"-->", at)
            if at < 0:
                break
            continue
        name = name.lower()
        if name in _UNCLOSED and depth < _MOST_OPEN:
            continue
        if (places[b"svg"] or places[b"math"]) and page[page.find(b">", at, at + _LONGEST_TAG) - 1] == ord("/"):
            continue  # only in these does a tag end its own element
        if depth >= _MOST_OPEN or (closing and not places[name]):
            cuts.append(match.start())
        if not closing:
            places[name].append(len(stack))
            stack.append(name)
            depth += 1
            if name in _RAW_TEXT_END:
                end = _RAW_TEXT_END[name].search(page, at)
                if end is None:
                    break
                at = end.start()
        elif places[name]:
            if name in _ENCLOSING:
                inner = stack[places[name][-1] + 1 :]
                for other in filter(None, inner):
                    places[other].pop()
                    depth -= 1
                del stack[len(stack) - len(inner) :]
            stack[places[name].pop()] = b""
            depth -= 1
            while stack and not stack[-1]:
                del stack[-1]
    return _without_tags(page, cuts)


def _open_frames(page: bytes) -> list[int]:
    """Return where frames begin that do not end in the ``noscript`` they are in.

    To a browser with scripts the content of ``noscript`` is no markup. Here it is, and such a frame, which is common in
    the code of trackers, would swallow the rest of the page.
    """
    found = []
    start = _NOSCRIPT.search(page)
    while start and (end := _NOSCRIPT_END.search(page, start.end())):
        frame = page[start.end() : end.start()].lower().rpartition(b"<iframe")
        if frame[1] and b"</iframe" not in frame[2]:
            found.append(start.end() + len(frame[0]))
        start = _NOSCRIPT.search(page, end.end())
    return found


def _without_tags(page: bytes, starts: list[int]) -> bytes:
    if not starts:
        return page
    parts: list[bytes] = []
    at = 0
    for start in starts:
        if start >= at:
            parts.append(page[at:start])
            at = page.find(b">", start) + 1 or len(page)
    parts.append(page[at:])
    return b"".join(parts)
