"""What stands in an address narrows a list, or does nothing; it never breaks the page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hub.base.filters import moments_of, number_of


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("0", 0), ("9" * 17, 10**17 - 1)])
def test_an_id_is_read(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.0", "²", "۷", " 7", "9" * 18])
def test_what_is_no_id_is_none(text: str | None) -> None:
    assert number_of(text) is None


def test_days_begin_and_end_where_the_reader_is() -> None:
    with timezone.override("Europe/Amsterdam"):
        since, until = moments_of("2026-03-28", "2026-03-29")
    assert since is not None
    assert until is not None
    assert (since.isoformat(), until.isoformat()) == ("2026-03-28T00:00:00+01:00", "2026-03-30T00:00:00+02:00")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_of_ours_narrows_nothing(text: str) -> None:
    assert moments_of(text, text) == (None, None)
