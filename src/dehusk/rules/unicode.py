"""U001 to U003: text that was damaged or never normalized on its way through encodings."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from dehusk.document import Document, Finding
from dehusk.edits import Replace
from dehusk.rules.base import Rule

# What a character of UTF-8 turns into when it is decoded as something else: at least two characters, none of them
# ASCII, but that a later step may have made a plain space of a non-breaking one.
_SUSPECT = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|(?<=[ÂÃâà]) )")


class Mojibake(Rule):
    """Repairs text that was decoded with the wrong encoding.

    What it finds: sequences such as `â€™` that arise when UTF-8 is read as Windows-1252 or a similar encoding. The
    repair is ftfy's `fix_encoding`, which changes a text only when the result is clearly less damaged.

    Why: mojibake makes words unfindable, and models learn it.

    Example:

        - Itâ€™s raining.
        + It’s raining.

    When to keep it: ignore the rule for texts about encodings, which quote mojibake on purpose, or speak of Â and Ã.
    """

    code = "U001"
    name = "mojibake"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for the damaged part of each block."""
        suspects = [block for block in document.blocks if not block.text.isascii() and _SUSPECT.search(block.text)]
        if not suspects:
            return  # ftfy takes a while to load
        from ftfy import fix_encoding

        for block in suspects:
            fixed = fix_encoding(block.text)
            if fixed != block.text:
                edit = smallest_replace(block.text, fixed)
                message = f"mojibake: {_quote(block.text[edit.start : edit.end])} reads {_quote(edit.text)}"
                yield self.found(block, message, edit)


@cache
def _control() -> re.Pattern[str]:
    """Return an expression for what a terminal may obey; it takes a while to compile.

    That is an escape sequence of terminals (ECMA-48) as a whole, else a control character, surrogate or noncharacter.
    Tab and the line ends are white space; form feed, vertical tab and NEL count as such too.
    """
    noncharacters = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    return re.compile(
        r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)|\x1b[ -/]*[0-~]"
        rf"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{noncharacters}]"
    )


class ControlCharacters(Rule):
    """Removes control characters and terminal escape sequences.

    What it finds: C0 and C1 controls other than white space, ANSI escape sequences, lone surrogates and Unicode
    noncharacters.

    Why: they are invisible, break parsers, and can command the terminal of whoever prints the text.

    Example:

        - Rain is <ESC>[1mexpected<ESC>[0m.
        + Rain is expected.

    When to keep it: there is hardly a reason to ignore the rule.
    """

    code = "U002"
    name = "control-characters"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for each run of control characters."""
        for block in [block for block in document.blocks if not block.text.isprintable()]:
            for match in _control().finditer(block.text):
                message = f"control character U+{ord(match[0][0]):04X}" if len(match[0]) == 1 else "escape sequence"
                yield self.found(block, message, Replace(*match.span(), ""))


class Normalization(Rule):
    """Composes characters that were written as a letter and a separate accent.

    What it finds: text that is not in Unicode's Normalization Form C.

    Why: the same word in two spellings is two words to an index, a deduplicator or a tokenizer.

    Example:

        - Rain in the cafe<COMBINING ACUTE>.
        + Rain in the café.

    When to keep it: ignore the rule where text must stay comparable with a source that is not normalized.
    """

    code = "U003"
    name = "normalization"
    safe = True

    def check(self, document: Document) -> Iterator[Finding]:
        """Yield a finding for the part of each block that is not normalized."""
        if document.whole.isascii():
            return
        for block in document.blocks:
            if not unicodedata.is_normalized("NFC", block.text):
                edit = smallest_replace(block.text, unicodedata.normalize("NFC", block.text))
                yield self.found(block, f"not in NFC: {_quote(edit.text)}", edit)


def smallest_replace(old: str, new: str) -> Replace:
    """Return the replacement that turns ``old`` into ``new`` and leaves their common ends alone."""
    start, shortest = 0, min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return Replace(start, len(old) - end, new[start : len(new) - end])


def _quote(text: str) -> str:
    return f"“{text if len(text) <= 24 else text[:23] + '…'}”"
