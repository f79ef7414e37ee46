"""Running rules over a document: a fold in which each rule sees what the earlier ones left."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, repeat
from operator import attrgetter

from dehusk.collector import uncollected
from dehusk.document import Block, Document, Finding, Range
from dehusk.edits import Drop, Keep, Patch, Replace
from dehusk.rules.base import Guard, Rule

_MAX_ROUNDS = 8  # for texts made to need one round for each of their blocks
_NEWLINE = re.compile(r"\r\n|\r|\n")


@uncollected
def run(document: Document, rules: Iterable[Rule]) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document that ``rules``, in order, leave, and all their findings in order of place.

    Rules that look around a block, and stand next to each other, are run again until none of them removes anything:
    what one removes changes what another sees, and cleaning a text that is clean must change nothing. When a guard
    among the rules objects to what is left, only those rules run whose fixes are safe, and its finding says so.
    """
    rules = tuple(rules)
    others = tuple(rule for rule in rules if not isinstance(rule, Guard))
    cleaned, findings = _fold(document, others)
    for guard in rules:
        if isinstance(guard, Guard) and (objection := guard.objection(document, cleaned, findings)):
            cleaned, findings = _fold(document, (rule for rule in others if rule.safe))
            findings.append(_place(objection, document.blocks[objection.block], document))
            break
    findings.sort(key=attrgetter("block", "line", "column"))
    return cleaned, tuple(findings)


def _fold(document: Document, rules: Iterable[Rule]) -> tuple[Document, list[Finding]]:
    """Return the document that ``rules`` leave, and their findings in the order in which they were made."""
    original = document
    findings: list[Finding] = []
    for looks_around, group in groupby(rules, key=lambda rule: rule.looks_around):
        turn = tuple(group)
        for _ in range(_MAX_ROUNDS if looks_around else 1):
            size = len(document.blocks)
            for rule in turn:
                found = tuple(rule.check(document))
                if found:
                    before = document
                    document, acted = apply(document, found)
                    blocks = (before.blocks[before.places[finding.block]] for finding in acted)
                    findings += map(_place, acted, blocks, repeat(original))
            if len(document.blocks) == size:
                break
    return document, findings


def apply(document: Document, findings: Sequence[Finding]) -> tuple[Document, tuple[Finding, ...]]:
    """Return the document with the edits of one rule's findings made, and the findings that hold.

    A finding that would drop a protected block does not hold and is left out.
    """
    held: list[Finding] = []
    dropped: set[int] = set()
    kept: set[int] = set()
    replaced: dict[int, list[Replace]] = {}
    for finding in findings:
        edit = finding.edit
        if isinstance(edit, Drop):
            if document.blocks[document.places[finding.block]].protected:
                continue
            dropped.add(finding.block)
        elif isinstance(edit, Keep):
            kept.add(finding.block)
        elif isinstance(edit, Replace):
            replaced.setdefault(finding.block, []).append(edit)
        held.append(finding)
    if not (dropped or kept or replaced):
        return document, tuple(held)
    if dropped:
        document = replace(document, blocks=tuple(_without(document.blocks, dropped)))
    if kept or replaced:
        document = replace(document, blocks=tuple(_changed(document, kept, replaced)))
    return document, tuple(held)


def _changed(document: Document, kept: Iterable[int], replaced: Mapping[int, Iterable[Replace]]) -> Iterable[Block]:
    """Return the blocks with some protected and replacements made in some, as far as they are there."""
    blocks = list(document.blocks)
    places = document.places
    for index in kept:
        if (place := places.get(index)) is not None:
            blocks[place] = replace(blocks[place], protected=True)
    emptied = set()
    for index, edits in replaced.items():
        if (place := places.get(index)) is not None:
            block = blocks[place] = _patched(blocks[place], Patch(edits))
            # A block of which nothing is left, such as a line of buttons that were cut one by one, is no block.
            if not block.text and block.kind != "blank":
                emptied.add(index)
    if emptied and document.format == "text":
        blocks, emptied = _merged(blocks, emptied)
    return _without(blocks, emptied) if emptied else blocks


def _merged(blocks: Iterable[Block], emptied: Container[int]) -> tuple[list[Block], set[int]]:
    """Merge blocks of a plain text that were emptied into those above them, so that the white space below stays.

    Nobody asked for its removal but by a finding of its own. The first block of a text becomes a blank one. Where
    something was dropped in between there is nothing to merge; these blocks are returned as well, by their index.
    """
    left: list[Block] = []
    loose: set[int] = set()
    run: list[Block] = []  # those that are merged into the last one that is left
    end = -1  # where that ended in the document as read
    for block in blocks:
        if block.index in emptied and block.tail_start < 0 and block.span[0] == end and left:
            run.append(block)
            end = block.origin(len(block.text + block.tail))
            continue
        if run:
            left[-1] = _with_tails_of(left[-1], run)
            run = []
        if block.index in emptied and block.span[0] == 0:
            block = replace(block, kind="blank")
        elif block.index in emptied:
            loose.add(block.index)
        left.append(block)
        end = block.origin(len(block.text + block.tail))
    if run:
        left[-1] = _with_tails_of(left[-1], run)
    return left, loose


def _with_tails_of(block: Block, emptied: Sequence[Block]) -> Block:
    """Return ``block`` with all that is left of those below it, their tails, behind its own."""
    tails = [block.tail, *(each.tail for each in emptied)]
    patches = list(block.patches)
    at = len(block.text + block.tail)
    if all(len(each.patches) == 1 for each in emptied):  # one for all, as there may be thousands
        edits: list[Replace] = []
        for each in emptied:
            edits += (Replace(edit.start + at, edit.end + at, edit.text) for edit in each.patches[0].edits)
            at += len(each.tail) - each.patches[0].growth
        patches.append(Patch(edits))
    else:
        for each in emptied:
            patches += _moved_patches(each.patches, at)
            at += len(each.tail)
    return replace(block, tail="".join(tails), patches=tuple(patches))


def _without(blocks: Iterable[Block], dropped: set[int]) -> list[Block]:
    """Drop blocks. Of the gaps around them the widest stays; at the end of a document, the last one."""
    left: list[Block] = []
    gaps: list[Block] = []
    for block in blocks:
        if block.index in dropped:
            gaps.append(block)
            continue
        if gaps:
            if left:
                left[-1] = _with_tail_of(left[-1], max([left[-1], *gaps], key=_newlines))
            gaps.clear()
        left.append(block)
    if left and gaps:
        left[-1] = _with_tail_of(left[-1], gaps[-1])
    return left


def _newlines(block: Block) -> int:
    return len(_NEWLINE.findall(block.tail))


def _with_tail_of(block: Block, other: Block) -> Block:
    if other is block:
        return block
    tail_start = other.tail_start if other.tail_start >= 0 else other.span[1]
    if block.patches or other.patches:
        (text, _), (_, tail) = _parted(block), _parted(other)
        patches = (*text, *_moved_patches(tail, len(block.text)))
        return replace(block, tail=other.tail, tail_start=tail_start, patches=patches)
    return replace(block, tail=other.tail, tail_start=tail_start)


def _parted(block: Block) -> tuple[list[Patch], list[Patch]]:
    """Return what was replaced in the text of a block, and what in its tail, counted from where that begins."""
    text: list[Patch] = []
    tail: list[Patch] = []
    size = block.span[1] - block.span[0]
    for patch in block.patches:
        text.append(Patch(edit for edit in patch.edits if edit.start < size))
        tail += _moved_patches([Patch(edit for edit in patch.edits if edit.start >= size)], -size)
        size = patch.forward(size)
    return text, tail


def _moved_patches(patches: Iterable[Patch], by: int) -> list[Patch]:
    """Return patches that do the same so many characters further on."""
    return [Patch(Replace(edit.start + by, edit.end + by, edit.text) for edit in patch.edits) for patch in patches]


def _patched(block: Block, patch: Patch) -> Block:
    """Return ``block`` with ``patch`` made to its text and tail, and its links and marks moved along."""
    end = len(block.text)
    whole = patch.apply(block.text + block.tail)
    cut = patch.forward(end)
    return Block(  # of which there may be thousands, and dataclasses.replace takes several times as long
        kind=block.kind,
        text=whole[:cut],
        index=block.index,
        line=block.line,
        span=block.span,
        tail=whole[cut:],
        level=block.level,
        links=_moved(block.links, patch) if block.links else (),
        marks=_moved(block.marks, patch) if block.marks else (),
        element=block.element,
        language=block.language,
        images=block.images,
        protected=block.protected,
        tail_start=block.tail_start,
        patches=(*block.patches, patch),
    )


def _moved(ranges: tuple[Range, ...], patch: Patch) -> tuple[Range, ...]:
    moved = (replace(r, start=patch.forward(r.start), end=patch.forward(r.end)) for r in ranges)
    return tuple(r for r in moved if r.start < r.end)


def _place(finding: Finding, block: Block, original: Document) -> Finding:
    """Return the finding with its line, column, text and span, counted in the document as read."""
    if isinstance(finding.edit, Replace):
        start, end = finding.edit.start, finding.edit.end
        size = len(block.text)
        # Not of text and tail joined: a long block with many findings would be copied for each of them.
        text = block.text[start:end] + block.tail[max(0, start - size) : max(0, end - size)]
    else:
        text = block.text or block.tail  # of a blank block, the white space that it is
        start, end = 0, len(text)
    # A block that nothing was done to stands where it was read, and begins a line, as the blocks of pages always do.
    whole = not isinstance(finding.edit, Replace)
    span = block.span if whole and block.text and not block.patches else block.region(start, end)
    if block.patches and original.format == "text":
        text = original.source[slice(*span)]  # what stood there, and not what it was mended to
    begins = whole and (original.format == "html" or span[0] == block.span[0])
    line, column = (block.line, 1) if begins else original.place(span[0])
    return Finding(finding.rule, finding.message, finding.block, finding.edit, line, column, text, span)
