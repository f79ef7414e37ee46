"""Counting lines over the pages of sites."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dehusk
from dehusk.batch.repeats import Tally, keys_of, site_of
from dehusk.document import Document
from dehusk.rules.repeated import runs, together

TEXTS = st.lists(
    st.lists(st.sampled_from(["Home", "Contact", "Rain.", "Wind.", "a  b", "a b"]), max_size=4), max_size=12
)


def document(text: str, name: str = "a/b.txt", url: str = "") -> Document:
    return next(dehusk.read(text.encode(), name=name, format="text", url=url))


@pytest.mark.parametrize(
    ("name", "url", "site"),
    [
        ("a/b.html", "https://www.example.org:8080/x", "example.org"),
        ("a/b.html", "https://news.example.org/x", "news.example.org"),
        ("a/b.html", "", "a"),
        ("c/in.jsonl.gz:17", "", "c/in.jsonl.gz"),
        ("c/in.jsonl.gz:17", "https://[broken", "c/in.jsonl.gz"),
        ("b.html", "", "."),
    ],
)
def test_pages_are_grouped_by_host_or_by_where_they_are_from(name: str, url: str, site: str) -> None:
    assert site_of(document("Rain.", name, url)) == site


@given(pages=TEXTS)
def test_counts_are_those_of_counting_in_memory(
    pages: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    documents = [
        document("\n".join(page), name=f"{'odd' if n % 2 else 'even'}/{n}.txt") for n, page in enumerate(pages)
    ]
    tally = Tally(tmp_path_factory.mktemp("counts"))
    for item in documents:
        tally.add(keys_of(item))
    counts = tally.finish().open()
    for site in ("odd", "even"):
        own = [item for item in documents if site_of(item) == site]
        expected = Counter(run for item in own for run in set(runs(item)))
        for item in own:
            found = counts.marked(item).site
            assert found.pages == (len(own) if len(own) > 1 else 0)
            assert found.lines == together(item, [expected[run] for run in runs(item)])


def test_the_table_does_not_depend_on_the_order(tmp_path: Path) -> None:
    documents = [document(f"Home\nPage {n}.\nShare {n % 3}") for n in range(20)]
    digests = set()
    for number, order in enumerate((documents, documents[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        tally = Tally(folder)
        for item in order:
            tally.add(keys_of(item))
        digests.add(tally.finish().digest())
        assert {path.name for path in folder.iterdir()} == {"keys.npy", "counts.npy"}
    assert len(digests) == 1
