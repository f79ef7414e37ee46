"""What stands on a page a second time, as where there is a copy of it for phones: both models keep it but once."""

from collections.abc import Iterable, Iterator

from dehusk.document import PROSE_WORDS, Block

REASON = "stands above already"


def copies(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks whose text one of those before them has.

    Short ones are left out: labels, answers and refrains are said more than once. So is code.
    """
    seen: set[str] = set()
    for block in blocks:
        if block.text in seen and block.words >= PROSE_WORDS and block.kind != "code":
            yield block
        seen.add(block.text)
