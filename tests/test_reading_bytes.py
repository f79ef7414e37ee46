"""Bytes to text: encodings, compression, formats told apart, and what is no text at all."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dehusk
from dehusk.errors import ConfigError, InputError
from dehusk.readers import MAX_BYTES, read
from dehusk.readers.encoding import decode
from dehusk.readers.sniff import binary_kind, sniff

GERMAN = "Über die Größe des Sturms, sagte die Behörde, lässt sich nichts Genaues sagen. Überall fiel Regen. "
WESTERN = """über
it’s
“quoted”
Straße in Zürich
Größe: 5 µm
25 °C at noon
© 2019 Acme Ltd
Øl på Ærø
L’été à Nîmes – c’est déjà fini.
He said “it’s fine” – really… for 5 €.
Ça va? Très bien, merci à vous.
¿Qué pasó ayer en la reunión?
El niño comió piña.
Não há pão na padaria.
A situação e as lições
Perché non è più qui?
Città e università
price: £5 or €6
25 m² and 3 m³
HÉLÈNE À PARIS"""
RUSSIAN = "На севере ожидается дождь, на побережье сильный ветер. Паромы не ходят до понедельника. " * 4
JAPANESE = "北部では雨が予想され、海岸では強い風が吹くでしょう。フェリーは月曜日まで運休です。" * 4
POLISH = (
    "Port pozostał zamknięty już trzeci dzień, po tym jak burza zerwała dwie łodzie. Promy nie wypłyną przed środą. "
)
TURKISH = "Liman üst üste üçüncü gün kapalı kaldı. Feribotlar çarşambadan önce kalkmayacak. Fırın ekmeğini dağıttı. "
GREEK = "Το λιμάνι παρέμεινε κλειστό για τρίτη ημέρα. Τα πλοία δεν θα φύγουν πριν από την Τετάρτη. "
ARABIC = "بقي الميناء مغلقا لليوم الثالث على التوالي. لن تبحر العبارات قبل يوم الأربعاء. "
META = '<html><head><meta charset="{}"></head><body><p>{}</p></body></html>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_encodings(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", GERMAN + "“quoted” – 5 €"),
        ("windows-1251", "cp1251", RUSSIAN),
        ("koi8-r", "koi8-r", RUSSIAN),
        ("shift_jis", "cp932", JAPANESE),
        ("euc-jp", "euc-jp", JAPANESE),
        ("iso-2022-jp", "iso-2022-jp", JAPANESE),
        ("gb2312", "gb18030", "北方预计有雨，海岸有大风。"),
    ],
)
def test_declared_encodings(label: str, codec: str, text: str) -> None:
    page = META.format(label, text)
    assert decode(page.encode(codec), html=True) == page


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", GERMAN * 3),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp1250", POLISH),
        ("iso8859-2", POLISH),
        ("cp1254", TURKISH),
        ("cp1253", GREEK),
        ("cp1256", ARABIC),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
    ],
)
def test_undeclared_encodings_are_detected(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        *(("cp1252", line) for line in WESTERN.splitlines()),
        ("cp1251", "Дождь идёт"),
        ("cp1250", "Gdańsk leży nad morzem"),
        ("cp1250", "Łódź jest dużym miastem"),
        ("cp1250", "Děkuji vám, příteli"),
        ("cp1250", "Jól érzem magam, őszintén szólva, a tűző napon is."),
        ("cp1254", "İstanbul’da yağmur yağıyor"),
        ("shift_jis", "東京"),
    ],
)
def test_a_line_is_enough(codec: str, text: str) -> None:
    assert decode(text.encode(codec)) == text


def test_utf8_wins_over_a_declaration_that_lies() -> None:
    page = META.format("iso-8859-1", GERMAN)
    assert decode(page.encode("utf-8"), html=True) == page


def test_a_declared_encoding_that_does_not_exist_or_fit_is_no_error() -> None:
    assert GERMAN in decode(META.format("undefined", GERMAN * 3).encode("cp1252"), html=True)
    assert GERMAN in decode(META.format("x-nonsense", GERMAN * 3).encode("cp1252"), html=True)
    assert GERMAN in decode(META.format("utf-8", GERMAN * 3).encode("cp1252"), html=True)


@pytest.mark.parametrize("label", ["utf16", "u16", "utf_16_le", "cp037", "unicode_escape", "rot13", "utf-7"])
def test_a_declaration_that_no_page_is_written_in_says_nothing(label: str) -> None:
    page = META.format(label, GERMAN * 3)
    assert decode(page.encode("cp1252"), html=True) == page


@pytest.mark.parametrize(
    ("label", "codec"), [("x-cp1251", "cp1251"), ("csShiftJIS", "cp932"), ("Windows-1250", "cp1250")]
)
def test_labels_that_python_does_not_know(label: str, codec: str) -> None:
    page = META.format(label, {"cp1251": RUSSIAN, "cp932": JAPANESE, "cp1250": POLISH}[codec])
    assert decode(page.encode(codec), html=True) == page


def test_a_bad_byte_does_not_spoil_the_rest() -> None:
    assert decode(GERMAN.encode() * 3 + b"\xff" + GERMAN.encode()) == GERMAN * 3 + "\ufffd" + GERMAN


@given(st.binary(), st.booleans())
def test_no_bytes_are_an_error(data: bytes, html: bool) -> None:
    assert isinstance(decode(data, html=html), str)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<!DOCTYPE html><title>x</title>", "html"),
        (b"\xef\xbb\xbf \n<html>", "html"),
        (b"<!-- saved -->\n<html lang=en>", "html"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x">', "html"),
        (b"<p>A fragment", "html"),
        (b'Intro <a href="/x">link</a> and <b>bold</b></p><p>more</p>', "html"),
        (b"Plain text.\n\nMore of it.\n", "text"),
        (b"Write <p> before a paragraph, and </p> behind it if you like; a division ends with </div>. " * 3, "text"),
        (b"a < b and b > c", "text"),
        (b"<jane@example.org> wrote:\n> hello", "text"),
        (b"<!-- note -->\n" * 3 + b"<p>A fragment", "html"),
        (b"<!-- note -->" * 4000 + b"Nothing but notes", "text"),
        (b"", "text"),
        ("<!DOCTYPE html>".encode("utf-16"), "html"),
    ],
)
def test_pages_and_texts_are_told_apart_by_content(data: bytes, expected: str) -> None:
    assert sniff(data) == expected


def test_the_name_decides_only_when_the_content_does_not() -> None:
    assert sniff(b"Title</h1> some text", "page.html") == "html"
    assert sniff(b"Nothing but text", "page.html") == "text"
    assert sniff(b"Hello <b>world</b>", "page.html") == "html"
    assert sniff(b"<dl><dt>Rain</dt><dd>Water that falls</dd></dl>", "page.html") == "html"
    assert sniff(b"<p> is what begins a paragraph.", "notes.txt") == "text"
    assert sniff(b"<p>Rain.<p>Wind.") == "html"


README = b"""<p align="center"><img src="logo.svg" alt="Rain"></p>

# Rain

Rain is [a program](https://example.org) that tells when it will rain, and <b>how</b> much of it will fall.

```sh
pip install  rain
```
"""


@pytest.mark.parametrize("name", ["", "README.md"])
def test_markdown_with_tags_is_text(name: str) -> None:
    assert sniff(README, name) == "text"
    assert sniff(b"<!doctype html><p>x", "page.txt") == "html"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "archive"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image"),
        (b"\x7fELF\x02\x01", "program"),
        (bytes(range(256)) * 8, "binary"),
        (b"text with a \0 in it", "binary"),
        (b"<p>" + b"\0\1\2" * 40, "binary"),
    ],
)
def test_what_is_no_text_is_named(data: bytes, word: str) -> None:
    assert word in (binary_kind(data) or "")
    with pytest.raises(InputError, match=word):
        next(read(data))


@pytest.mark.parametrize(
    "data",
    [
        GERMAN.encode(),
        GERMAN.encode("utf-16"),
        GERMAN.encode("utf-16-be"),
        b"\x1b[1mbold\n",
        b"<!DOCTYPE html><title>Rain</title><p>It \0 falls.",
    ],
)
def test_text_is_not_binary(data: bytes) -> None:
    assert binary_kind(data) is None


def test_a_format_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no input format 'pdf'; there are html, text"):
        dehusk.clean("text", format="pdf")


def test_gzip_is_read_as_what_it_contains() -> None:
    page = gzip.compress(b"<!doctype html><p>One") + gzip.compress(b" two</p>")
    (document,) = read(page, name="page.html.gz")
    assert (document.format, document.text, document.name) == ("html", "One two\n", "page.html.gz")


def test_of_gzip_in_many_members_little_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    original = zlib.decompressobj

    class Member:
        def __init__(self, wbits: int) -> None:
            self._member = original(wbits=wbits)

        def decompress(self, piece: bytes, most: int) -> bytes:
            given.append(len(piece))
            return self._member.decompress(piece, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._member, name)

    long = "".join(f"Day {number}. " for number in range(20_000))
    data = gzip.compress(b"Rain. ") + gzip.compress(b"") * 1000 + b"\0" * 1000 + gzip.compress(long.encode())
    with monkeypatch.context() as patch:
        patch.setattr(zlib, "decompressobj", Member)
        (document,) = read(data)
    assert document.text == f"Rain. {long}"
    assert sum(given) < 600 * 1001 + 3 * len(data)


@pytest.mark.parametrize("data", [gzip.compress(b"text" * 99)[:-9], b"\x1f\x8b\x08" + b"\xff" * 30])
def test_damaged_gzip_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match="gzip"):
        next(read(data))


def test_gzip_that_would_fill_the_memory_is_an_error() -> None:
    bomb = gzip.compress(bytes(MAX_BYTES // 4), 1) * 5
    with pytest.raises(InputError, match="MiB"):
        next(read(bomb))


@pytest.mark.parametrize("source", [None, 5, Path("page.html"), ["<p>"]])
def test_what_is_neither_bytes_nor_a_string_is_refused(source: Any) -> None:
    with pytest.raises(TypeError, match="bytes or a string, not"):
        dehusk.clean(source)
