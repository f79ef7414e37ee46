"""What every rule is: a frozen dataclass whose fields are its options and whose docstring is its documentation."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, ClassVar

from dehusk.document import Block, Document, Finding, Range
from dehusk.edits import Drop, Edit, Replace

_DROP = Drop()


def option(default: Any, help: str, *, least: int = 0, most: float = inf) -> Any:  # noqa: A002
    """Return a dataclass field for a rule's option, with the line that documents it, and the bounds of a number."""
    metadata = {"help": help, "bounds": (least, most)}
    if isinstance(default, dict):
        return field(default_factory=lambda: default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, eq=False)
class Rule(ABC):
    """One filter. Subclasses set ``code`` and ``name``, add options as fields, and implement :meth:`check`.

    A rule is a pure function of the document: the same document gives the same findings. ``safe`` says that its
    edits lose no content, ``default`` that it runs unless told otherwise, ``looks_around`` that what it finds depends
    on the blocks around, so that it has to look again when some of these are gone. ``linted`` is false for one that
    judges whole texts, whose findings are no use to a linter unless somebody selects it; ``of_files`` is true for one
    that is about files, and not about texts that are a field of a record or a value of a program.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    safe: ClassVar[bool] = False
    default: ClassVar[bool] = True
    looks_around: ClassVar[bool] = False
    linted: ClassVar[bool] = True
    of_files: ClassVar[bool] = False

    @abstractmethod
    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each place this rule minds, with the edit that would mend it."""

    def found(self, block: Block, message: str, edit: Edit | None = _DROP) -> Finding:
        """Return a finding about ``block``, which asks for its removal unless ``edit`` says otherwise."""
        return Finding(self.code, message, block.index, edit)

    def cut(self, block: Block, reasons: Iterable[tuple[Range, str]]) -> Iterator[Finding]:
        """Yield findings that cut inline elements or links out of ``block``, each with its reason.

        A space that would then be doubled or end a line is cut, too. What lies inside a cut one is passed over.
        """
        text, done, before = block.text, 0, ""
        for mark, message in sorted(reasons, key=lambda reason: (reason[0].start, -reason[0].end)):
            start, end = mark.start, mark.end
            if start < done:
                continue
            if start > done:
                before = text[start - 1]
            after = text[end : end + 1]
            if before in ("", "\n") and after == " ":
                end += 1
            elif before == " " and start > done and after in ("", " ", "\n"):
                start -= 1
            yield self.found(block, message, Replace(start, end, ""))
            done = end

    @classmethod
    def documentation(cls) -> str:
        """Return the rule's docstring: a summary line, then what it finds, why, an example, when to keep it."""
        return inspect.getdoc(cls) or ""

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the documentation."""
        return cls.documentation().split("\n", 1)[0]


class Guard(Rule):
    """A rule about what the others do: when it objects, only those whose fixes are safe run."""

    safe = True

    @abstractmethod
    def objection(self, before: Document, after: Document, findings: Sequence[Finding]) -> Finding | None:
        """Return the finding that says why the other rules must not make ``after`` of ``before``, if they must not.

        ``findings`` are theirs, in any order.
        """

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield nothing: by itself a document gives no cause for objection."""
        return iter(())
