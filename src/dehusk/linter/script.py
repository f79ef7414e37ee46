"""From a cleaned document back to its source: the fewest replacements that make the one of the other."""

from collections.abc import Iterator
from itertools import pairwise

from dehusk.document import Block, Document
from dehusk.edits import Replace


def script(document: Document) -> tuple[Replace, ...]:
    """Return the replacements in ``document.source`` that make it ``document.text``, in order.

    ``document`` is a plain text, cleaned. What it has in common with its source is in no replacement.
    """
    source = document.source
    edits: list[Replace] = []
    at = 0
    new: list[str] = []
    for origin, piece in _pieces(document):
        if origin >= at and source.startswith(piece, origin):
            if origin > at or new:
                edits.append(Replace(at, origin, "".join(new)))
                new = []
            at = origin + len(piece)
        else:
            new.append(piece)
    if at < len(source) or new:
        edits.append(Replace(at, len(source), "".join(new)))
    return tuple(edits)


def _pieces(document: Document) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces none of which a replacement begins or ends inside, and where each stood."""
    for block in document.blocks:
        whole = block.text + block.tail
        for start, end in pairwise(_seams(block)):
            yield block.origin(start), whole[start:end]


def _seams(block: Block) -> list[int]:
    """Return the offsets in ``text + tail`` between which characters stand as they stood in the source."""
    size = len(block.text) + len(block.tail)
    seams = {0, len(block.text), size}
    for number, patch in enumerate(block.patches):
        offsets = {patch.forward(edit.end) for edit in patch.edits}
        offsets |= {patch.forward(edit.end) - len(edit.text) for edit in patch.edits}
        for later in block.patches[number + 1 :]:
            offsets = {later.forward(offset) for offset in offsets}
        seams |= offsets
    return sorted(offset for offset in seams if 0 <= offset <= size)
