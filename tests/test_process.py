"""The program as a process: terminals, pipes, signals, and files that are whole or not there."""

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dehusk import files
from dehusk.errors import OutputError
from dehusk.linter.formats import FORMATS

DEHUSK = [sys.executable, "-m", "dehusk"]
HUSK = "Rain is expected.\n\nLeave a Reply\n"


def run(*arguments: str, source: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **variables}
    return subprocess.run(
        [*DEHUSK, *arguments],
        input=source,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )


def on_terminal(
    *arguments: str, source: str | None = None, stdout: int | None = None, stderr: int | None = None, **variables: str
) -> str:
    """Return what the program prints on a terminal, reading from it unless ``source`` is given.

    ``stdout`` and ``stderr`` say where else than to the terminal one of them goes.
    """
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **variables}
    environment = {name: value for name, value in environment.items() if value}
    process = subprocess.Popen(
        [*DEHUSK, *arguments],
        stdin=follower if source is None else subprocess.PIPE,
        stdout=follower if stdout is None else stdout,
        stderr=follower if stderr is None else stderr,
        env=environment,
    )
    os.close(follower)
    if process.stdin:
        process.stdin.write((source or "").encode())
        process.stdin.close()
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    process.wait()
    os.close(leader)
    return shown.decode().replace("\r\n", "\n")


def test_explanations_are_coloured_on_a_terminal_and_plain_elsewhere() -> None:
    assert "\x1b[" in on_terminal("explain", source=HUSK, NO_COLOR="")
    assert "\x1b[3" not in on_terminal("explain", source=HUSK, NO_COLOR="1")
    assert "\x1b" not in run("explain", source=HUSK).stdout


COMMANDING = "Red  \x1b[31malert\x1b[0m \x9b31m \x07\x7f."


def commands_nothing(shown: str) -> bool:
    return not any(char < " " or "\x7f" <= char <= "\x9f" for char in shown.replace("\n", "").replace("\t", ""))


@pytest.mark.parametrize("arguments", [["--ignore", "U"], ["-f", "json", "--ignore", "U"], ["explain"]])
def test_control_characters_of_a_page_do_not_reach_a_terminal(arguments: list[str]) -> None:
    shown = on_terminal(*arguments, source=COMMANDING, TERM="dumb")  # on which we write no codes of our own
    assert "alert" in shown
    assert commands_nothing(shown)
    if arguments[0] == "--ignore":
        assert run(*arguments, source=COMMANDING).stdout == COMMANDING.replace("  ", " ") + "\n"


@pytest.mark.parametrize(
    "arguments",
    [
        "- --fix --select W",
        "- --diff --stdin-filename FILE",
        "FILE --diff --select U",
        "FILE --statistics",
        "FILE --show-files",
        "FILE --show-settings",
        "FILE --write-baseline FILE.json",
        *(f"FILE --output-format {name}" for name in FORMATS),
    ],
)
def test_control_characters_that_the_linter_checks_do_not_reach_a_terminal(arguments: str, tmp_path: Path) -> None:
    path = tmp_path / "e\x1b[31mvil\x9b\udcff.txt"
    path.write_text(COMMANDING)
    source = COMMANDING if arguments.startswith("-") else None
    words = [word.replace("FILE", str(path)) for word in arguments.split()]
    shown = on_terminal("check", "--no-cache", *words, source=source, TERM="dumb")
    assert shown
    assert commands_nothing(shown)


def test_where_findings_go_is_where_it_counts_whether_there_is_a_terminal() -> None:
    arguments = ["check", "-", "--fix", "--select", "W,C"]
    shown = on_terminal(*arguments, source=HUSK, stdout=subprocess.DEVNULL, NO_COLOR="")
    assert "\x1b[" in shown
    assert "C001 comment-prompt" in re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert on_terminal(*arguments, source=HUSK, stderr=subprocess.DEVNULL) == HUSK


@pytest.mark.parametrize(
    ("redirection", "said"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
@pytest.mark.parametrize("arguments", ["", "--fix", "--show-settings", "--output-format sarif"])
def test_findings_that_cannot_be_written_are_no_findings(redirection: str, said: str, arguments: str) -> None:
    command = f"{shlex.join(DEHUSK)} check - {arguments} {redirection}"
    result = subprocess.run(["sh", "-c", command], input=b"Two  are.\n", capture_output=True, check=False)
    assert (result.returncode, result.stderr.decode()) == (2, f"dehusk: standard output cannot be written: {said}\n")


def test_without_input_on_a_terminal_it_says_what_to_do_instead_of_waiting() -> None:
    assert "no input: name a file" in on_terminal()


def test_the_reader_of_a_pipe_may_go_away(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_text("\n\n".join(f"Line {n} of a long text." for n in range(200_000)))
    process = subprocess.Popen([*DEHUSK, str(big)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"Line 0 of a long text.\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == -signal.SIGPIPE


@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("command", ["a.txt", "a.txt -j 1 -q", "explain a.txt", "rules", "rules B001", "--help"])
def test_standard_output_that_cannot_be_written(command: str, redirection: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HUSK)
    line = f"{sys.executable} -m dehusk {command} {redirection}"
    result = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    why = "No space left on device" if "full" in redirection else "Bad file descriptor"
    assert (result.returncode, result.stderr) == (2, f"dehusk: standard output cannot be written: {why}\n")


def test_closed_streams_that_are_not_needed_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HUSK)
    line = f"{sys.executable} -m dehusk a.txt a.txt -o out/ <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", line], cwd=tmp_path, check=False).returncode == 0
    assert (tmp_path / "out/a.txt").read_text() == "Rain is expected.\n"
    result = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m dehusk <&-"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (1, "dehusk: <stdin>: cannot be read: Bad file descriptor\n")


def test_ctrl_c_ends_quietly() -> None:
    process = subprocess.Popen(DEHUSK, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(2)  # by now it waits for its standard input
    process.send_signal(signal.SIGINT)
    shown, said = process.communicate()
    assert (process.returncode, shown) == (130, b"")
    assert b"Traceback" not in said


def test_an_existing_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    path = tmp_path / "a" / "out.txt"
    files.write(path, b"one")
    usual = path.stat().st_mode & 0o777
    assert usual == 0o666 & ~files._umask()
    path.chmod(0o640)
    files.write(path, b"two")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o640)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.txt"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        files.write(path, b"new")
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("out.txt", b"old")]


def test_names_in_odd_bytes_are_files_like_others(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(name, "w") as file:  # noqa: PTH123 (a path in bytes)
        file.write(HUSK)
    result = subprocess.run([*DEHUSK, name, "-f", "jsonl"], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"Rain is expected" in result.stdout


def test_importing_the_library_loads_no_heavy_package() -> None:
    heavy = ("bs4", "lxml", "readability", "rich", "ftfy", "selectolax", "click")
    code = f"import dehusk, sys; dehusk.clean('Rain.\\n'); print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
