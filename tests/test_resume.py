"""Runs that are killed and taken up again: nothing lost, nothing doubled, no half files, the same bytes in the end."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dehusk
from dehusk.cli.app import app

# Kills itself with SIGKILL at the N-th step that changes something on disk, before or after it is done; with small
# groups, so that there are many steps.
DRIVER = """
import os, pathlib, signal, sys
import dehusk.batch.encodings as encodings
from dehusk.batch.manifest import Manifest
from dehusk.cli import main

def deadly(owner, name):
    function = getattr(owner, name)
    def step(*arguments, **options):
        global steps
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **options)
        steps -= 1
        if steps == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, step)

if __name__ == "__main__":  # and not in workers, which import this file
    steps = int(sys.argv.pop(1))
    original = encodings.JsonLines.__init__
    def small(self, suffix):
        original(self, suffix)
        self.group_bytes = 700
    encodings.JsonLines.__init__ = small
    encodings.Parquet.group_bytes = 700
    if steps:
        for owner, name in ((pathlib.Path, "replace"), (pathlib.Path, "unlink"), (Manifest, "record"),
                            (Manifest, "add_checkpoint"), (Manifest, "forget_after"), (os, "truncate")):
            deadly(owner, name)
    main()
"""
TARGETS = {
    "folder": ["in", "-o", "out/"],
    "one file": ["in", "-o", "out/all.jsonl"],
    "compressed": ["in", "-o", "out/all.jsonl.zst"],
    "shards": ["in", "-o", "out/all.jsonl.gz", "--shard-size", "500"],
    "table": ["in", "-o", "out/all.parquet"],
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "driver.py").write_text(DRIVER)
    for number in range(8):
        (folder / f"{number}.txt").write_text(f"Rain is expected on day {number}.\n\nLeave a Reply\n")
    with (folder / "days.jsonl").open("w") as file:
        for number in range(30):
            file.write(json.dumps({"text": f"Day {number} was dry.\n\nLeave a Reply\n", "n": number}) + "\n")
        file.write("broken\n")
    return folder


def run(folder: Path, arguments: Sequence[str], *, jobs: int = 1, steps: int = 0) -> tuple[int, str]:
    """Return the exit code and the last line that was said."""
    command = [sys.executable, "driver.py", str(steps), *arguments, "-j", str(jobs)]
    (folder / "out").mkdir(exist_ok=True)
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    return result.returncode, result.stderr.rstrip().rpartition("\n")[2]


def outputs(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.sqlite")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("target", TARGETS)
def test_killed_at_one_step_after_the_other_it_ends_with_the_same_bytes(
    target: str, source: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    source.rename(alone / "in")
    (alone / "driver.py").write_text(DRIVER)
    assert run(alone, TARGETS[target], jobs=2)[0] == 1
    expected = outputs(alone / "out")
    assert len(expected) == {"folder": 9, "shards": len(expected)}.get(target, 1)
    (tmp_path / "in").symlink_to(alone / "in")
    arguments = [*TARGETS[target], "--follow-links"]
    codes = [run(tmp_path, arguments, steps=steps)[0] for steps in (1, 2, 4, 8, 5)]
    assert codes == [-signal.SIGKILL] * 5
    assert run(tmp_path, arguments)[0] == 1
    assert outputs(tmp_path / "out") == expected
    code, said = run(tmp_path, arguments)
    assert (code, said) == (1, "dehusk: 39 documents: 0 cleaned, 0 empty, 38 skipped, 1 failed")
    assert outputs(tmp_path / "out") == expected


@pytest.mark.parametrize("options", [["--force"], ["--ignore", "C"]])
@pytest.mark.parametrize("steps", [12, 19])
def test_what_a_killed_run_left_is_not_part_of_another(
    steps: int, options: list[str], source: Path, tmp_path: Path
) -> None:
    arguments = ["in", "-o", "out/all.jsonl", "--shard-size", "1K"]
    assert run(tmp_path, arguments, steps=steps)[0] == -signal.SIGKILL
    assert run(tmp_path, [*arguments, *options])[0] == 1
    found = outputs(tmp_path / "out")
    assert b"".join(found.values()).count(b"\n") == 38
    shutil.rmtree(tmp_path / "out")
    assert run(tmp_path, [*arguments, *options])[0] == 1
    assert outputs(tmp_path / "out") == found


@pytest.mark.parametrize(
    ("target", "how"),
    [("one file", "edited"), ("one file", "cut"), ("shards", "deleted"), ("shards", "edited"), ("table", "edited")],
)
def test_files_that_are_not_as_they_were_written_are_made_anew(
    target: str, how: str, source: Path, tmp_path: Path
) -> None:
    assert run(tmp_path, TARGETS[target])[0] == 1
    expected = outputs(tmp_path / "out")
    path = tmp_path / "out" / min(expected)
    if how == "deleted":
        path.unlink()
    else:
        content = bytearray(path.read_bytes())
        content[10] ^= 1
        path.write_bytes(content if how == "edited" else content[:-1])
    assert " 0 cleaned" not in run(tmp_path, TARGETS[target])[1]
    assert outputs(tmp_path / "out") == expected
    for path in (tmp_path / "out").glob("all*"):
        os.utime(path, ns=(0, 0))  # now it takes reading to find out that they are as they were
    assert " 0 cleaned" in run(tmp_path, TARGETS[target])[1]


def test_shards_that_are_whole_stay_where_a_later_one_is_lost(source: Path, tmp_path: Path) -> None:
    arguments = ["in", "-o", "out/all.jsonl", "--shard-size", "1K"]
    run(tmp_path, arguments)
    expected = outputs(tmp_path / "out")
    names = sorted(expected)
    assert len(names) > 3
    before = (tmp_path / "out" / names[0]).stat()
    (tmp_path / "out" / names[2]).unlink()
    assert int(run(tmp_path, [arguments[0], "-o", str(tmp_path / "out/all.jsonl"), *arguments[3:]])[1].split()[3]) < 30
    assert outputs(tmp_path / "out") == expected
    assert (tmp_path / "out" / names[0]).stat() == before


def test_shards_of_somebody_else_are_an_error_and_stay(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    foreign = tmp_path / "out/all-00004.jsonl.gz"
    foreign.write_bytes(b"mine")
    code, said = run(tmp_path, TARGETS["shards"])
    assert code == 2
    assert said == (
        "dehusk: out/all-00004.jsonl.gz is in the way, as no earlier run is known to have written it; move or delete it"
    )
    assert outputs(tmp_path / "out") == {"all-00004.jsonl.gz": b"mine"}
    foreign.rename(tmp_path / "out/all-4.jsonl.gz")
    assert run(tmp_path, TARGETS["shards"])[0] == 1
    (source / "days.jsonl").write_text('{"text": "Dry."}\n')
    assert run(tmp_path, TARGETS["shards"])[0] == 0
    assert (tmp_path / "out/all-4.jsonl.gz").read_bytes() == b"mine"


def test_a_run_that_keeps_nothing_leaves_no_file_of_an_earlier_one(source: Path, tmp_path: Path) -> None:
    arguments = TARGETS["shards"]
    assert run(tmp_path, arguments)[0] == 1
    assert len(outputs(tmp_path / "out")) == 3
    (source / "days.jsonl").unlink()
    for path in source.glob("*.txt"):
        path.write_text("Leave a Reply\n")
    assert run(tmp_path, arguments)[1] == "dehusk: 8 documents: 0 cleaned, 8 empty, 0 skipped, 0 failed"
    assert outputs(tmp_path / "out") == {}


def test_a_file_that_somebody_put_in_the_place_of_an_output_stays(source: Path, tmp_path: Path) -> None:
    arguments = ["in/days.jsonl", "-o", "out/all.jsonl"]
    run(tmp_path, arguments)
    (tmp_path / "out/all.jsonl").write_bytes(b"mine")
    (source / "days.jsonl").write_text('{"text": ""}\n')
    assert run(tmp_path, arguments)[0] == 1
    assert (tmp_path / "out/all.jsonl").read_bytes() == b"mine"


def test_shards_are_as_many_as_there_is_to_write(source: Path, tmp_path: Path) -> None:
    assert run(tmp_path, TARGETS["shards"])[0] == 1
    assert len(outputs(tmp_path / "out")) == 3
    (source / "days.jsonl").write_text('{"text": "Dry."}\n')
    assert run(tmp_path, TARGETS["shards"])[0] == 0
    assert len(outputs(tmp_path / "out")) == 1
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "driver.py").write_text(DRIVER)
    source.rename(fresh / "in")
    assert run(fresh, TARGETS["shards"])[0] == 0
    assert outputs(fresh / "out") == outputs(tmp_path / "out")


def test_a_stream_is_gone_on_with_from_the_first_change(source: Path, tmp_path: Path) -> None:
    arguments = TARGETS["one file"]
    run(tmp_path, arguments)
    with (source / "days.jsonl").open("a") as file:
        file.write('{"text": "One more."}\n')
    first = run(tmp_path, arguments)[1]
    (source / "0.txt").write_text("Snow is expected.\n")
    second = run(tmp_path, arguments)[1]
    assert [said.split()[3] for said in (first, second)] != ["0", "0"]
    assert int(first.split()[3]) < int(second.split()[3])
    again = tmp_path / "again"
    again.mkdir()
    (again / "driver.py").write_text(DRIVER)
    source.rename(again / "in")
    run(again, arguments)
    assert outputs(again / "out") == outputs(tmp_path / "out")


def test_another_version_configuration_or_form_is_another_run(source: Path, tmp_path: Path) -> None:
    assert "38 cleaned" in run(tmp_path, TARGETS["folder"])[1]
    assert "38 skipped" in run(tmp_path, TARGETS["folder"])[1]
    for options in (["--force"], ["--ignore", "C"], ["--from", "text"], ["--url", "https://example.org"]):
        assert "38 cleaned" in run(tmp_path, [*TARGETS["folder"], *options])[1]
    assert "38 skipped" in run(tmp_path, [*TARGETS["folder"], "--url", "https://example.org"])[1]


def test_a_rule_that_was_edited_makes_another_program(source: Path, tmp_path: Path) -> None:
    package = tmp_path / "checkout/dehusk"
    shutil.copytree(Path(dehusk.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "dehusk", "in", "-o", "out/"]
    environment = {**os.environ, "PYTHONPATH": str(package.parent)}

    def said() -> str:
        result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return result.stderr

    assert "38 cleaned" in said()
    for path in package.rglob("*.py"):
        os.utime(path)  # as when the same version is installed again
    assert "38 skipped" in said()
    with (package / "rules/comments.py").open("a") as file:
        file.write("\n# changed\n")
    assert "38 cleaned" in said()


def test_only_one_run_at_a_time_writes_to_an_output(source: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "dehusk", "pipe", "in/1.txt", "-o", "out/"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as first:
        with (tmp_path / "pipe").open("w") as pipe:  # it is at work now, and waits for what comes
            code, said = run(tmp_path, TARGETS["folder"])
            pipe.write("Rain.\n")
        assert first.wait() == 0
    assert code == 2
    assert said == "dehusk: out/.dehusk/manifest.sqlite is in use; another dehusk writes there, wait for it"


def test_an_interrupted_run_says_so_and_goes_on(source: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "dehusk", "in", "pipe", "-o", "out/", "-j", "1"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    with (tmp_path / "pipe").open("w"):
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert said.rstrip().endswith("dehusk: interrupted; the same command goes on from here")
    assert run(tmp_path, TARGETS["folder"])[0] == 1


def test_ctrl_c_while_workers_begin_ends_quietly(source: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "dehusk", "pipe", "in", "-o", "out/", "-j", "1"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    with (tmp_path / "pipe").open("w"):  # the process that workers are forked from is loading now
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, said = process.communicate()
    assert process.returncode == 130
    assert said.rstrip() == "dehusk: interrupted; the same command goes on from here"


def test_lines_are_counted_again_only_when_an_input_changed(source: Path, tmp_path: Path) -> None:
    for number in range(8):
        (source / f"{number}.txt").write_text(f"The Harbour Post\n\nRain is expected on day {number}.\n")
    arguments = [*TARGETS["folder"], "--repeated"]
    assert "38 cleaned" in run(tmp_path, arguments)[1]
    table = tmp_path / "out/.dehusk/repeated/counts.npy"
    first = table.stat().st_mtime_ns
    assert "38 skipped" in run(tmp_path, arguments)[1]
    assert table.stat().st_mtime_ns == first
    (source / "3.txt").write_text("The Inland Times\n\nRain is expected on day 3.\n")
    assert "38 cleaned" in run(tmp_path, arguments)[1]
    assert table.stat().st_mtime_ns != first
    assert (tmp_path / "out/3.txt").read_text() == "The Inland Times\n\nRain is expected on day 3.\n"
    assert (tmp_path / "out/4.txt").read_text() == "Rain is expected on day 4.\n"


def test_what_has_the_same_state_as_before_is_not_read_and_what_has_another_is(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def clean() -> str:
        app.main(["in", "-o", "out/"], "dehusk", standalone_mode=False)
        return capsys.readouterr().err.rstrip()

    def rewrite(path: Path, old: str, new: str) -> None:
        """Change a file, but neither its size nor the time of its change."""
        before = path.stat()
        path.write_text(path.read_text().replace(old, new))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size

    monkeypatch.chdir(tmp_path)
    (source / "days.jsonl").unlink()
    (source / "7.txt").write_text("Leave a Reply\n")
    assert clean().endswith("8 documents: 7 cleaned, 1 empty, 0 skipped, 0 failed")
    monkeypatch.setattr("dehusk.batch.plan._SETTLING", -1)  # so far, the files were too new to tell by their times
    assert clean().endswith("8 documents: 0 cleaned, 1 empty, 7 skipped, 0 failed")
    with monkeypatch.context() as patch:
        patch.setattr("dehusk.workers.Pool._start", None)
        said = "dehusk: in/7.txt: nothing was kept, as before\n"
        assert clean() == f"{said}dehusk: 8 documents: 0 cleaned, 1 empty, 7 skipped, 0 failed"
    rewrite(source / "1.txt", "day 1", "day 9")
    rewrite(tmp_path / "out/2.txt", "Rain", "Snow")
    (tmp_path / "out/3.txt").unlink()
    assert clean().endswith("8 documents: 3 cleaned, 1 empty, 4 skipped, 0 failed")
    days = [(tmp_path / f"out/{number}.txt").read_text() for number in (1, 2, 3)]
    assert days == [f"Rain is expected on day {day}.\n" for day in (9, 2, 3)]
