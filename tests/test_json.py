"""JSON and JSON Lines: valid against the schema that is shipped, and one record a line whatever the text."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

import dehusk
from dehusk.writers import WRITERS

SCHEMA = json.loads(files("dehusk.writers").joinpath("schema.json").read_text("utf-8"))
PAGE = """<html lang=en><title>Storm</title><meta property="article:published_time" content="2024-06-03T10:00:00Z">
<body><nav><a href="/">Home</a></nav><article><h1>Storm</h1><p class="a b" id=c>Rain is <a href="/x">expected</a>.</p>
<table><tr><th>City<th>Rain<tr><td>Leeds<td>10&nbsp;mm</table><pre>code</pre></article><p>Leave a Reply</p>"""
SOURCES = [
    PAGE,
    "",
    "\n\n text \n",
    "Rain\u2028is\x85expected.\u2029\n\nLeave a Reply",
    "Itâ€™s \x1b[1mraining\x1b[0m \ud800 \x9b1m\x00",
    "<p>\x1b]0;title\x07 text</p>",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("select", [(), ("U", "W"), ("C001",)])
def test_output_is_valid_against_the_schema(source: str, select: tuple[str, ...]) -> None:
    config = dehusk.Config(select=select, options={"selectors": {"keep": ["p"]}})
    document = dehusk.clean(source, config=config)
    record = json.loads(WRITERS["json"].write(document))
    jsonschema.validate(record, SCHEMA)
    assert record == json.loads(WRITERS["jsonl"].write(document))


def test_the_schema_would_see_a_mistake() -> None:
    record = dehusk.clean(PAGE).to_dict()
    mistakes: list[dict[str, Any]] = [{"extra": 1}, {"schema_version": 2}, {"blocks": [{}]}, {"metadata": {}}]
    for change in mistakes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**record, **change}, SCHEMA)


@pytest.mark.parametrize("source", SOURCES)
def test_a_record_is_one_line_to_every_program(source: str) -> None:
    line = WRITERS["jsonl"].write(dehusk.clean(source, config=dehusk.Config(ignore=("ALL",))))
    assert len(line.splitlines()) == 1
    assert line.endswith("\n")


def test_what_a_record_says() -> None:
    document = dehusk.clean("Storm\n\nBy Jane Smith\n\n" + "Rain is expected. " * 8 + "\n")
    record: dict[str, Any] = document.to_dict()
    assert record["text"] == document.text
    assert [block["index"] for block in record["blocks"]] == [0, 2]
    assert record["findings"][0] == {
        "rule": "B001",
        "message": "byline: “By Jane Smith”",
        "action": "drop",
        "block": 1,
        "line": 3,
        "column": 1,
        "text": "By Jane Smith",
        "replacement": None,
    }
