"""A filter of one's own: remove corrections and editors' notes, with a reason for each."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import dehusk


@dataclass(frozen=True)
class EditorsNote(dehusk.Rule):
    """Removes editors' notes."""

    code = "X001"
    name = "editors-note"
    cues: tuple[str, ...] = ("editor’s note:", "editor's note:", "correction:")

    def check(self, document: dehusk.Document) -> Iterator[dehusk.Finding]:
        """Yield a finding for each block that begins like an editor's note."""
        for block in document.blocks:
            if block.text.lower().startswith(self.cues):
                yield self.found(block, "an editor's note")


document = dehusk.clean(sys.stdin.buffer.read(), config=dehusk.Config(extra=(EditorsNote(),)))
print(document.text, end="")
for finding in document.findings:
    print(f"line {finding.line}: {finding.rule} {finding.message}", file=sys.stderr)
