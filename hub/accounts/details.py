"""What people say about themselves, as it is kept: names in any script, addresses, e-mail, numbers, dates (P1, P3, P8).

Each `clean_` function takes what was typed and answers what is kept, or raises Unclear with a sentence for beside the
field. Nothing is cut off silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from hub.accounts import phones
from hub.base import clock

EMAIL_CHARACTERS_MAX = 254
AGE_YEARS_MAX = 120
# Marks of direction and width that come along when text is copied; in a name or address they only confuse. And letters
# that nobody sees, of which a name could be made.
_MARKS = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, 0x00AD, 0x061C, 0x180E)
_UNSEEN = (*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), 0x034F, 0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0)
INVISIBLE = "".join(map(chr, (*_MARKS, *_UNSEEN)))
JOINERS = "\u200c\u200d"  # but Persian and Indian scripts spell with these
_INVISIBLE = str.maketrans("", "", INVISIBLE)
_INVISIBLE_IN_TEXT = str.maketrans("", "", "".join(sign for sign in INVISIBLE if sign not in JOINERS))
# A name goes into mails to whoever's address was filled in: it must not carry an advertisement.
_NOT_IN_A_NAME = re.compile(r"[<>@/\\{}|^~\[\]]|:|www\.", re.IGNORECASE)
_NOT_IN_A_TITLE = re.compile(r"[<>@]|://|www\.|\.\w+/", re.IGNORECASE)


class Unclear(ValueError):
    """The sentence to stand beside the field."""


def clean_line(text: str, characters_max: int) -> str:
    """One line of text in any script: composed (NFC), without controls, single spaces."""
    plain = unicodedata.normalize("NFC", text.translate(_INVISIBLE_IN_TEXT)).strip()
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") for sign in plain):
        raise Unclear(_("This contains a character that cannot be kept, such as a line break."))
    plain = " ".join(plain.split())
    if len(plain) > characters_max:
        raise Unclear(_("This is too long: at most %(most)s characters.") % {"most": characters_max})
    return plain


def clean_name(text: str, characters_max: int = 80) -> str:
    """A person's name, in any script; with at least one letter, and nothing that makes a link."""
    name = clean_line(text, characters_max)
    if name and (_NOT_IN_A_NAME.search(name) or not any(unicodedata.category(sign)[0] == "L" for sign in name)):
        raise Unclear(_("This is not a name. Leave out web addresses and signs."))
    return name


def clean_title(text: str, characters_max: int) -> str:
    """What a company or somebody calls themselves: more signs than in a name, but nothing that makes a link either."""
    title = clean_line(text, characters_max)
    if _NOT_IN_A_TITLE.search(title):
        raise Unclear(_("This is not a name. Leave out web addresses and signs."))
    return title


def clean_email(text: str) -> str:
    """In lower case, so that two spellings are one account. Dots stay: only some providers ignore them."""
    plain = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip().lower()
    try:
        validate_email(plain)
    except ValidationError:
        raise Unclear(_("This is not an e-mail address. It looks like name@example.com.")) from None
    if len(plain) > EMAIL_CHARACTERS_MAX or not _is_plain_address(plain):
        raise Unclear(_("This is not an e-mail address. It looks like name@example.com."))
    return plain


def _is_plain_address(address: str) -> bool:
    """What Django takes besides: quoted signs, letters that only look like ours (\u017f), hosts without a domain."""
    name, _at, domain = address.rpartition("@")
    return name.isascii() and '"' not in name and "." in domain and not domain.startswith("[")


def clean_phone(text: str) -> str:
    """E.164; any number that can be called."""
    number = phones.find_number(text.translate(_INVISIBLE))
    if number is None:
        raise Unclear(_("This is not a phone number. With a country it looks like +31 6 12345678."))
    return number


def clean_mobile(text: str) -> str:
    """E.164; a number that text messages can reach."""
    number = phones.find_mobile(text.translate(_INVISIBLE))
    if number is None:
        raise Unclear(_("This is not a mobile number. With a country it looks like +31 6 12345678."))
    return number


def clean_birth_date(text: str) -> date:
    """As browsers send it (1980-12-31), or as typed without a date picker (31-12-1980); digits of any script."""
    found = _date_of(plain_digits(text.translate(_INVISIBLE).strip()))
    if found is None:
        raise Unclear(_("This is not a date. It looks like 1980-12-31."))
    today = clock.now().date()
    if found > today:
        raise Unclear(_("This date is in the future."))
    if found < today - timedelta(days=AGE_YEARS_MAX * 366):
        raise Unclear(_("This date is too long ago. Please fill in the year in four digits."))
    return found


def clean_language(text: str) -> str:
    """One of the hub's; '' is whatever the browser speaks."""
    return text if text in dict(settings.LANGUAGES) else ""


def clean_time_zone(text: str) -> str:
    if text not in available_timezones():
        raise Unclear(_("This time zone is not known."))
    return text


Cleaner = Callable[[str], object]
Cleaners = Mapping[str, Cleaner]


def clean_all(typed: Mapping[str, str], by: Cleaners) -> tuple[dict[str, object], dict[str, str]]:
    """Each field by its function: what is kept, and what is wrong. Empty fields are left as they are."""
    kept: dict[str, object] = {}
    wrong: dict[str, str] = {}
    for name, clean in by.items():
        text = typed.get(name, "")
        try:
            kept[name] = clean(text) if text.strip() else ""
        except Unclear as why:
            wrong[name] = str(why)
    return kept, wrong


def plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9; everything else as it is."""
    return "".join(sign if (value := unicodedata.decimal(sign, None)) is None else str(value) for sign in text)


def _date_of(text: str) -> date | None:
    parts = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if parts:
        year, month, day = map(int, parts.groups())
    else:
        parts = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", text)
        if not parts:
            return None
        day, month, year = map(int, parts.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
