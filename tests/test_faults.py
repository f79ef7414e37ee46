"""What a batch meets in the field: each fault gets its message, and all other outputs are right."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dehusk.batch.task import File
from dehusk.errors import InputError

MORTAL = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
"""What to put before a command so that permissions count for it."""

GOOD = {f"{number}.txt": f"Rain is expected on day {number}.\n" for number in range(6)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for name, text in GOOD.items():
        (tmp_path / "in" / name).write_text(f"{text}\nLeave a Reply\n")
    return tmp_path


def run(folder: Path, *arguments: str, before: Sequence[str] = ()) -> tuple[int, list[str]]:
    """Return the exit code and what was said, line by line."""
    result = subprocess.run(
        [*before, sys.executable, "-m", "dehusk", *arguments],
        cwd=folder,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    said = result.stderr.decode()
    assert "Traceback" not in said
    return result.returncode, messages(said)


def cleaned(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.glob("*.txt"))}


def test_a_document_that_takes_too_long(folder: Path) -> None:
    (folder / "in/0-hangs.txt").write_text("Leave a reply, or two of them.\n" * 400_000)
    code, said = run(folder, "in", "-o", "out", "-j", "2", "--time-limit", "0.7")
    assert said == [
        "dehusk: in/0-hangs.txt: took longer than 0.7 seconds; see --time-limit",
        "dehusk: 7 documents: 6 cleaned, 0 empty, 0 skipped, 1 failed",
    ]
    assert (code, cleaned(folder / "out")) == (1, GOOD)


def test_a_document_that_takes_too_much_memory(folder: Path) -> None:
    (folder / "in/0-fills.txt").write_text("Leave a reply, or two of them.\n" * 400_000)
    code, said = run(folder, "in", "-o", "out", "--memory-limit", "64M")
    assert said == [
        "dehusk: in/0-fills.txt: took more than 64 MiB of memory; see --memory-limit",
        "dehusk: 7 documents: 6 cleaned, 0 empty, 0 skipped, 1 failed",
    ]
    assert (code, cleaned(folder / "out")) == (1, GOOD)


def test_a_document_that_fails_keeps_what_an_earlier_run_made_of_it(folder: Path) -> None:
    assert run(folder, "in", "-o", "out")[0] == 0
    code, said = run(folder, "in/1.txt", "-o", "out", "--force", "--time-limit", "0.0001", "--report", "report.json")
    reason = "took longer than 0.0001 seconds; see --time-limit; what an earlier run made of it stays"
    assert (code, said[0]) == (1, f"dehusk: in/1.txt: {reason}")
    assert json.loads((folder / "report.json").read_text())["failed"] == [{"document": "in/1.txt", "reason": reason}]
    assert cleaned(folder / "out") == GOOD
    assert run(folder, "in", "-o", "out")[1] == ["dehusk: 6 documents: 1 cleaned, 0 empty, 5 skipped, 0 failed"]
    (folder / "in/2.txt").write_bytes(b"\0\1\2")
    code, said = run(folder, "in", "-o", "out")
    assert said[0].endswith("; what an earlier run made of it stays")
    assert cleaned(folder / "out") == GOOD
    assert run(folder, "in", "-o", "out")[1] == said  # it is tried again
    (folder / "in/2.txt").write_text("Leave a Reply\n")
    assert run(folder, "in", "-o", "out")[1][-1].endswith("0 cleaned, 1 empty, 5 skipped, 0 failed")
    assert not (folder / "out/2.txt").exists()


@pytest.mark.parametrize("options", [["-o", "out/"], ["-o", "out/a.jsonl"], ["-o", "out/a.jsonl", "--shard-size", "1"]])
def test_an_archive_that_fails_keeps_what_an_earlier_run_made_of_it(options: list[str], folder: Path) -> None:
    archive = folder / "a.jsonl"
    good = '{"text": "' + "Rain. " * 20_000 + '"}\n'
    archive.write_text(good * 2)
    assert run(folder, "a.jsonl", *options)[0] == 0
    before = {path: path.read_bytes() for path in (folder / "out").glob("a*")}
    assert len(before) == (2 if "--shard-size" in options else 1)
    archive.write_text("broken\n")
    for _ in range(2):
        code, said = run(folder, "a.jsonl", *options)
        assert (code, len(said)) == (1, 3)
        assert said[1] == (
            "dehusk: out/a.jsonl: nothing was cleaned, and something failed; what an earlier run made stays"
        )
        assert {path: path.read_bytes() for path in (folder / "out").glob("a*")} == before
    archive.write_text(good)
    assert run(folder, "a.jsonl", *options)[1] == ["dehusk: 1 document: 1 cleaned, 0 empty, 0 skipped, 0 failed"]
    assert len(list((folder / "out").glob("a*"))) == 1


def test_a_worker_that_is_killed_from_outside(folder: Path) -> None:
    (folder / "in/4-slow.txt").write_text("Rain, and then more of it.\n" * 100_000)
    command = [sys.executable, "-m", "dehusk", "in", "-o", "out", "-j", "1"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    time.sleep(0.1)
    while not (folder / "out/3.txt").exists():  # from now on the next one is at work
        time.sleep(0.01)
    os.kill(worker_of(process.pid), signal.SIGKILL)
    _, said = process.communicate()
    assert messages(said) == [
        "dehusk: in/4-slow.txt: its worker was killed (SIGKILL); trying once more",
        "dehusk: 7 documents: 7 cleaned, 0 empty, 0 skipped, 0 failed",
    ]
    assert (process.returncode, set(cleaned(folder / "out"))) == (0, {*GOOD, "4-slow.txt"})


def messages(said: str) -> list[str]:
    """Return what was said beside the progress, of which there are lines when a run takes its time."""
    return [line for line in said.splitlines() if not re.match(r"dehusk: +\d+% ", line)]


def worker_of(parent: int) -> int:
    """Return the process that was forked last below ``parent``."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text().rpartition(")")[2].split()
        children.setdefault(int(fields[1]), []).append(int(status.parent.name))
    return max(grandchild for child in children[parent] for grandchild in children.get(child, []))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("file systems cannot be mounted here")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_ends_the_run_and_it_goes_on_when_there_is_room(folder: Path, small_disk: Path) -> None:
    for name, text in GOOD.items():
        (folder / "in" / name).write_text(text + "\n" + "It rained. " * 6000)
    expected = {name: (folder / "in" / name).read_text() + "\n" for name in GOOD}
    for target in ("disk/out/", "disk/all.jsonl"):
        code, said = run(folder, "in", "-o", target, "-j", "1")
        assert code == 2
        assert len(said) == 1
        assert "cannot be written" in said[0]
        written = cleaned(small_disk / "out") if target.endswith("/") else {}
        assert all(expected[name].startswith(text[:100]) and len(text) > 60_000 for name, text in written.items())
        assert not [path for path in small_disk.rglob("*") if path.name == "output"]
        shutil.rmtree(small_disk / "out", ignore_errors=True)


def test_a_full_disk_that_is_given_room(folder: Path, small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 150_000)
    for name, text in GOOD.items():
        (folder / "in" / name).write_text(text + "\n" + "It rained. " * 2000)
    code, said = run(folder, "in", "-o", "disk/out", "-j", "1")
    assert code == 2
    assert said[0].endswith("No space left on device; the same command goes on when that is mended")
    ballast.unlink()
    code, said = run(folder, "in", "-o", "disk/out", "-j", "1")
    assert code == 0
    assert " 0 skipped" not in said[0]
    assert set(cleaned(small_disk / "out")) == set(GOOD)


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read and write everything")
def test_a_file_that_may_not_be_read_and_a_folder_that_may_not_be_written(folder: Path) -> None:
    (folder / "in/2.txt").chmod(0)
    (folder / "out").mkdir()
    (folder / "locked").mkdir(mode=0o555)
    code, said = run(folder, "in", "-o", "out", before=MORTAL)
    assert said == [
        "dehusk: in/2.txt: not readable; check its permissions",
        "dehusk: 6 documents: 5 cleaned, 0 empty, 0 skipped, 1 failed",
    ]
    assert (code, cleaned(folder / "out")) == (1, {name: GOOD[name] for name in GOOD if name != "2.txt"})
    code, said = run(folder, "in", "-o", "locked", before=MORTAL)
    assert (code, said) == (2, ["dehusk: locked/.dehusk/manifest.sqlite: cannot be written: Permission denied"])
    code, said = run(folder, "in", "-o", "locked/all.jsonl", before=MORTAL)
    assert code == 2
    assert "Permission denied" in said[0]


@pytest.mark.parametrize("changes", [2, 100])
def test_a_file_that_changes_while_it_is_read(changes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "changing.txt"
    path.write_text("Rain.\n")
    looked_at = os.fstat

    def change(descriptor: int) -> os.stat_result:
        nonlocal changes
        status = looked_at(descriptor)
        if changes:
            changes -= 1
            with path.open("a") as file:
                file.write("More.\n")
        return status

    monkeypatch.setattr(os, "fstat", change)
    if changes > 2:
        with pytest.raises(InputError, match="changes while it is read; clean it when it is complete"):
            File(str(path)).data()
    else:
        assert File(str(path)).data() == b"Rain.\nMore.\nMore.\n"  # as it is when it has come to rest


def test_names_in_odd_bytes_and_of_great_length(folder: Path) -> None:
    odd = os.fsencode(folder / "in") + b"/caf\xe9\x1b[1m.txt"
    long = folder / "in" / ("x" * 251 + ".txt")
    for path in (odd, os.fsencode(long)):
        Path(os.fsdecode(path)).write_text("Rain.\n")
    code, said = run(folder, "in", "-o", "out", "-f", "markdown")
    assert (code, said) == (0, ["dehusk: 8 documents: 8 cleaned, 0 empty, 0 skipped, 0 failed"])
    assert Path(os.fsdecode(odd.replace(b"/in/", b"/out/").replace(b".txt", b".md"))).read_text() == "Rain.\n"
    code, said = run(folder, "in", "-o", "json", "-f", "json")
    assert code == 1
    assert "cannot be written: File name too long" in said[0]
    code, said = run(folder, "in", "-o", "all.jsonl")
    assert (code, len((folder / "all.jsonl").read_bytes().splitlines())) == (0, 8)


@pytest.fixture
def deep(folder: Path) -> Iterator[Path]:
    here = Path.cwd()
    os.chdir(folder / "in")
    for _ in range(1100):
        Path("d").mkdir()
        os.chdir("d")
    Path("deep.txt").write_text("Rain.\n")
    Path("deep.jsonl").write_text('{"text": "Rain."}\n')
    os.chdir(here)
    yield folder
    subprocess.run(["rm", "-r", folder], check=True)  # as shutil cannot


def test_folders_in_folders_in_folders(deep: Path) -> None:
    for target in ("out", "all.jsonl"):
        code, said = run(deep, "in", "-o", target)
        assert (code, said) == (0, ["dehusk: 8 documents: 8 cleaned, 0 empty, 0 skipped, 0 failed"])
    assert (deep / "out" / ("d/" * 1100) / "deep.txt").read_text() == "Rain.\n"
