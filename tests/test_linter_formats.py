"""Reports are valid by the schemas of their formats, whatever is in texts and names of files."""

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest
from lxml import etree

from dehusk.config import Config
from dehusk.linter.file import Task, check
from dehusk.linter.formats import FORMATS, writer
from dehusk.linter.report import FileReport
from dehusk.linter.settings import Ruleset

SCHEMAS = Path(__file__).parent / "schemas"
RULES = Ruleset(Config().active)
NASTY = (
    "Rain  is \x01\x1b[1m<b>&amp;]]></b>\ufffe\u0085 expected.\n\n"
    "Photo: “A\u2028\u2029”/B\n\nItâ€™s caf\u0065\u0301.\n\nLeave a Reply\n"
)
RECORDS = b'{"text": "Rain is.\\u0000 \\ud800\\n\\nLeave a Reply"}\n{"id": 3}\n'
MOST = b"Home \xc2\xbb News\n\nLeave a Reply\n"


def reports() -> list[FileReport]:
    tasks = [
        Task("a b/é%.txt", "text", RULES, data=NASTY.encode("utf-8", "surrogatepass")),
        Task("/absolute/\udcff\x1b\n.txt", "text", RULES, data=b"Two  are"),
        Task("r.jsonl", "jsonl", RULES, data=RECORDS),
        Task("most.txt", "text", RULES, data=MOST),
        Task("clean.txt", "text", RULES, data=b"All is well.\n"),
        Task("missing.txt", "text", RULES),
    ]
    made = [check(task)[1] for task in tasks]
    rules = {finding.rule for report in made for finding in report.findings}
    assert {"U001", "U002", "U003", "W003", "W006", "G001", "C001", "O001"} <= rules
    assert sum(bool(report.problems) for report in made) == 2
    return made


def test_sarif_is_valid() -> None:
    log = json.loads("".join(writer("sarif")(reports())).encode("utf-8", "replace"))
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == sum(len(report.findings) for report in reports())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A9%25.txt"
    assert not run["invocations"][0]["executionSuccessful"]


def test_the_schema_of_sarif_can_fail() -> None:
    log = json.loads("".join(writer("sarif")(reports())).encode("utf-8", "replace"))
    log["runs"][0]["results"][0]["level"] = "terrible"
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate(log)


@pytest.mark.parametrize("made", [reports(), []], ids=["findings", "nothing"])
def test_junit_is_valid(made: list[FileReport]) -> None:
    document = etree.fromstring("".join(writer("junit")(made)).encode("utf-8"))
    etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(document)
    assert len(document.findall(".//failure")) == sum(len(report.findings) for report in made)
    assert len(document.findall(".//error")) == sum(len(report.problems) for report in made)


@pytest.mark.parametrize("name", ["full", "concise", "github"])
def test_no_control_character_of_a_text_comes_through(name: str) -> None:
    text = "".join(writer(name)(reports()))
    text = re.sub(r"(?<=,file=)[^,]*", "", text) if name == "github" else text  # which has to name the file
    assert all(character == "\n" or character.isprintable() or character in "\ufffe\u00a0" for character in text)


@pytest.mark.parametrize("name", ["concise", "github", "jsonl"])
def test_a_finding_is_a_line(name: str) -> None:
    text = "".join(writer(name)(reports()))
    assert len(text.splitlines()) == text.count("\n") == sum(len(report.findings) for report in reports())


NAMES = ["a.txt", "a b/50%, or: more\r\n\t\x1b[1m.txt", "caf\udce9/é.txt", "/tmp/caf\udce9.txt"]


@pytest.mark.parametrize("file", NAMES)
def test_names_of_files_come_through(file: str) -> None:
    _, report = check(Task(file, "text", RULES, data=b"Two  are.\n"))
    made = {name: "".join(writer(name)([report])).encode("utf-8", "backslashreplace") for name in FORMATS}
    assert json.loads(made["json"])[0]["file"] == json.loads(made["jsonl"])["file"] == file
    location = json.loads(made["sarif"])["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    uri = location["artifactLocation"]["uri"]
    assert os.fsdecode(unquote_to_bytes(uri)).removeprefix("file://") == file
    if "\udce9" not in file:  # the runner reads UTF-8, in which there is no such name
        (named,) = re.findall(rb",file=([^,:]*),", made["github"])
        # As the runner does it: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
        for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            named = named.replace(escape.encode(), character.encode())
        assert named.decode() == file


def test_json_and_json_lines_say_the_same() -> None:
    whole = json.loads("".join(writer("json")(reports())))
    lines = "".join(writer("jsonl")(reports())).split("\n")
    assert whole == [json.loads(line) for line in lines if line]
    assert json.loads("".join(writer("json")([]))) == []


def test_every_format_can_be_loaded() -> None:
    for name in FORMATS:
        assert isinstance("".join(writer(name)([])), str)


def test_the_mark_below_a_line_is_as_wide_as_what_it_marks() -> None:
    _, report = check(Task("a.txt", "text", RULES, data="雨が  降る。\n".encode()))
    lines = "".join(writer("full")([report])).splitlines()
    assert lines[3:5] == ["1 | 雨が  降る。", "  |     ^^"]


def test_long_lines_are_shown_in_part() -> None:
    _, report = check(Task("a.txt", "text", RULES, data=b"word " * 5000 + b" end.\n"))
    lines = "".join(writer("full")([report])).splitlines()
    assert lines[1] == " --> a.txt:1:25000"
    assert all(len(line) < 200 for line in lines)
    assert lines[4].index("^^") == lines[3].index("  end.")
