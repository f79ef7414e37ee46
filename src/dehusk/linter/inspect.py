"""One text: what the rules find in it, and what fixing that would change."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from dehusk.document import Document, Finding
from dehusk.edits import Drop, Replace
from dehusk.linter.report import WHOLE, Diagnostic, Fix
from dehusk.linter.script import script
from dehusk.pipeline import run
from dehusk.readers.text import parse
from dehusk.rules import Rule
from dehusk.rules.base import Guard
from dehusk.rules.over_removal import OverRemoval

_BEFORE, _WIDTH, _STEP = 40, 160, 40
"""How many characters of a long line are shown in front of a finding, at least, and altogether.

What is shown begins at a multiple of so many, so that findings close to each other share it.
"""


@dataclass(frozen=True)
class Inspection:
    """The findings in a text, and what safe fixes, and all fixes, leave of it; ``None`` if it must not be changed.

    Only whole lines, and what is ASCII, may be changed of a text that is ``guessed``.
    """

    findings: tuple[Diagnostic, ...]
    mended: Document | None = None
    removed: Document | None = None
    guessed: bool = False

    @cached_property
    def safe(self) -> tuple[Replace, ...]:
        """The replacements in the text that safe fixes make."""
        return self._allowed(self.mended)

    @cached_property
    def unsafe(self) -> tuple[Replace, ...]:
        """The replacements in the text that all fixes make."""
        return self._allowed(self.removed)

    def _allowed(self, document: Document | None) -> tuple[Replace, ...]:
        edits = script(document) if document else ()
        if not (document and self.guessed):
            return edits
        texts = (document.source[edit.start : edit.end] for edit in edits)
        return tuple(edit for edit, text in zip(edits, texts, strict=True) if text.isascii() or "\n" in text)


def inspect(
    source: str,
    rules: Sequence[Rule],
    *,
    name: str = "",
    record: int = 0,
    fixable: bool = True,
    guessed: bool = False,
) -> Inspection:
    """Return what ``rules`` find in a plain text, in order of place; ``name`` is that of its file.

    Of a text that is ``guessed``, as nothing tells its encoding, what looks like an odd space may be a letter.

    Rules whose fixes are safe look at the text as it is; those that remove content at what safe rules leave. Where the
    latter would remove more than rule over-removal allows, its finding is added and theirs are not fixable.
    """
    document = replace(parse(source), name=name)
    first, rest = _parted(rules)
    removed, found = run(document, first)
    harmless = {rule.code for rule in rules if rule.safe}
    content = [finding for finding in found if finding.rule not in harmless]
    if content:
        mended, mending = run(document, [rule for rule in rules if rule.safe and not isinstance(rule, Guard)])
        removed, _ = run(removed, rest)
        objection = _objection(mended, removed, rules)
        found = (*mending, *content, *objection)
    else:
        mended, mending = run(removed, rest)
        found = (*found, *mending)
        objection = ()
    whole = bool(objection) or not content
    if whole:
        removed = mended
    lines = _Lines(document)
    findings = tuple(
        lines.diagnostic(finding, _fix(finding, harmless, whole, guessed) if fixable else "none", record)
        for finding in sorted(found, key=lambda finding: (finding.line, finding.column, finding.rule))
    )
    return Inspection(findings, mended, removed, guessed) if found and fixable else Inspection(findings)


def _parted(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules up to the last that removes content, with all guards, and the rest, which change nothing of it.

    Where there is content to remove, what the rest finds in what is left of a text is of no interest but to fixes.
    """
    end = max((number for number, rule in enumerate(rules, 1) if not rule.safe), default=0)
    guards = (rule for rule in rules[end:] if isinstance(rule, Guard))
    return (*rules[:end], *guards), tuple(rule for rule in rules[end:] if not isinstance(rule, Guard))


def _fix(finding: Finding, harmless: Iterable[str], whole: bool, guessed: bool) -> Fix:
    if not isinstance(finding.edit, Drop | Replace):
        return "none"
    if finding.rule in harmless:
        return "safe" if finding.text.isascii() or not guessed else "none"
    return "none" if whole else "unsafe"


def _objection(mended: Document, removed: Document, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return the finding that too much would be removed, of prose or not, if rule over-removal runs and it would.

    Words are counted as safe fixes leave them, so that the verdict is the same when these are made.
    """
    guard = next((rule for rule in rules if isinstance(rule, OverRemoval)), None)
    gone = _gone(mended, removed)
    if guard is None or any(gone <= guard.max_share * words for words in accumulate(_words(mended))):
        return ()
    words = sum(_words(mended))
    block = mended.blocks[mended.first]
    message = f"left whole: the rules together would remove {gone / words:.0%} of the words"
    line, column = mended.place(block.span[0])
    return (Finding(guard.code, message, block.index, None, line, column, block.text, block.span),)


def _gone(before: Document, after: Document) -> int:
    """Return how many words of ``before`` are gone, looking only at blocks that are not the same."""
    left = {block.index: block for block in after.blocks}
    changed = ((block, left.get(block.index)) for block in before.blocks)
    return sum(old.words - (new.words if new else 0) for old, new in changed if not new or old.text != new.text)


def _words(document: Document) -> Iterator[int]:
    return (block.words for block in document.blocks)


class _Lines:
    """The lines of a document, for what findings say of them; each is looked at once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[int, tuple[int, str]] = {}
        self._shown = -1, ""

    def diagnostic(self, finding: Finding, fix: Fix, record: int) -> Diagnostic:
        start, end = finding.span
        end_line, end_column = self._document.place(end)
        line_start = start - finding.column + 1
        line_end, key = self._line(line_start)
        shown = line_start
        if line_end - line_start > _WIDTH:
            shown += max(0, start - _BEFORE - line_start) // _STEP * _STEP
        edit = finding.edit if fix != "none" else None
        return Diagnostic(
            rule=finding.rule,
            message=finding.message,
            line=finding.line,
            column=finding.column,
            end_line=end_line,
            end_column=end_column,
            fix=fix,
            text=self._document.source[start:end],
            replacement=edit.text if isinstance(edit, Replace) else "" if edit else None,
            excerpt=self._excerpt(shown, min(line_end, shown + _WIDTH)),
            excerpt_column=shown - line_start + 1,
            key=WHOLE if finding.rule == OverRemoval.code else key,
            record=record,
        )

    def _excerpt(self, start: int, end: int) -> str:
        if self._shown[0] != start:
            self._shown = start, self._document.source[start:end]
        return self._shown[1]

    def _line(self, start: int) -> tuple[int, str]:
        """Return where the line ends that begins at ``start``, and a digest of it, or of the text above if blank."""
        if start not in self._known:
            source = self._document.source
            end = _line_end(source, start)
            line = source[start:end]
            if not line.strip():
                above = source[max(0, start - _WIDTH) : start].rstrip()
                line = above[max(above.rfind("\n"), above.rfind("\r")) + 1 :]
            digest = hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8)
            self._known[start] = end, digest.hexdigest()
        return self._known[start]


def _line_end(source: str, start: int) -> int:
    """Return where the line that begins at ``start`` ends. Line ends are as readers count them."""
    end = source.find("\n", start)
    end = len(source) if end < 0 else end
    carriage = source.find("\r", start, end)
    return end if carriage < 0 else carriage
