"""The title of a page, without the name of its site."""

import pytest

from dehusk.readers.titles import choose_title

URL = "https://www.dailyquay.example/news/storm"


@pytest.mark.parametrize(
    ("headings", "names", "article", "title"),
    [
        (["Storm closes the harbour"], ["Storm closes the harbour | The Daily Quay"], True, "Storm closes the harbour"),
        ([], ["Storm closes the harbour - Daily Quay"], True, "Storm closes the harbour"),
        ([], ["Daily Quay: Storm closes the harbour"], True, "Daily Quay: Storm closes the harbour"),
        ([], ["Daily Quay » Storm closes the harbour"], True, "Storm closes the harbour"),
        (["The Daily Quay", "Harbour closed"], ["Harbour closed | The Daily Quay"], True, "Harbour closed"),
        (["Why we stayed ashore"], ["Storm 2024: all you need to know"], True, "Why we stayed ashore"),
        (["Welcome aboard"], ["Boats and moorings for rent | Daily Quay"], False, "Boats and moorings for rent"),
        (["Quickstart¶"], ["Quickstart — Moor Documentation (3.1)"], False, "Quickstart"),
        (["Storm\ncloses the harbour"], ["Storm closes the harbour"], True, "Storm closes the harbour"),
        (["Latest", "Contact"], ["Boats and moorings", "Boats and moorings for rent"], False, "Boats and moorings"),
        (["Mooring by hand"], ["Knots — Mooring by hand"], False, "Knots"),
        (["harbour forum"], ["Which anchor holds? - harbour forum"], False, "Which anchor holds?"),
        (["Storm closes the harbour | The Daily Quay"], ["Storm closes the harbour"], True, "Storm closes the harbour"),
        ([], ["Boats and moorings | quay-tools.com"], False, "Boats and moorings"),
        ([], ["The Daily Quay Awards | Boats of the year"], False, "The Daily Quay Awards | Boats of the year"),
        (["Boats"], [], False, "Boats"),
        ([], [], False, ""),
        (["Boats"], ["- | -"], False, "- | -"),
    ],
)  # fmt: skip
def test_choose_title(headings: list[str], names: list[str], article: bool, title: str) -> None:
    assert choose_title(headings, names, site="The Daily Quay", url=URL, article=article) == title


def test_an_address_that_is_none_is_no_error() -> None:
    assert choose_title([], ["A storm | Quay"], site="", url="http://[", article=False) == "A storm | Quay"
