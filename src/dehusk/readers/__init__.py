"""Readers turn bytes into documents. ``READERS`` is the table of formats; a format is told apart by content."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module

from dehusk.collector import uncollected
from dehusk.document import Document, Format
from dehusk.errors import ConfigError, InputError
from dehusk.readers.sniff import GZIP, binary_kind, sniff

Parser = Callable[[str], Document]

READERS: Mapping[Format, str] = {
    "html": "dehusk.readers.html",
    "text": "dehusk.readers.text",
}
"""Format to the module whose ``parse`` makes a document of decoded text. Loaded when first used."""

_PIECE = 1 << 9

MAX_BYTES = 1 << 28
"""Largest input after decompression, 256 MiB: a small compressed file must not fill the memory."""


def read(
    data: bytes,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002
    url: str = "",
    charset: str = "",
) -> Iterator[Document]:
    """Yield the documents in ``data``: a page or a text, possibly compressed with gzip.

    ``name`` is the file's name, whose ending breaks a tie when the content does not tell the format; ``url``, if given,
    is where the document came from, whatever it says itself; ``charset`` is the encoding that HTTP headers declared.
    Raises InputError for compressed data that is damaged or too large, and for data that is not text; ConfigError for a
    ``format`` that does not exist.
    """
    from dehusk.readers.encoding import decode

    data = _decompress(data)
    if kind := binary_kind(data):
        raise InputError(kind)
    format = _known(format) if format else sniff(data, name.removesuffix(".gz"))  # noqa: A001
    yield replace(parse(decode(data, html=format == "html", charset=charset), format=format, url=url), name=name)


@uncollected
def parse(source: str, *, format: str | None = None, url: str = "") -> Document:  # noqa: A002
    """Return the document in decoded text, told apart by content when ``format`` is not given.

    ``url``, if given, is where it came from, whatever it says itself.
    Raises ConfigError for a ``format`` that does not exist.
    """
    format = _known(format) if format else sniff(source.encode("utf-8", "replace"))  # noqa: A001
    parser: Parser = import_module(READERS[format]).parse
    document = parser(source)
    return replace(document, metadata=replace(document.metadata, url=url)) if url else document


def _known(name: str) -> Format:
    for known in READERS:
        if name == known:
            return known
    raise ConfigError(f"there is no input format '{name}'; there are {', '.join(READERS)}")


def _decompress(data: bytes) -> bytes:
    """Return what gzip data contains, any number of members; other data as it is."""
    if not data.startswith(GZIP):
        return data
    parts: list[bytes] = []
    room, place, whole = MAX_BYTES, 0, memoryview(data)
    while data.startswith(GZIP, place):
        member = zlib.decompressobj(wbits=31)
        size = _PIECE
        while not member.eof:
            piece = whole[place : place + size]  # as what is behind the member is copied
            if not piece:
                raise InputError("gzip data ends too early; fetch the file anew")
            try:
                parts.append(member.decompress(piece, room))
            except zlib.error as error:
                raise InputError(f"damaged gzip data ({error}); compress it again or fetch it anew") from error
            room -= len(parts[-1])
            if room <= 0:
                raise InputError(f"more than {MAX_BYTES >> 20} MiB when decompressed; split it first")
            place += len(piece) - len(member.unused_data)
            size *= 2
        while data.startswith(b"\0", place):
            place += 1
    return b"".join(parts)
