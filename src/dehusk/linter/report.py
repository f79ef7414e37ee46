"""What a check comes to: findings, by file."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Fix = Literal["safe", "unsafe", "none"]

MARKS: Mapping[Fix, str] = {"safe": "[*]", "unsafe": "[-]", "none": ""}
"""What stands beside a message: whether ``--fix`` mends it, or only with ``--unsafe-fixes``, or neither."""

WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding in one file, with everything that the formats of output say of it.

    ``line`` and ``column`` count from 1, in characters, and the end is the first place behind. ``record`` is the line
    of a JSON Lines file in whose text they count, 0 for other files. ``text`` is what the finding is about and
    ``replacement`` what a fix puts in its place, ``None`` if there is no fix. ``excerpt`` is the part of the line to
    show, which begins at ``excerpt_column``; ``key`` is a digest of the whole line, or ``WHOLE`` for what is about the
    text and not about a line.
    """

    rule: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    fix: Fix
    text: str
    replacement: str | None
    excerpt: str
    excerpt_column: int
    key: str
    record: int = 0

    def to_dict(self, file: str) -> dict[str, Any]:
        """Return the finding as the formats ``json`` and ``jsonl`` show it."""
        hidden = ("excerpt", "excerpt_column", "key", "record")
        shown = {key: value for key, value in asdict(self).items() if key not in hidden}
        return {"file": file, "record": self.record or None} | shown


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in one file.

    ``problems`` say what could not be checked or changed, ``fixed`` counts the findings that were fixed, ``diff`` is
    what a fix would change, and ``output`` what becomes of standard input, ``None`` if it stays as it is.
    """

    file: str
    findings: tuple[Diagnostic, ...] = ()
    problems: tuple[str, ...] = ()
    fixed: int = 0
    diff: str = ""
    output: bytes | None = None
