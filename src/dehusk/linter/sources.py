"""What kinds of files hold texts: plain ones, pages, JSON Lines; and how to put a text back in its place."""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Protocol

from dehusk.edits import Patch, Replace
from dehusk.errors import InputError
from dehusk.json_object import members
from dehusk.readers.encoding import Decoded, decoded
from dehusk.readers.sniff import archive_kind, binary_kind
from dehusk.rules import Rule

Kind = Literal["text", "jsonl", "html"]

KINDS: Mapping[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
"""Endings of names to what is in such files; all others are plain text."""

_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in a file: the only one, or that of the ``record`` that is line so many of it, from 1.

    It is ``guessed`` if nothing tells its encoding.
    """

    text: str
    record: int = 0
    guessed: bool = False


class Source(Protocol):
    """A file's content. ``frozen`` says why it cannot be changed, if it cannot."""

    @property
    def data(self) -> bytes:
        """The file's content."""

    @property
    def problems(self) -> Sequence[str]:
        """What of the file cannot be checked, after all texts were read."""

    @property
    def frozen(self) -> str:
        """Why the file cannot be changed; an empty string if it can."""

    def texts(self) -> Iterator[Text]:
        """Yield the texts in the file."""

    def rebuilt(self, edits: Mapping[int, Sequence[Replace]]) -> bytes:
        """Return the file's content with ``edits`` made, for each record. Raises InputError if they cannot be."""


def kind_of(name: str) -> Kind:
    """Return what is in a file, by its name."""
    stem = name.lower().removesuffix(".gz")
    return next((kind for suffix, kind in KINDS.items() if stem.endswith(suffix)), "text")


def opened(data: bytes, kind: Kind, *, text_field: str, rules: Sequence[Rule]) -> Source:
    """Return the content of a file. Raises InputError for what is not text."""
    if data.startswith(b"\x1f\x8b"):
        raise InputError("gzip data; decompress it first, or pipe it in with 'zcat FILE | dehusk check -'")
    if reason := binary_kind(data):
        raise InputError(reason)
    if kind == "jsonl":
        return JsonLines(data, text_field)
    if kind == "text" and (archive := archive_kind(data)):
        raise InputError(f"{archive}; JSON Lines are checked when the name, or --stdin-filename, ends in .jsonl")
    return Page(data, rules) if kind == "html" else PlainText(data)


@dataclass(frozen=True)
class PlainText:
    """A file that is one text."""

    data: bytes
    problems: Sequence[str] = ()

    @cached_property
    def _decoded(self) -> Decoded:
        return decoded(self.data)

    @cached_property
    def frozen(self) -> str:
        """Why the file cannot be changed: writing its text would change bytes that nobody asked to change."""
        try:
            same = self._decoded.encode(self._decoded.text) == self.data
        except UnicodeEncodeError:
            same = False
        return "" if same else f"not all of it is valid {self._decoded.encoding.upper()}; convert it to UTF-8 first"

    def texts(self) -> Iterator[Text]:
        """Yield the text."""
        yield Text(self._decoded.text, guessed=self._decoded.is_guess)

    def rebuilt(self, edits: Mapping[int, Sequence[Replace]]) -> bytes:
        """Return the file with the edits of record 0 made."""
        return self._decoded.encode(Patch(edits.get(0, ())).apply(self._decoded.text))


@dataclass(frozen=True)
class Page:
    """A page: checked is the text that dehusk makes of it."""

    data: bytes
    rules: Sequence[Rule]
    problems: Sequence[str] = ()
    frozen: str = "it is a page; only the text that dehusk makes of it is checked"

    def texts(self) -> Iterator[Text]:
        """Yield the text that dehusk makes of the page."""
        from dehusk.pipeline import run
        from dehusk.readers import read

        for document in read(self.data, format="html"):
            yield Text(run(document, self.rules)[0].text)

    def rebuilt(self, edits: Mapping[int, Sequence[Replace]]) -> bytes:
        """Raise InputError: a page is never changed."""
        raise InputError(self.frozen)


@dataclass(frozen=True)
class JsonLines:
    """A file with a JSON object in each line, one of whose fields is a text."""

    data: bytes
    name: str
    problems: list[str] = field(default_factory=list)
    frozen: str = ""

    def texts(self) -> Iterator[Text]:
        """Yield the text of each record that has one."""
        self.problems.clear()
        for number, line in self._lines():
            try:
                value, _, _ = located(_line_text(line), self.name)
            except InputError as error:
                self.problems.append(f"record {number}: {error}")
            else:
                if value:
                    yield Text(value, number)

    def rebuilt(self, edits: Mapping[int, Sequence[Replace]]) -> bytes:
        """Return the file with the edits made in the texts of records, all else byte for byte as it was."""
        parts = []
        for number, line in self._lines():
            changes = edits.get(number, ())
            parts.append(_edited(line, self.name, changes) if changes else line)
        return b"".join(parts)

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        return enumerate(io.BytesIO(self.data), 1)


def located(line: str, name: str) -> tuple[str, int, int]:
    """Return the string in the field ``name`` of a JSON object, and between which characters its literal stands.

    A blank line, and ``null``, give an empty string. Raises InputError for what is no such object.
    """
    if not line.strip(" \t\r\n"):
        return "", 0, 0
    found = {member.name: member for member in members(line)}.get(name)
    if found is None:
        raise InputError(f"has no field '{name}'; name that of the text with --text-field")
    if found.value is not None and not isinstance(found.value, str):
        raise InputError(f"field '{name}' is not a string; name that of the text with --text-field")
    return found.value or "", found.start, found.end


def _line_text(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig" if line.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError("not valid UTF-8") from error


def _edited(line: bytes, name: str, edits: Sequence[Replace]) -> bytes:
    """Return the line with ``edits`` made in the text of a field: of the string's literal, only these parts change."""
    mark = line[:3] if line.startswith(b"\xef\xbb\xbf") else b""
    whole = _line_text(line)
    _, start, end = located(whole, name)
    offsets = [start + 1]
    offsets += (start + 1 + match.end() for match in _CHARACTER.finditer(whole[start + 1 : end - 1]))
    ascii_only = whole.isascii()
    patch = Patch(
        Replace(offsets[edit.start], offsets[edit.end], json.dumps(edit.text, ensure_ascii=ascii_only)[1:-1])
        for edit in edits
    )
    # Of a text only lone surrogates are none in UTF-8; they become the escapes that they were before.
    return mark + patch.apply(whole).encode("utf-8", "backslashreplace")
