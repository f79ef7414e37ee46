"""What the fields of records have in common, in JSON Lines and in Parquet."""

from collections.abc import Iterable
from typing import Any

from dehusk.batch.task import Reading
from dehusk.document import Document
from dehusk.errors import EmptyError, InputError

FIELDS = ("html", "text", "content", "raw_content")
"""Where the page or text is unless the user says: the first of these that there is."""


def chosen(names: Iterable[str], field: str) -> str:
    """Return which of ``names`` holds the page or text: ``field``, or the usual ones if that is empty.

    Raises InputError when there is none.
    """
    names = tuple(names)
    if field:
        if field in names:
            return field
        raise InputError(f"has no field '{field}'; there are {', '.join(names) or 'none'}")
    for usual in FIELDS:
        if usual in names:
            return usual
    raise InputError(f"has none of the fields {', '.join(FIELDS)}; name the one with the text by --field")


def document(value: Any, name: str, reading: Reading, url: str = "") -> Document:
    """Return the document in a field's value, a string or bytes. Raises InputError."""
    from dataclasses import replace

    from dehusk.readers import parse, read

    url = reading.url or url
    if not isinstance(value, str | bytes):
        raise InputError(f"its text is {'missing' if value is None else 'no string'}")
    if not value.strip():
        raise EmptyError
    if isinstance(value, bytes):
        return next(read(value, name=name, format=reading.format, url=url, charset=reading.encoding))
    # Lone surrogates, which JSON can spell, could not be written.
    text = value.encode("utf-8", "replace").decode("utf-8")
    return replace(parse(text, format=reading.format, url=url), name=name)
