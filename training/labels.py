"""Which blocks of an annotated page are main content: its words aligned with those of the annotated text.

The annotation is a text, not a choice of blocks. The words of the page and of the text are aligned as two sequences
(longest common subsequence), and a block is main content when the text has most of its words, in order. Where choosing
the block or not would still improve the page's F1, as for a block that was moved or rewritten, F1 decides.
"""

import re
from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

_WORD = re.compile(r"\w+")
_MOST = 0.6  # share of a block's words that the annotated text must have
_ROUNDS = 4  # passes of the greedy improvement


def words_of(text: str) -> list[str]:
    """Return the words of a text as WCXB counts them."""
    return _WORD.findall(text.lower())


def label(texts: Sequence[str], gold: str) -> list[bool]:
    """Return for each block text of a page whether it belongs to the annotated main text ``gold``."""
    blocks = [words_of(text) for text in texts]
    page = [word for words in blocks for word in words]
    wanted = words_of(gold)
    aligned = _aligned(page, wanted)
    labels, at = [], 0
    for words in blocks:
        found = sum(aligned[at : at + len(words)])
        at += len(words)
        labels.append(bool(words) and found >= _MOST * len(words))
    return _improved(blocks, Counter(wanted), labels)


def _aligned(page: list[str], wanted: list[str]) -> list[int]:
    """Return for each word of the page 1 if the alignment pairs it with a word of the text, else 0."""
    aligned = [0] * len(page)
    for block in LCSseq.opcodes(page, wanted):
        # Single words that happen to agree between two longer gaps say nothing.
        if block.tag == "equal" and (block.src_end - block.src_start >= 2 or len(wanted) < 10):
            aligned[block.src_start : block.src_end] = [1] * (block.src_end - block.src_start)
    return aligned


def _improved(blocks: list[list[str]], wanted: Counter[str], labels: list[bool]) -> list[bool]:
    """Return the labels after flipping, one at a time and in order, each that raises the page's F1."""
    labels = labels.copy()
    taken: Counter[str] = Counter()
    for words, chosen in zip(blocks, labels, strict=True):
        if chosen:
            taken.update(words)
    hits, size, total = (taken & wanted).total(), taken.total(), wanted.total()
    for _ in range(_ROUNDS):
        flipped = False
        for i, words in enumerate(blocks):
            sign = -1 if labels[i] else 1
            gain = 0
            for word, count in Counter(words).items():
                before = min(taken[word], wanted[word])
                gain += min(taken[word] + sign * count, wanted[word]) - before
            new_size = size + sign * len(words)
            if words and (hits + gain) * (size + total) > hits * (new_size + total):
                labels[i] = not labels[i]
                flipped = True
                hits, size = hits + gain, new_size
                for word in words:
                    taken[word] += sign
        if not flipped:
            break
    return labels


def counted(output: str, gold: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words in ``output``, as WCXB scores them."""
    found, wanted = Counter(words_of(output)), Counter(words_of(gold))
    if not wanted:
        perfect = 0.0 if found else 1.0
        return perfect, perfect, perfect
    shared = (found & wanted).total()
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / found.total(), shared / wanted.total()
    return precision, recall, 2 * precision * recall / (precision + recall)
