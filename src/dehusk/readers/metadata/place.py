"""Where on a page its author and its date stand: near the title or announced by a label, and not in an aside."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, zip_longest

from selectolax.lexbor import LexborNode

from dehusk.document import Block
from dehusk.readers.metadata.classes import names_aside

_HIGHEST = 40  # ancestors
_ASIDE_TAGS = frozenset(("aside", "nav", "dialog"))

# How many blocks below and above the title may hold author and date, and how many paragraphs end the search below it.
_BELOW = 12
_ABOVE = 6
_PARAGRAPHS = 3
_SHORT = 240  # characters; longer blocks are paragraphs

_ANNOUNCED = 120  # characters
_ANNOUNCEMENTS = (
    "posted by", "posted on", "written by", "published by", "published on", "published:", "author:", "started by",
    "article by", "post by", "veröffentlicht am", "geschrieben von", "autor:", "publié le", "publié par", "écrit par",
    "publicado el", "publicado em", "publicado por", "escrito por", "pubblicato il", "scritto da", "geplaatst op",
    "geplaatst door", "opublikowano", "updated:", "updated ", "last updated", "опубликовано", "автор:",
)  # fmt: skip
_BEGINNINGS = frozenset(case(words[:2]) for words in _ANNOUNCEMENTS for case in (str, str.title, str.upper))


def surroundings(nodes: Iterable[LexborNode]) -> frozenset[int]:
    """Return the ids of all elements around ``nodes``."""
    return frozenset(above.mem_id for node in nodes for above in _ancestors(node))


def is_aside(node: LexborNode, around_title: frozenset[int]) -> bool:
    """Return whether an element stands where a page has comments, reviews or other articles.

    ``around_title`` are the ids of the elements around the page's largest headings, which are no asides whatever they
    are called: a class such as ``has-sidebar`` may be given to all of a page.
    """
    for above in _ancestors(node):
        if above.mem_id in around_title or above.tag == "body":
            return False
        attributes = above.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
        if above.tag in _ASIDE_TAGS or any(map(names_aside, names)):
            return True
    return False


def is_block_aside(block: Block, title: Block | None) -> bool:
    """Return whether a block stands in an aside: as :func:`is_aside`, for a block and that of the title."""
    shared = title.path if title else block.path[:2]
    own = dropwhile(lambda pair: pair[0] is pair[1], zip_longest(block.path, shared[: len(block.path)]))
    return any(
        element.tag in _ASIDE_TAGS or names_aside(element.id) or any(map(names_aside, element.classes))
        for element, _ in own
    )


def title_position(blocks: Sequence[Block], title: str) -> int:
    """Return where the title stands: at a heading that is most of it, or the first of the largest; else -1.

    On a page without headings it stands where a line says the same, the first of a block.
    """
    wanted = title.lower()
    largest = same = -1
    for position, block in enumerate(blocks):
        if block.kind == "heading":
            text = block.text.lower()
            if 2 * len(text) > len(wanted) and (text in wanted or (wanted and wanted in text)):
                return position
            if largest < 0 and block.level == 1:
                largest = position
        elif same < 0 and block.text.partition("\n")[0] == title:
            same = position
    return same if largest < 0 else largest


def near(blocks: Sequence[Block], position: int) -> Sequence[str]:
    """Return the short texts around a title: those below it, then those above it, each from the title outward.

    What is prose tells of other days and people than those of the page.
    """
    own = blocks[position].text.partition("\n")[2] if position >= 0 else ""
    below = [own] if own else []
    paragraphs = 0
    for block in blocks[position + 1 : position + 1 + 2 * _BELOW]:
        if _may_tell(block):
            below.append(block.text)
        else:
            paragraphs += 1
        if paragraphs == _PARAGRAPHS or len(below) == _BELOW:
            break
    above = blocks[max(0, position - _ABOVE) : max(0, position)]
    return [*below, *(block.text for block in reversed(above) if _may_tell(block))]


def _may_tell(block: Block) -> bool:
    return len(block.text) < _SHORT and not block.prose


def announcing(blocks: Sequence[Block]) -> Sequence[str]:
    """Return the short texts, wherever they stand, that begin with a word that announces an author or a date."""
    return [
        block.text
        for block in blocks
        if block.text[:2] in _BEGINNINGS
        and len(block.text) < _ANNOUNCED
        and block.text[:20].lower().startswith(_ANNOUNCEMENTS)
    ]


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(_HIGHEST):
        if above is None:
            return
        yield above
        above = above.parent
