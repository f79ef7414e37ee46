"""Telling pages, plain text and neither apart by their first bytes."""

import re
import zlib

from dehusk.document import Format

_SAMPLE = 1 << 16

_PROLOGUE = rb"(?is)\s*(?:<\?xml[^>]{0,200}>\s*)?(?><!--.{0,2000}?-->\s*)*+"
_PAGE_START = re.compile(
    _PROLOGUE + rb"<(?:!doctype\s+html|(?:html|head|body|title|meta|link|script|style)[\s/>])",
)
_FRAGMENT_START = re.compile(
    _PROLOGUE + rb"<(?:div|p|article|main|section|header|h[1-6]|table|ul|ol|dl|span|a|b|i|br|img|center|font)[\s/>]",
)
# What Markdown has and pages do not: a heading, a fence, a link.
_MARKDOWN = re.compile(rb"(?m)^#{1,6} \S|^```|^~~~|\]\((?:https?:|[\w./#-]+\))")
_CLOSING_TAG = re.compile(rb"</(?:p|div|li|ul|td|tr|table|h[1-6]|span|a|article|section|body|html)\s*>", re.I)
_TAG = re.compile(rb"<[a-zA-Z/!][^<>]{0,2000}>")
_PAGE_NAMES = (".html", ".htm", ".xhtml", ".shtml")
_TEXT_NAMES = (".txt", ".text", ".md", ".markdown", ".rst")

# A text about markup has some tags in it; a fragment of a page has many. Share of the bytes that are tags.
_TAG_SHARE = 0.15

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF file; extract its text first, for example with pdftotext"),
    (b"PK\x03\x04", "a ZIP archive or office document; unpack or convert it to HTML or text first"),
    (b"\xd0\xcf\x11\xe0", "an office document; convert it to HTML or text first"),
    (b"BZh", "bzip2 data; decompress it first"),
    (b"\xfd7zXZ\x00", "xz data; decompress it first"),
    (b"\x28\xb5\x2f\xfd", "zstd data; decompress it first"),
    (b"\x89PNG", "an image, not text"),
    (b"\xff\xd8\xff", "an image, not text"),
    (b"GIF8", "an image, not text"),
    (b"\x7fELF", "a program, not text"),
)
ENDINGS = {"JSON Lines": ".jsonl or .jsonl.gz", "a WARC archive": ".warc, .warc.gz, .wet or .wet.gz"}
"""How files are called that hold many documents, by what they are."""
_LONGEST_LINE = 1 << 24
GZIP = b"\x1f\x8b\x08"
"""What data begins with that was compressed by gzip."""
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # byte order marks of UTF-16 and, partly, UTF-32
# Control characters that no text encoding uses in running text; tab, line ends and escape are not among them.
_CONTROL = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)))


def sniff(data: bytes, name: str = "") -> Format:
    """Return ``html`` or ``text`` for ``data``; the ending of ``name`` decides when tags are few.

    Text, and Markdown above all, may begin with a tag and have some more.
    """
    sample = data[:_SAMPLE].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _PAGE_START.match(sample):
        return "html"
    name = name.lower()
    if name.endswith(_PAGE_NAMES):
        return "html" if _TAG.search(sample) else "text"
    if _MARKDOWN.search(sample):
        return "text"
    begins = _FRAGMENT_START.match(sample) is not None
    if begins and not name.endswith(_TEXT_NAMES):
        return "html"
    closing = len(_CLOSING_TAG.findall(sample))
    tags = sum(map(len, _TAG.findall(sample)))
    return "html" if closing >= (1 if begins else 2) and tags > _TAG_SHARE * len(sample) else "text"


def binary_kind(data: bytes) -> str | None:
    """Return what ``data`` is, with what to do about it, when it is not text; ``None`` for text."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    sample = data[:_SAMPLE]
    if data.startswith(_WIDE_MARKS) or wide_encoding(sample):
        return None
    strays = b"\0" in sample and not _PAGE_START.match(sample)  # which a page may have, to browsers they are nothing
    if strays or len(sample.translate(None, _CONTROL)) < 0.95 * len(sample):
        return "binary data, not text"
    return None


def archive_kind(data: bytes) -> str | None:
    """Return which of ``ENDINGS`` the data is that holds many documents; ``None`` when it is one document."""
    if data.startswith(GZIP):
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _LONGEST_LINE)
        except zlib.error:
            return None
    if data.startswith(b"WARC/"):
        return "a WARC archive"
    return "JSON Lines" if data.startswith(b"{") and _is_object(data.split(b"\n", 1)[0]) else None


def _is_object(line: bytes) -> bool:
    from json import loads

    try:
        return isinstance(loads(line), dict)
    except (ValueError, RecursionError):
        return False


def wide_encoding(sample: bytes) -> str | None:
    """Return ``utf-16-le`` or ``utf-16-be`` when every other byte is mostly NUL, as in unmarked UTF-16."""
    half = len(sample) // 2
    if half < 2 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None
