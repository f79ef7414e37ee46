"""WARC: what crawlers write. Responses with a page or text in them are documents.

So are conversions, which are texts that a crawler made of pages, as in the WET files of Common Crawl. Other records are
passed over.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from dehusk.batch.members import dumped
from dehusk.batch.task import Opened, PassedOverError, Reading, Task, Trouble
from dehusk.document import Document
from dehusk.errors import EmptyError, InputError
from dehusk.readers import MAX_BYTES

_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown")
_CHUNK = 1 << 16
_ENVELOPE = (
    b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's content, and what its headers say of it."""

    block: bytes
    fields: dict[str, str]

    def data(self) -> bytes:
        """Return the content with its address, which the document has in it."""
        return self.block + b"\0" + "\0".join(self.fields.values()).encode("utf-8", "replace")

    def opened(self, document: Document, name: str) -> Opened:
        """Return a document with what else there is in the record."""
        return Opened(replace(document, name=name), {key: dumped(value) for key, value in self.fields.items()})


class Response(_Record):
    """An HTTP response as it came over the wire."""

    __slots__ = ()

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the page in the response's body. Raises InputError, and PassedOverError for what is no page."""
        from dehusk.readers import read

        body, charset = _body(self.block)
        if not body.strip():
            raise EmptyError
        url = reading.url or self.fields["url"]
        return self.opened(next(read(body, format=reading.format, url=url, charset=charset or reading.encoding)), name)


class Conversion(_Record):
    """A text that a crawler made of a page."""

    __slots__ = ()

    def open(self, data: bytes, name: str, reading: Reading) -> Opened:
        """Return the text. Raises InputError."""
        from dehusk.readers import read

        if not self.block.strip():
            raise EmptyError
        url = reading.url or self.fields["url"]
        return self.opened(next(read(self.block, format=reading.format or "text", url=url, charset="utf-8")), name)


def split(path: str, field: str) -> Iterator[Task]:
    """Yield a task for each response or conversion, called ``path:number``. Raises InputError, OSError."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    number, before, start = 0, 0, 0
    with Path(path).open("rb") as raw:
        try:
            kinds = WarcRecordType.response | WarcRecordType.conversion
            for record in ArchiveIterator(raw, record_types=kinds, parse_http=False):
                number += 1
                size, before = raw.tell() - before, raw.tell()
                start = record.stream_pos
                kind = Conversion if record.record_type == WarcRecordType.conversion else Response
                yield _task(record, kind, f"{path}:{number}", size)
        except (OSError, ValueError) as error:
            raise InputError(f"damaged after record {number} ({error}); what precedes was read") from error
        if path.lower().endswith(".gz") and not _is_whole(raw, start):
            raise InputError("the compressed data ends too early; what precedes was read")
    if not number and Path(path).stat().st_size:
        raise InputError("there is no response in it; WARC files of other kinds of records hold no pages")


def _is_whole(raw: IO[bytes], start: int) -> bool:
    """Return whether what was compressed by gzip from ``start`` on has its end. Who reads records does not ask."""
    raw.seek(start)
    member, rest = zlib.decompressobj(wbits=31), b""
    while chunk := rest or raw.read(_CHUNK):
        if member.eof:
            member = zlib.decompressobj(wbits=31)
        try:
            member.decompress(chunk)
        except zlib.error:
            return False
        rest = member.unused_data
    return member.eof or raw.tell() == start


def _task(record: Any, kind: type[Response | Conversion], name: str, size: int) -> Task:
    if record.content_length > MAX_BYTES:
        return Task(name, Trouble(f"larger than {MAX_BYTES >> 20} MiB"), size=size)
    block = record.reader.read()
    if len(block) < record.content_length:
        return Task(name, Trouble("the file ends in the middle of it; fetch the file anew"), size=size)
    headers = record.headers
    fields = {
        "id": headers.get("WARC-Record-ID", "").strip("<>"),
        "url": headers.get("WARC-Target-URI", "").strip("<>"),
        "date": headers.get("WARC-Date", ""),
    }
    return Task(name, kind(block, fields), size=size, weight=len(block))


def _body(block: bytes) -> tuple[bytes, str]:
    """Return the body of an HTTP response, decoded, and the charset that its headers declare."""
    from fastwarc.warc import ArchiveIterator

    stream = io.BytesIO(_ENVELOPE % len(block) + block)
    try:
        record = next(ArchiveIterator(stream, auto_decode="transfer"))
        headers = record.http_headers
        status, kind = headers.status_code, (record.http_content_type or "").lower()
    except (OSError, ValueError, StopIteration, AttributeError) as error:
        raise InputError("not a valid HTTP response") from error
    if status is not None and not 200 <= status < 300:
        raise PassedOverError(f"HTTP status {status}, not a page")
    if kind and kind not in _TEXT_TYPES:
        raise PassedOverError(f"{kind}, not a page")
    try:
        body = record.reader.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"damaged body ({error})") from error
    for coding in reversed((headers.get("Content-Encoding") or "").lower().replace(",", " ").split()):
        body = _decoded(body, coding)
    if len(body) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES >> 20} MiB when decompressed")
    return body, record.http_charset or ""


def _decoded(body: bytes, coding: str) -> bytes:
    """Undo a content coding; a body that is not in it, as happens when a crawler has undone it, stays as it is."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(body, 31) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":  # raw deflate or, as the standard has it, with the header of zlib
        zlib_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflated(body, 15 if zlib_header else -15)
    if coding == "br":
        return _unbrotlied(body)
    if coding in ("", "identity"):
        return body
    raise InputError(f"its content coding is {coding}, which cannot be decoded; only gzip, deflate and br can")


def _inflated(body: bytes, bits: int) -> bytes:
    inflater = zlib.decompressobj(wbits=bits)
    try:
        data = inflater.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        if _is_text(body):
            return body
        raise InputError(f"damaged body ({error})") from error
    if not inflater.eof and len(data) <= MAX_BYTES:
        raise InputError("its compressed body ends too early")
    return data


def _unbrotlied(body: bytes) -> bytes:
    import brotli

    decoder = brotli.Decompressor()
    try:
        data: bytes = decoder.process(body, output_buffer_limit=MAX_BYTES + 1)
    except brotli.error as error:
        if _is_text(body):
            return body
        raise InputError(f"damaged body ({error})") from error
    if not decoder.is_finished() and len(data) <= MAX_BYTES:
        raise InputError("its compressed body ends too early")
    return data


def _is_text(body: bytes) -> bool:
    from dehusk.readers.sniff import binary_kind

    return binary_kind(body) is None
