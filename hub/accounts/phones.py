"""Phone numbers as they are kept: E.164. People write them in many ways, and in more than one script's digits."""

from __future__ import annotations

import phonenumbers
from django.conf import settings
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

CHARACTERS_MAX = 64
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
COSTLY = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)


def find_number(text: str) -> str | None:
    """`06 1234 5678`, `+31 (0)6-12345678` and `۰۶۱۲۳۴۵۶۷۸` are `+31612345678`. None where nobody has such a number.

    A number without a country is one of the hub's own (settings.COUNTRY_CALLING_CODE).
    """
    number = _parsed(text)
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) in COSTLY:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def find_mobile(text: str) -> str | None:
    """As find_number, when text messages can reach it."""
    number = _parsed(text)
    if number is None or phonenumbers.number_type(number) not in MOBILE:
        return None
    return find_number(text)


def typed_number(text: str) -> str | None:
    """To look somebody up: as find_number, but a number may be known here that is in no list of numbers any more."""
    number = _parsed(text)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_number(number: str) -> str:
    """E.164 as people read it: +31 6 12345678."""
    parsed = _parsed(number)
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def range_of(number: str) -> str:
    """The thousand numbers around it: whoever pumps messages into numbers of their own has them in rows."""
    return number[:-3]


def _parsed(text: str) -> PhoneNumber | None:
    if len(text) > CHARACTERS_MAX:
        return None
    region = phonenumbers.region_code_for_country_code(int(settings.COUNTRY_CALLING_CODE))
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
