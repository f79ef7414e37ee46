"""Bytes to text: byte order mark, then UTF-8, then what the page declares, then detection. Never an error."""

import codecs
import re
from dataclasses import dataclass

from dehusk.readers.sniff import wide_encoding

# The longest first: the mark of UTF-32-LE begins with that of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A label stands for the superset that browsers read it as (WHATWG Encoding Standard, "names and labels").
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "csshiftjis": "cp932",
    "ms_kanji": "cp932",
    "sjis": "cp932",
}
# What pages are written in: the families of labels of the standard. Python knows more codecs, to which nothing on the
# web is encoded, such as that for the escapes in its own strings.
_LABEL = (
    r"utf-?8|(?:us-)?ascii|iso[-_]?8859[-_]?\d{1,2}(?:[-_:][ie]|:\d{4})?|l(?:atin-?)?\d{1,2}|(?:windows|cp|x-cp)-?(?:125\d|874"
    r"|437|85[02]|866|93[26]|949|950)|ibm866|koi8-?[rut]|tis-620|mac(?:intosh|-?roman|-?cyrillic)?|gbk?|gb_?2312(?:-80)?"
    r"|gb18030|hz(?:-gb-2312)?|big5(?:-?hkscs)?|shift[-_]jis|x-sjis|sjis|ms_kanji|csshiftjis|euc[-_](?:jp|kr)"
    r"|ks_c_5601-1987|iso-2022-(?:jp|kr)"
)
# Encodings in which bytes below 128 do not mean ASCII, so that valid UTF-8 proves nothing.
_ESCAPED = (b"\x1b$", b"\x1b(", b"\x1b&")
# Damaged UTF-8 is still UTF-8 when this many good multi-byte characters stand against one bad byte.
_GOOD_PER_BAD = 10
_SAMPLE = 1 << 18  # bytes that are looked at
_MOST_TELLING = 1 << 15  # bytes, of lines that are not ASCII
_LOWER = "ß-öø-ÿœ"
_UPPER = "À-ÖØ-ÞŒŸ"
_QUOTES = "‘’“”„«»‹›–—…•¡¿·"
_SIGNS = "€£¥¢§©®™°ªº×±µ²³¹¼½¾"
_BOUND = "“”„«»¡¿" + _SIGNS
# What no text in a language of western Europe has when it is read as windows-1252: other characters, many of them in a
# row, a capital behind a small letter, signs in words, and letters where only those of other languages stand that have
# the same code, as "ő" of Hungarian that of the "õ" of Portuguese, or "ě" of Czech that of the "ì" of Italian.
_NOT_WESTERN = (
    rf"[^\x00-\x7f\xa0\xad{_LOWER}{_UPPER}{_QUOTES}{_SIGNS}]|[ÐÝÞðýþÿ]"
    rf"|[^\x00-\x7f]{{4}}|[{_LOWER}{_UPPER}]{{3}}|[a-z{_LOWER}][{_UPPER}]"
    rf"|[a-zA-Z{_LOWER}{_UPPER}][{_BOUND}][a-zA-Z{_LOWER}{_UPPER}]|[a-zA-Z{_LOWER}][±¹]|[a-ln-z{_LOWER}]³"
    rf"|[õÕ](?![eE])|ì(?=[a-z])"
)
_TAG = re.compile(rb"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The ``text`` in some bytes, the codec that was used, and the byte order ``mark`` in front of it, if any.

    The codec is a guess if nothing declares it, or nothing that is true.
    """

    text: str
    encoding: str
    mark: bytes = b""
    is_guess: bool = False

    def encode(self, text: str) -> bytes:
        """Return ``text`` as the bytes were. Raises UnicodeEncodeError for what the encoding cannot say."""
        return self.mark + text.encode(self.encoding)


def decode(data: bytes, *, html: bool = False, charset: str = "") -> str:
    """Return ``data`` as text. What cannot be decoded becomes U+FFFD; nothing is dropped and nothing is raised.

    ``charset`` is what was declared outside the data, as in HTTP headers; it counts before what a page says itself.
    """
    return decoded(data, html=html, charset=charset).text


def decoded(data: bytes, *, html: bool = False, charset: str = "") -> Decoded:
    """Return ``data`` as text like :func:`decode`, with what is needed to write it as it was."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding, mark)
    if b"\x1b" not in data or not any(escape in data for escape in _ESCAPED):
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
    if wide := wide_encoding(data[:_SAMPLE]):
        return Decoded(data.decode(wide, "replace"), wide)
    return _decoded_legacy(data, charset, html=html)


def _decoded_legacy(data: bytes, charset: str, *, html: bool) -> Decoded:
    """Decode what is neither marked nor valid UTF-8. Beautiful Soup and chardet, slow to load, are asked only here."""
    from bs4.dammit import EncodingDetector

    declared = charset or EncodingDetector.find_declared_encoding(data, is_html=html, search_entire_document=False)
    if declared and not charset and not re.fullmatch(_LABEL, declared, re.IGNORECASE):
        declared = None
    if declared and not declared.lower().startswith(("utf-16", "utf-32")):
        try:
            encoding = _SUPERSETS.get(declared.lower(), declared)
            return Decoded(data.decode(encoding), encoding)
        except (UnicodeError, LookupError):  # the codec called undefined knows no other answer
            pass
    lenient = data.decode("utf-8", "replace")
    bad = lenient.count("\ufffd")
    good = sum(1 for char in lenient if char > "\x7f") - bad
    if good >= _GOOD_PER_BAD * bad:
        return Decoded(lenient, "utf-8")
    known = _SUPERSETS.get(declared.lower()) if declared else None
    encoding = known or _detected(data)
    return Decoded(data.decode(encoding, "replace"), encoding, is_guess=True)


def _detected(data: bytes) -> str:
    """Return the encoding that ``data``, which is not UTF-8, is most likely in, by its lines that are not ASCII.

    Western text is told by what it does not have: in a line or two, a detector takes it for anything.
    """
    lines = _TAG.sub(b" ", data[:_SAMPLE]).splitlines()
    telling = b"\n".join(line for line in lines if not line.isascii())[:_MOST_TELLING]
    if not re.search(_NOT_WESTERN, telling.decode("cp1252", "replace")):
        return "cp1252"
    from chardet import detect

    found = detect(telling)["encoding"]
    encoding = (found or "").lower()
    return _SUPERSETS.get(encoding, encoding) if encoding not in ("", "utf-8", "utf-8-sig") else "cp1252"
