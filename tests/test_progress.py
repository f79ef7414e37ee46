"""Progress and reports of batches."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dehusk.batch import progress
from dehusk.batch.cleaning import Result
from dehusk.batch.manifest import Checkpoint, Missing
from dehusk.batch.progress import Progress
from dehusk.batch.report import Report
from dehusk.batch.task import Task, Trouble


def test_a_line_says_how_far_things_are(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    run = Progress(4_000_000)
    assert run.line() == "  0% 0 documents, 0.0 of 4.0 MB, 0/s"
    now = 10.0
    run.add(900_000)
    run.add(100_000, failed=True)
    assert run.line() == " 25% 2 documents, 1.0 of 4.0 MB, 0/s, 0:30 left, 1 failed"
    run.begin("cleaning", 0)
    assert run.line() == "cleaning: 0 documents, 0.0 of 0.0 MB, 0/s"


def test_a_report_lists_the_extremes_and_counts_everything(tmp_path: Path) -> None:
    report = Report()
    source = Trouble("")
    for number in range(30):
        removed = {"C001": (2, 7)} if number % 2 else {}
        report.add(
            Task(f"{number}", source),
            Result("cleaned", characters=(100, number), removed=removed, seconds=number % 7 + 1),
        )
    report.add(Task("a", source), Result("failed", "why"))
    report.add(Task("b", source), Result("empty", "no text", characters=(50, 0)))
    report.add(Task("c", source), Result("skipped", unchanged=True))
    missing = [Missing(3, "d", "failed", "no JSON"), Missing(5, "e", "empty", "no text")]
    point = Checkpoint(cleaned=4, empty=1, skipped=2, failed=1)
    assert report.add_earlier(point, missing) == [("d", "no JSON"), ("e", "no text")]
    assert report.summary() == "41 documents: 30 cleaned, 2 empty, 7 skipped, 2 failed"
    report.write(tmp_path / "report.json", 1.5)
    found = json.loads((tmp_path / "report.json").read_text())
    assert found["documents"] == {"cleaned": 30, "empty": 2, "skipped": 7, "failed": 2}
    assert found["unchanged"] == 5
    assert found["characters"] == {"in": 3050, "out": sum(range(30))}
    assert found["rules"] == {"C001": {"findings": 30, "characters_removed": 105}}
    assert [item["document"] for item in found["slowest"]] == ["6", "13", "20", "27", "5", "12", "19", "26", "4", "11"]
    assert [item["document"] for item in found["emptiest"]] == [str(number) for number in range(10)]
    assert found["failed"] == [{"document": "a", "reason": "why"}, {"document": "d", "reason": "no JSON"}]
    assert found["empty"] == [{"document": "b", "reason": "no text"}, {"document": "e", "reason": "no text"}]
    assert not report.flawless


def test_a_terminal_shows_progress_and_tables_and_obeys_no_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("Rain.\n")
    (tmp_path / "in/\x1b[31mred.txt").write_bytes(b"\0")
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "dehusk", "in", "-o", "out"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=follower, env=environment):
        os.close(follower)
        shown = b""
        try:
            while part := os.read(leader, 4096):
                shown += part
        except OSError:  # how a terminal says that there is no more
            os.close(leader)
    assert b"\x1b[31m" not in shown
    text = re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", shown.decode())  # without colours and movements
    assert "0 documents, 0.0 of 0.0 MB" in text
    assert "in/␛[31mred.txt: binary data, not text" in text
    assert re.search(r"failed +why", text)
    assert re.search(r"slowest +seconds", text)
    assert "2 documents: 1 cleaned, 0 empty, 0 skipped, 1 failed" in text
