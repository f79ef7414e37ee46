"""Plain text: what the blocks say, with the white space that stands between them."""

from dehusk.document import Document


def write(document: Document) -> str:
    """Return the texts of all blocks, each followed by its tail."""
    return "".join([block.text + block.tail for block in document.blocks])
