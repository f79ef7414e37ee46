"""Archives: what is taken out of JSON Lines, WARC and Parquet, and what is carried through."""

import gzip
import json
import subprocess
import sys
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import brotli
import jsonschema
import pyarrow
import pyarrow.parquet
import pytest

from dehusk.batch.discovery import Input
from dehusk.batch.encodings import JsonLines, Parquet, Row, common
from dehusk.batch.records import ending, split
from dehusk.batch.records.parquet import schema
from dehusk.batch.task import PassedOverError, Reading, Task
from dehusk.batch.zstandard import zstd
from dehusk.errors import InputError, OutputError

PAGE = "<html><head><title>Rain</title></head><body><p>Rain é is expected.</p></body></html>"


def run(folder: Path, *arguments: str) -> str:
    """Return what is said when a batch is cleaned, and nothing else goes wrong."""
    command = [sys.executable, "-m", "dehusk", "-q", "-j", "1", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    return result.stderr


def opened(path: Path, field: str = "") -> list[tuple[str, Any]]:
    """Return the name of each task, and the text and fields of its document, or what is the matter with it."""
    results: list[tuple[str, Any]] = []
    for task in split(Input(str(path), Path(path.name)), field):
        try:
            found = task.source.open(task.source.data(), task.name, Reading(field=field))
            fields = {name: json.loads(value) for name, value in found.fields.items()}
            results.append((task.name.removeprefix(str(path)), (found.document.text.strip(), fields)))
        except (InputError, PassedOverError) as error:
            results.append((task.name.removeprefix(str(path)), f"{type(error).__name__}: {error}"))
    return results


@pytest.mark.parametrize(
    ("suffix", "compress"), [("", bytes), (".gz", gzip.compress), (".zst", lambda data: zstd().compress(data))]
)
def test_json_lines_plain_and_compressed_in_several_parts(suffix: str, compress: Any, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    lines = [json.dumps({"id": n, "text": f"Day {n}.", "more": {"a": [None]}}) + "\n" for n in range(3)]
    path.write_bytes(compress("".join(lines[:2]).encode()) + compress(lines[2].encode()))
    expected = [(f":{n + 1}", (f"Day {n}.", {"id": n, "more": {"a": [None]}})) for n in range(3)]
    assert opened(path) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "Wind.", "html": "<p>Rain.</p>"}', ("Rain.", {"text": "Wind."})),
        ('{"content": "Rain \\ud800."}', ("Rain ?.", {})),
        ('{"text": 7}', "InputError: its text is no string"),
        ('{"text": "Rain.", "n": NaN}', "InputError: not valid JSON: NaN is no number there"),
        ('{"text": "  "}', "EmptyError: is empty; there is nothing to clean"),
        ('{"text": "a"', "InputError: not valid JSON: Expecting ',' delimiter: line 1 column 13 (char 12)"),
        ("[" * 100_000, "InputError: not valid JSON: maximum recursion depth exceeded"),
    ],
)
def test_lines(line: str, expected: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"\n{line}")
    (found,) = opened(path)
    assert found[0] == ":2"
    assert found[1] == expected or found[1].startswith(expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ('"n":1e400,"m":1.10,"k":-0,"big":' + "9" * 5000, None),
        ('"a" : [ 1,\t{"b": "\\u00e9\\ud800"} ] ', '"a":[ 1,\t{"b": "\\u00e9\\ud800"} ]'),
        ('"\\"}{":"\\"}{,:","":{}', None),
        ('"text":"Mine.","dehusk":{"v":1}', '"text_original":"Mine.","dehusk_original":{"v":1}'),
        ('"text":1,"text_original":2', '"text_original_original":1,"text_original":2'),
        ('"a":"\u2028"', '"a":"\\u2028"'),
    ],
)
def test_what_is_carried_through_stays_as_it_was_written(fields: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"html":"<p>Rain.</p>",' + fields + "}\n")
    run(tmp_path, "a.jsonl", "-o", "out.jsonl")
    (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert line.startswith("{" + (expected or fields) + ',"text":"Rain.\\n","dehusk":{"source":"a.jsonl:1",')
    run(tmp_path, "a.jsonl", "-o", "whole.jsonl", "-f", "jsonl")
    (line,) = (tmp_path / "whole.jsonl").read_text().splitlines()
    assert line.endswith('"fields":{' + (expected or fields).replace("_original", "", 2 - ("l_o" in line)) + "}}")
    run(tmp_path, "a.jsonl", "-o", "out.parquet")
    (row,) = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert row["fields"].replace("\u2028", "\\u2028") == "{" + (expected or fields) + "}"


def test_columns_that_are_called_like_ours_are_kept_under_another_name(tmp_path: Path) -> None:
    nan = float("nan")
    columns = {"html": ["<p>Rain.</p>"], "text": [7], "dehusk": ["x"], "fields": [[nan]], "text_original": [nan]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    run(tmp_path, "a.parquet", "-o", "out.jsonl")
    record = json.loads((tmp_path / "out.jsonl").read_text())
    del record["dehusk"]
    kept = {"text_original_original": 7, "dehusk_original": "x", "fields": [None], "text_original": None}
    assert record == {**kept, "text": "Rain.\n"}
    run(tmp_path, "a.parquet", "-o", "out.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert table.schema.names == [*kept, "text", "dehusk"]
    assert table["text_original_original"].to_pylist() == [7]
    (tmp_path / "b.txt").write_text("Wind.\n")
    run(tmp_path, "a.parquet", "b.txt", "-o", "out.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert table.schema.names == [
        *("text_original_original", "dehusk_original", "fields_original", "text_original"),
        *("id", "url", "fields", "text", "dehusk"),
    ]
    assert table["text"].to_pylist() == ["Rain.\n", "Wind.\n"]


def test_the_address_of_a_record_is_that_of_its_document(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Rain.", "url": "https://example.org/a"}\n{"text": "Rain.", "url": 5}\n')
    documents = [
        task.source.open(task.source.data(), "", Reading()).document for task in split(Input(str(path), path), "")
    ]
    assert [document.metadata.url for document in documents] == ["https://example.org/a", ""]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_damage_in_json_lines_is_said_after_what_precedes_it(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    compress: Any = gzip.compress if suffix == ".gz" else zstd().compress
    whole = compress(b'{"text": "Rain."}\n')
    path.write_bytes(whole + compress(b'{"text": "Wind."}\n')[:-9])
    cut = opened(path)
    assert cut[0] == (":1", ("Rain.", {}))
    assert cut[-1] == ("", "InputError: the compressed data ends too early; what precedes was read")
    path.write_bytes(whole + b"no such thing" * 9)
    broken = opened(path)
    assert broken[0] == (":1", ("Rain.", {}))
    assert broken[-1][1].startswith("InputError: damaged data (")


def response(*headers: str, body: bytes, status: str = "200 OK", kind: str = "response", cut: int = 0) -> bytes:
    block = "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *headers, "")).encode() + body
    record = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
        "WARC-Target-URI: https://example.org/\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return record.encode() + block[: len(block) - cut] + (b"" if cut else b"\r\n\r\n")


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 20] for start in range(0, len(body), 20)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


HTML = "Content-Type: text/html"
FIELDS = {"id": "urn:uuid:1", "url": "https://example.org/", "date": "2024-01-02T03:04:05Z"}
UTF8 = PAGE.encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([HTML], UTF8),
        (["content-type: TEXT/HTML; charset=ISO-8859-1"], PAGE.encode("latin-1")),
        ([HTML + "; charset=windows-1251"], UTF8),  # it says so, but it is not
        ([HTML, "Content-Encoding: gzip"], gzip.compress(UTF8)),
        ([HTML, "Content-Encoding: gzip", "Transfer-Encoding: chunked"], chunked(gzip.compress(UTF8))),
        ([HTML, "Content-Encoding: deflate"], zlib.compress(UTF8)),
        ([HTML, "Content-Encoding: deflate"], zlib.compress(UTF8)[2:-4]),
        ([HTML, "Content-Encoding: br"], brotli.compress(UTF8)),
        ([HTML, "Content-Encoding: gzip, br"], brotli.compress(gzip.compress(UTF8))),
        ([HTML, "Content-Encoding: gzip"], UTF8),  # undone by the crawler
        ([HTML, "Content-Encoding: br"], UTF8),
        (["Server: none"], UTF8),
    ],
)
def test_bodies_of_responses_are_decoded(headers: list[str], body: bytes, tmp_path: Path) -> None:
    for name, compress in (("a.warc", bytes), ("a.warc.gz", gzip.compress)):
        path = tmp_path / name
        path.write_bytes(b"".join(compress(response(*headers, body=body)) for _ in range(2)))
        assert opened(path) == [(f":{n}", ("Rain é is expected.", FIELDS)) for n in (1, 2)]


def test_the_charset_of_the_headers_counts_before_that_of_the_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    body = '<meta charset="iso-8859-1"><p>Дождь идёт.</p>'.encode("cp1251")
    path.write_bytes(response(HTML + "; charset=windows-1251", body=body))
    assert opened(path)[0][1][0] == "Дождь идёт."


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (response(HTML, body=UTF8, status="404 Not Found"), "PassedOverError: HTTP status 404, not a page"),
        (response("Content-Type: image/png", body=b"\x89PNG"), "PassedOverError: image/png, not a page"),
        (response(HTML, body=b""), "EmptyError: is empty; there is nothing to clean"),
        (
            response(HTML, "Content-Encoding: gzip", body=gzip.compress(UTF8)[:-20]),
            "InputError: its compressed body ends too early",
        ),
        (
            response(HTML, "Content-Encoding: lzma", body=UTF8),
            "InputError: its content coding is lzma, which cannot be decoded; only gzip, deflate and br can",
        ),
        (response(HTML, body=UTF8, cut=20), "InputError: the file ends in the middle of it; fetch the file anew"),
    ],
)
def test_responses_that_give_no_page(record: bytes, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(response(HTML, body=UTF8) + response(body=b"", kind="request") + record)
    assert [found for _, found in opened(path)] == [("Rain é is expected.", FIELDS), expected]


def test_damage_in_a_warc_file_is_said_after_what_precedes_it(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(response(HTML, body=UTF8) + b"garbage\n" * 9 + response(HTML, body=UTF8))
    first, second = opened(path)
    assert first[1] == ("Rain é is expected.", FIELDS)
    assert second == ("", "InputError: damaged after record 1 (Invalid WARC header); what precedes was read")
    path.write_bytes(response(body=b"", kind="request"))
    assert "there is no response in it" in opened(path)[0][1]


def conversion(text: str) -> bytes:
    block = text.encode()
    return (
        (
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
            "WARC-Target-URI: https://example.org/\r\nContent-Type: text/plain\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        ).encode()
        + block
        + b"\r\n\r\n"
    )


@pytest.mark.parametrize("name", ["a.warc.wet.gz", "a.wet.gz", "a.wet", "a.warc.gz"])
def test_conversions_are_texts(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    compress = gzip.compress if name.endswith(".gz") else bytes
    info = response(body=b"", kind="warcinfo")
    path.write_bytes(b"".join(map(compress, (info, conversion("Rain <p>é\nWind"), conversion("")))))
    assert opened(path) == [
        (":1", ("Rain <p>é\nWind", FIELDS)),
        (":2", "EmptyError: is empty; there is nothing to clean"),
    ]


@pytest.mark.parametrize("last", [response(HTML, body=UTF8), response(body=b"", kind="metadata")])
def test_a_compressed_warc_file_that_was_cut_is_no_whole_one(last: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    first, second = gzip.compress(response(HTML, body=UTF8)), gzip.compress(last)
    path.write_bytes(first + second)
    assert not any("too early" in str(found) for _, found in opened(path))
    for size in (1, 5, 20, len(second) - 40, len(second) - 1):
        path.write_bytes(first + second[:size])
        found = [found for _, found in opened(path)]
        assert found[0] == ("Rain é is expected.", FIELDS)
        assert "ends too early" in found[-1], size


def table() -> Any:
    return pyarrow.table(
        {
            "n": pyarrow.array([1, 2, 3], pyarrow.int16()),
            "html": [PAGE, None, "<p>Wind.</p>"],
            "when": pyarrow.array([datetime(2024, 1, 1, tzinfo=UTC)] * 3, pyarrow.timestamp("ns", "UTC")),
            "tags": [["a"], [], None],
            "blob": [b"\x00", b"b", b"c"],
        }
    )


def rows(path: Path) -> list[Row]:
    tasks: list[Task] = list(split(Input(str(path), path), ""))
    return [Row(json.dumps({"text": f"Text {n}."}).encode(), task.carried) for n, task in enumerate(tasks)]


def test_tables_keep_the_types_of_the_columns_that_are_carried_through(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(table(), path, row_group_size=2)
    assert [name for name, _ in opened(path)] == [":1", ":2", ":3"]
    assert opened(path)[1] == (":2", "InputError: its text is missing")
    encoding = Parquet(common([("a", schema(str(path), ""))]), from_others=False)
    part, final = tmp_path / "part", tmp_path / "final.parquet"
    first, _, third = rows(path)
    part.write_bytes(encoding.header() + encoding.encode([first]) + encoding.encode([third]))
    encoding.finish(part).replace(final)
    written = pyarrow.parquet.read_table(final)
    assert written.schema.names == ["n", "when", "tags", "blob", "text", "dehusk"]
    kept = ["n", "when", "tags", "blob"]
    assert written.select(kept).equals(table().take([0, 2]).select(kept))
    assert written["text"].to_pylist() == ["Text 0.", "Text 2."]


def test_rows_become_lines_and_lines_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(table(), path)
    row = rows(path)[0]
    line = json.loads(JsonLines("").encode([row._replace(line=b'{"text": "Rain.", "dehusk": {}}')]))
    assert line == {
        "n": 1,
        "when": "2024-01-01 00:00:00.000000000Z",
        "tags": ["a"],
        "blob": "AA==",
        "text": "Rain.",
        "dehusk": {},
    }
    encoding = Parquet(None, from_others=True)
    records = [{"id": "a", "url": "b", "n": [1], "text": "Rain."}, {"id": 7, "text": "Wind.", "dehusk": {"title": "W"}}]
    part, final = tmp_path / "part", tmp_path / "final.parquet"
    part.write_bytes(encoding.header() + encoding.encode([Row(json.dumps(r).encode(), None) for r in records]))
    encoding.finish(part).replace(final)
    found = pyarrow.parquet.read_table(final).select(["id", "url", "fields", "text"]).to_pylist()
    assert found == [
        {"id": "a", "url": "b", "fields": '{"n":[1]}', "text": "Rain."},
        {"id": None, "url": None, "fields": '{"id":7}', "text": "Wind."},
    ]


def test_a_column_of_two_types_is_an_error() -> None:
    first, second = (pyarrow.schema([("n", kind)]) for kind in (pyarrow.int8(), pyarrow.string()))
    with pytest.raises(OutputError, match=r"column 'n' is int8 in a.parquet and string in b.parquet"):
        common([("a.parquet", first), ("b.parquet", second)])


def test_a_file_that_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("no")
    assert opened(path)[0][1].startswith("InputError: not a Parquet file that can be read (")
    missing = tmp_path / "b.parquet"
    assert opened(missing) == [("", "InputError: no such file; check the name")]


@pytest.mark.parametrize("column", ["text", "note", "tags"])
def test_bytes_that_are_no_text_in_a_column_of_text_fail_in_their_row(column: str, tmp_path: Path) -> None:
    columns: dict[str, Any] = {"text": ["Rain.", "Wind.", "Snow."], "note": ["a", "b", "c"], "tags": [["d"], ["e"], []]}
    broken = pyarrow.array([b"a", b"\xff\xfe", b"c"]).cast(pyarrow.binary()).view(pyarrow.string())
    if column == "tags":
        broken = pyarrow.ListArray.from_arrays(pyarrow.array([0, 1, 2, 3]), broken)
    columns[column] = broken
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("Dry.\n")
    reason = "not valid UTF-8 in a column of text; mend it or make it a column of bytes"
    for output in ("out/", "all.jsonl", "all.parquet"):
        assert run(tmp_path, "a.parquet", "b.txt", "-o", output) == f"dehusk: a.parquet:2: {reason}\n"
    assert (tmp_path / "out/b.txt").read_text() == "Dry.\n"
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 3
    assert pyarrow.parquet.read_table(tmp_path / "out/a.parquet").num_rows == 2


def test_a_damaged_table_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(table(), path, compression="none")
    whole = path.read_bytes()
    for old, new in ((b"html", b"ht\xffl"), (b"when", b"wh\xffn"), (b"tags", b"t\xffgs")):
        path.write_bytes(whole.replace(old, new))
        for name, found in opened(path):
            assert isinstance(found, tuple) or found.startswith("InputError: "), name
        with suppress(InputError):
            schema(str(path), "")


@pytest.mark.parametrize("column", ["n", "when", "tags"])
def test_a_column_that_is_no_text_is_an_error_of_one_line(column: str, tmp_path: Path) -> None:
    pyarrow.parquet.write_table(table(), tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("Dry.\n")
    ((_, said),) = opened(tmp_path / "a.parquet", column)
    assert said.startswith(f"InputError: column '{column}' is ")
    assert said.endswith(", not text; name the one with the text by --field")
    for output in ("out/", "all.jsonl", "all.parquet", "-"):
        assert run(tmp_path, "a.parquet", "b.txt", "--field", column, "-o", output).count("\n") == 1
    assert (tmp_path / "out/b.txt").read_text() == "Dry.\n"


def test_dictionaries_of_texts_are_texts(tmp_path: Path) -> None:
    texts = pyarrow.array(["Rain.", "Rain."]).dictionary_encode()
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), tmp_path / "a.parquet")
    assert [found[0] for _, found in opened(tmp_path / "a.parquet")] == ["Rain.", "Rain."]


def test_without_pyarrow_it_says_what_to_install_and_goes_on(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(table(), tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text("Rain.\n")
    code = "import sys; sys.modules['pyarrow'] = None; from dehusk.cli import main; main()"
    for arguments, expected in (
        (["-o", "out/"], "a.parquet: Parquet needs the package pyarrow; install dehusk[parquet]\n"),
        (["-o", "out.parquet"], "Parquet needs the package pyarrow; install dehusk[parquet]\n"),
    ):
        command = [sys.executable, "-c", code, "a.parquet", "b.txt", "-q", *arguments]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert result.stderr == f"dehusk: {expected}"
    assert (tmp_path / "out/b.txt").read_text() == "Rain.\n"


def test_archives_are_known_by_the_longest_ending() -> None:
    assert [ending(name) for name in ("a.JSONL.gz", "b.warc", "b.warc.wet.gz", "c.html.gz", "d.gz", "jsonl")] == [
        *(".jsonl.gz", ".warc", ".wet.gz", "", "", "")
    ]


def test_whole_documents_from_records_are_valid_against_the_schema(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"html": "<p>Rain.</p>", "n": [1]}\n{"text": "Wind."}\n')
    command = [sys.executable, "-m", "dehusk", str(source), "-f", "jsonl", "-o", str(target), "-q"]
    subprocess.run(command, check=True)
    schema = json.loads(files("dehusk.writers").joinpath("schema.json").read_text("utf-8"))
    records = [json.loads(line) for line in target.read_text().splitlines()]
    for record in records:
        jsonschema.validate(record, schema)
    assert [record.get("fields") for record in records] == [{"n": [1]}, None]
