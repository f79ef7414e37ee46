"""The garbage collector is off while a page is cleaned, and afterwards as it was."""

import gc
from collections.abc import Iterator

import pytest

import dehusk
from dehusk.collector import uncollected


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_it_is_off_inside_and_on_again_afterwards() -> None:
    outer = uncollected(lambda: (gc.isenabled(), uncollected(gc.isenabled)(), gc.isenabled()))
    assert outer() == (False, False, False)
    assert gc.isenabled()


def test_it_stays_off_for_those_who_turned_it_off() -> None:
    gc.disable()
    dehusk.clean("<p>Rain is expected.</p>")
    assert not gc.isenabled()


def test_it_is_on_again_after_an_error() -> None:
    with pytest.raises(dehusk.InputError):
        dehusk.clean(b"%PDF-1.4")
    assert gc.isenabled()


@pytest.mark.parametrize("source", ["<p>Rain.</p>" * 50, "Rain.\n\nLeave a Reply\n" * 50])
def test_cleaning_leaves_no_circles_behind(source: str) -> None:
    dehusk.clean(source)
    gc.collect()
    dehusk.clean(source)
    assert gc.collect() == 0
