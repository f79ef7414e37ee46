"""Many files: found as git finds them, checked in any number of processes, remembered between runs."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dehusk.config import Config
from dehusk.errors import InputError
from dehusk.linter.cache import Cache, key_of
from dehusk.linter.discovery import Discovery
from dehusk.linter.file import Task, check
from dehusk.linter.report import FileReport
from dehusk.linter.runner import run
from dehusk.linter.settings import Resolver, Ruleset

RULES = Ruleset(Config().active)


def test_a_file_whose_process_dies_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [Task(name, "text", RULES, data=b"Two  are.\n") for name in ("a.txt", "b.txt", "c.txt")]
    monkeypatch.setattr("dehusk.linter.runner.check", _dies_of_b)
    first, second, third = run(tasks, Cache(None), jobs=2)
    (problem,) = second.problems
    assert problem.startswith("crashed its worker twice: was killed (SIGKILL); where memory is short,")
    assert [len(first.findings), len(third.findings)] == [1, 1]


def _dies_of_b(task: Task) -> tuple[bytes, FileReport]:
    if task.name == "b.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return check(task)


def test_an_error_of_ours_is_a_problem_of_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dehusk.linter.file.inspect", lambda *_, **__: 1 / 0)
    _, report = check(Task("a.txt", "text", RULES, data=b"x\n"))
    assert report.problems == ("internal error, please report it: ZeroDivisionError: division by zero",)


def corpus(folder: Path, count: int = 30) -> list[Task]:
    folder.mkdir(exist_ok=True)
    tasks = []
    for number in range(count):
        path = folder / f"{number:02}.txt"
        path.write_text(f"Rain on day  {number}.\n\nLeave a Reply\n")
        tasks.append(Task(str(path), "text", RULES))
    return tasks


def test_the_order_is_the_same_at_any_number_of_jobs_and_with_a_cache_half_full(tmp_path: Path) -> None:
    tasks = corpus(tmp_path / "corpus")
    expected = list(run(tasks, Cache(None), jobs=1))
    assert list(run(tasks, Cache(None), jobs=3)) == expected
    list(run(tasks[::3], Cache(tmp_path / "cache"), jobs=1))
    assert list(run(tasks, Cache(tmp_path / "cache"), jobs=2)) == expected
    assert list(run(tasks, Cache(tmp_path / "cache"), jobs=1)) == expected


def test_a_second_run_checks_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = corpus(tmp_path / "corpus")
    expected = list(run(tasks, Cache(tmp_path / "cache"), jobs=1))
    checked: list[str] = []

    def watched(task: Task) -> tuple[bytes, FileReport]:
        checked.append(task.name)
        return check(task)

    monkeypatch.setattr("dehusk.linter.runner.check", watched)
    assert list(run(tasks, Cache(tmp_path / "cache"), jobs=1)) == expected
    assert not checked
    Path(tasks[4].name).write_text("All is well.\n")
    assert not list(run(tasks, Cache(tmp_path / "cache"), jobs=1))[4].findings
    assert checked == [tasks[4].name]
    other = [Task(task.name, "text", Ruleset(Config(select=("W",)).active)) for task in tasks]
    assert {found.rule for report in run(other, Cache(tmp_path / "cache"), jobs=1) for found in report.findings} == {
        "W003"
    }
    Cache(tmp_path / "cache").clear()
    checked.clear()
    list(run(tasks, Cache(tmp_path / "cache"), jobs=1))
    assert len(checked) == len(tasks)


def test_keys_depend_on_content_and_on_every_setting() -> None:
    keys = {key_of(b"a"), key_of(b"b"), key_of(b"a", "x"), key_of(b"a", "x", "y"), key_of(b"a", "xy"), key_of(b"xa")}
    assert len(keys) == 6
    tasks = [Task("a", "text", RULES), Task("a", "jsonl", RULES), Task("a", "jsonl", RULES, "body")]
    tasks += [Task("a", "text", Ruleset(Config(options={"related": {"max-words": 3}}).active))]
    assert len({task.key(b"") for task in tasks}) == len(tasks)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"SQLite format 3\0" + bytes(200)])
def test_a_damaged_cache_is_no_obstacle(damage: bytes, tmp_path: Path) -> None:
    tasks = corpus(tmp_path / "corpus", 3)
    expected = list(run(tasks, Cache(tmp_path / "cache"), jobs=1))
    (tmp_path / "cache/findings.sqlite").write_bytes(damage)
    assert list(run(tasks, Cache(tmp_path / "cache"), jobs=1)) == expected
    assert list(run(tasks, Cache(tmp_path / "cache"), jobs=1)) == expected


def test_runs_at_the_same_time_share_a_cache(tmp_path: Path) -> None:
    corpus(tmp_path / "corpus", 60)
    command = [sys.executable, "-m", "dehusk", "check", "corpus", "-q", "--cache-dir", "cache"]
    runs = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    outputs = {process.communicate() for process in runs}
    assert len(outputs) == 1
    ((out, err),) = outputs
    assert out.count(b"\n") == 120
    assert err == b""


TREE = {
    ".gitignore": "*.log\n/top.txt\nbuild/\n!keep.log\ndocs/**/draft.txt\n\\#odd.txt\n",
    "a.txt": "", "b.log": "", "keep.log": "", "top.txt": "", "#odd.txt": "",
    "sub/top.txt": "", "sub/b.log": "", "sub/.gitignore": "!b.log\nc.txt\n", "sub/c.txt": "", "sub/deep/c.txt": "",
    "build/a.txt": "", "sub/build/a.txt": "", "docs/draft.txt": "", "docs/x/y/draft.txt": "", "docs/x/draft.md": "",
    "sp ace/é.txt": "",
}  # fmt: skip


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_git_ignores_what_dehusk_passes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=environment, check=True)
    (tmp_path / ".git/info/exclude").write_text("sp ace/\n")
    listed = subprocess.run(
        ["git", "ls-files", "-zo", "--exclude-standard"], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    expected = {name for name in listed.stdout.decode().split("\0") if name and not Path(name).name.startswith(".")}
    monkeypatch.chdir(tmp_path)
    resolver = Resolver([("test", {"check": {"include": ["*"]}})], isolated=True)
    assert set(Discovery(resolver).files(["."])) == expected
    monkeypatch.chdir(tmp_path / "sub")
    assert set(Discovery(resolver).files(["."])) == {name[4:] for name in expected if name.startswith("sub/")}


def test_links_are_followed_to_files_once_and_never_to_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.txt").write_text("x\n")
    (tmp_path / "sub/loop").symlink_to("..")
    (tmp_path / "z.txt").symlink_to("sub/a.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    found = list(Discovery(Resolver(isolated=True)).files([".", "sub", "missing"]))
    assert found[:1] == ["sub/a.txt"]
    assert [type(each) for each in found[1:]] == [InputError]


def test_folders_may_be_nested_deeper_than_functions_may_call_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = sys.getrecursionlimit() + 20
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.txt").write_text("Two  are.\n")
    monkeypatch.undo()
    try:
        found = list(Discovery(Resolver(isolated=True)).files([str(tmp_path)]))
    finally:
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # which shutil.rmtree would fail at
    assert found == [str(tmp_path) + "/d" * depth + "/a.txt"]


def test_a_folder_whose_name_is_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    monkeypatch.chdir(tmp_path)
    Path("z.txt").write_text("Two  are.\n")
    problem, last = Discovery(Resolver()).files(["."])
    assert str(problem).endswith("d: cannot be read: File name too long")
    assert last == "z.txt"


def test_the_closest_configuration_is_in_force_whatever_was_looked_at_before(tmp_path: Path) -> None:
    for name in ("a/b/c", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a/b/dehusk.toml").write_text("")
    (tmp_path / "other/dehusk.toml").write_text("")
    (tmp_path / "a/link").symlink_to(tmp_path / "other")
    resolver = Resolver()
    sources = {
        name: resolver.settings(tmp_path / name).source
        for name in (".", "a", "a/b", "a/b/c", "a/link", "a/link/..", "a/b/..", "a/b/../b")
    }
    own, other = (tmp_path.resolve() / name / "dehusk.toml" for name in ("a/b", "other"))
    assert list(sources.values()) == [None, None, own, own, other, None, None, own]
