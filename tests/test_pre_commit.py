"""The hooks for pre-commit, run by the real program on a scratch repository, against this one as it stands.

pre-commit installs the project into an environment of its own, for which it asks pip's package index.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "src")
CLEAN = "Rain is expected in the north, with strong winds near the coast on Friday.\n"

pytestmark = [
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
    pytest.mark.skipif(not (ROOT / ".pre-commit-hooks.yaml").exists(), reason="there are no hooks beside the tests"),
]


class Repository:
    """A git repository in a folder, and what is run in it."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        folder.mkdir()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHON", "PRE_COMMIT"))}
        self._environment = kept | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(home),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{
                f"GIT_{role}_{key}": "tests@example.org"
                for role in ("AUTHOR", "COMMITTER")
                for key in ("NAME", "EMAIL")
            },
        }
        self.run("git", "init", "-q")

    def run(self, *command: str) -> tuple[int, str]:
        """Return exit code and output of a command."""
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return result.returncode, result.stdout

    def commit(self, **files: str) -> tuple[int, str]:
        """Return exit code and output of committing files, whose names have an underscore for the dot."""
        for name, text in files.items():
            (self.folder / name.replace("_", ".")).write_text(text, "utf-8")
        self.run("git", "add", "-A")
        return self.run("git", "commit", "-m", "A change")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a scratch repository in which pre-commit guards commits with the hook ``dehusk-check``."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    base = tmp_path_factory.mktemp("pre-commit")
    hooks = Repository(base / "hooks", base / "home")
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, hooks.folder / name)
    assert hooks.commit()[0] == 0
    revision = hooks.run("git", "rev-parse", "HEAD")[1].strip()
    scratch = Repository(base / "scratch", base / "home")
    (scratch.folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks.folder}\n  rev: {revision}\n  hooks:\n  - id: dehusk-check\n"
        "  - id: dehusk-fix\n    alias: mend\n    stages: [manual]\n  - id: dehusk-fix\n    alias: remove\n"
        "    stages: [manual]\n    args: [--unsafe-fixes]\n"
    )
    code, output = scratch.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    if "Failed to establish a new connection" in output or "NameResolutionError" in output:
        pytest.skip("pre-commit cannot install the hooks: pip reaches no package index")
    assert code == 0, output
    return scratch


def test_a_clean_commit_passes_and_a_dirty_one_is_blocked(repository: Repository) -> None:
    code, output = repository.commit(clean_txt=CLEAN, page_html="<p>Leave a Reply</p>", data_py="x  = 1\n")
    assert code == 0, output
    code, output = repository.commit(dirty_md=f"{CLEAN}\nLeave a Reply\n", r_jsonl='{"text": "Rain  is."}\n')
    assert code == 1
    assert "dirty.md:3:1: C001 [-] comment form or count: “Leave a Reply”" in output
    assert "r.jsonl:1:1:5: W003 [*] 2 spaces in a row" in output
    assert "dirty.md" in repository.run("git", "status", "--short")[1]


def test_excluded_files_are_left_out_though_pre_commit_names_them(repository: Repository) -> None:
    repository.run("git", "reset", "-q", "--hard")
    code, output = repository.commit(old_txt="Rain  is.\n", dehusk_toml='[check]\nexclude = ["old.txt"]\n')
    assert code == 0, output


def test_fixes_are_made_and_then_the_commit_passes(repository: Repository) -> None:
    repository.run("git", "reset", "-q", "--hard")
    path = repository.folder / "new.txt"
    assert repository.commit(new_txt=f"{CLEAN[:-1]}  \n\nLeave a  Reply\n")[0] == 1
    pre_commit = (sys.executable, "-m", "pre_commit", "run", "--hook-stage", "manual")
    code, output = repository.run(*pre_commit, "mend")
    assert (code, "files were modified by this hook" in output) == (1, True)
    assert path.read_text() == f"{CLEAN}\nLeave a Reply\n"
    assert repository.commit()[0] == 1
    assert repository.run(*pre_commit, "remove")[0] == 1
    assert path.read_text() == CLEAN
    code, output = repository.commit()
    assert code == 0, output
