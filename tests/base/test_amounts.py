"""U1: amounts and numbers are read as people of each language write them, and what is none is refused."""

from __future__ import annotations

import pytest

from hub.base.amounts import field_text, find_millicredits, find_whole_number


@pytest.mark.parametrize(
    ("text", "amount_m"),
    [
        ("2", 2000), ("2.5", 2500), ("1,25", 1250), ("0.005", 5), ("-3", -3000), ("+3", 3000), ("1 000", 1_000_000),
        ("۱٫۲۵", 1250), ("١٢", 12_000), ("1000000000", 10**12),
    ],
)  # fmt: skip
def test_u1_an_amount_is_read_with_comma_point_and_any_digits(text: str, amount_m: int) -> None:
    assert find_millicredits(text) == amount_m


@pytest.mark.parametrize(
    "text", ["", "much", "1e3", "NaN", "Infinity", "0.0001", "1.2.3", "1,000,000", "1000000001", "٫٥", "--1"]
)
def test_u1_what_is_no_amount_of_credits_is_none(text: str) -> None:
    assert find_millicredits(text) is None


@pytest.mark.parametrize("amount_m", [0, 5, 1250, 2000, 58_400, 10**12])
def test_u1_what_stands_in_a_field_can_be_read_again(amount_m: int) -> None:
    assert find_millicredits(field_text(amount_m)) == amount_m


def test_u1_a_whole_number_is_read_within_its_bounds() -> None:
    assert [find_whole_number(text, 1, 60) for text in ("1", "60", "۴۵", "007")] == [1, 60, 45, 7]
    assert [find_whole_number(text, 1, 60) for text in ("", "0", "61", "-5", "1.5", "1e1", " 1", "²", "9" * 30)] == [
        None
    ] * 9
