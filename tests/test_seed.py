"""The article that the project began with; its text is not ours to ship, so this runs only where it is at hand."""

import subprocess
import sys
from pathlib import Path

import pytest

import dehusk

SEED = Path(__file__).parents[2] / "shared" / "seed"
pytestmark = pytest.mark.skipif(not SEED.is_dir(), reason="the seed article is not here")


def test_seed_from_bytes_file_and_standard_input() -> None:
    article, expected = SEED / "article.txt", (SEED / "article.expected.txt").read_bytes()
    assert dehusk.clean(article.read_bytes()).text.encode() == expected
    command = [sys.executable, "-m", "dehusk"]
    assert subprocess.run([*command, str(article)], capture_output=True, check=True).stdout == expected
    assert subprocess.run(command, input=article.read_bytes(), capture_output=True, check=True).stdout == expected


def test_every_removed_line_has_a_fitting_rule() -> None:
    findings = dehusk.clean((SEED / "article.txt").read_bytes()).findings
    removed = [(finding.rule, finding.line) for finding in findings if finding.action == "drop"]
    assert removed == [("B003", 33), ("R001", 35), ("R001", 37), ("R001", 39), ("R001", 41), ("C001", 43)]


def test_the_clean_text_stays_as_it_is() -> None:
    expected = (SEED / "article.expected.txt").read_bytes()
    document = dehusk.clean(expected)
    assert (document.text.encode(), document.findings) == (expected, ())
