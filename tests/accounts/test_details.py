"""What people type about themselves, as it is kept: whatever it is, the answer is plain or a sentence (bad input)."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.accounts import details, phones
from hub.accounts.details import Unclear
from hub.base import clock

ANYTHING = st.text(max_size=90)
NUMBERS = st.sampled_from(["+31612345678", "+385911234567", "+393123456789", "+989123456789", "+4915123456789"])
SCRIPTS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]
GAPS = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u200e", " - "])


@settings(max_examples=200, deadline=None)
@given(number=NUMBERS, script=st.sampled_from(SCRIPTS), gap=GAPS, prefix=st.sampled_from(["+", "00", "tel:+"]))
def test_a_number_in_any_notation_and_script_is_the_same_number(
    number: str, script: str, gap: str, prefix: str
) -> None:
    digits = gap.join(number[1:])
    typed = prefix + (digits if prefix == "tel:+" else digits.translate(str.maketrans("0123456789", script)))
    assert details.clean_mobile(typed) == number


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
@example("0" * 64)
@example("+" * 64)
@example("tel:;phone-context=+31")
def test_whatever_is_typed_as_a_number_is_e164_or_refused(typed: str) -> None:
    for found in (phones.find_number(typed), phones.find_mobile(typed), phones.typed_number(typed)):
        assert found is None or re.fullmatch(r"\+[1-9][0-9]{6,14}", found)


@settings(max_examples=300, deadline=None)
@given(st.emails(), st.booleans(), st.sampled_from(["", " ", "\u200b", "\ufeff", "\t"]))
def test_an_address_in_any_case_is_the_same_address(address: str, upper: bool, around: str) -> None:
    try:
        plain = details.clean_email(address)
    except Unclear:
        return  # RFC 5321 allows more than anybody's mail program
    assert details.clean_email(around + (address.upper() if upper else address) + around) == plain
    assert plain == plain.lower()
    assert details.clean_email(plain) == plain


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
@example("\u202egnp.exe")
@example("a\u0000b")
@example("😀")
def test_whatever_is_typed_as_a_name_is_one_clean_line_or_refused(typed: str) -> None:
    try:
        name = details.clean_name(typed)
    except Unclear:
        return
    assert name == unicodedata.normalize("NFC", name)
    assert not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in name)
    assert not set(name) & (set(details.INVISIBLE) - set(details.JOINERS))
    assert details.clean_name(name) == name
    assert len(name) <= 80


@pytest.mark.parametrize("typed", ["\u3164", "\u115f\u1160", "\u2800", "\u061c \U000e0041", "\ufff9"])
def test_bad_input_a_name_that_nobody_sees_is_none(typed: str) -> None:
    assert details.clean_line(typed, 80) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "\u017fam@example.com",
        '"a b"@example.com',
        '"<script>"@example.com',
        "a@[127.0.0.1]",
        "root@localhost",
        "é@b.nl",
    ],
)
def test_bad_input_addresses_that_only_a_standard_knows(typed: str) -> None:
    """Among them letters that a database takes for ours: a look-up would find two accounts."""
    with pytest.raises(Unclear):
        details.clean_email(typed)


@settings(max_examples=200, deadline=None)
@given(st.dates(min_value=date(1, 1, 1)))
def test_a_date_is_a_birthday_or_has_a_reason_not_to_be(day: date) -> None:
    today = date(2026, 11, 21)
    with clock.freeze(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        if today - timedelta(days=details.AGE_YEARS_MAX * 366) <= day <= today:
            assert details.clean_birth_date(str(day)) == day
        else:
            with pytest.raises(Unclear, match=r"^This date is"):
                details.clean_birth_date(str(day))
