"""From what the owner typed to a setting's value, by the setting's type, and back (A2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import SUPPORTED_REGIONS

from hub.base import formats, personal_data
from hub.base.amounts import find_whole_number
from hub.base.hub_settings import HubSettings, Phone, hub_settings, setting_of

TEXT_CHARACTERS_MAX = 300
LIST_MAX = 50
PHONES_MAX = 12
DAYS_MAX = 36_500
COUNTRY = re.compile(r"[A-Z]{2}")
TYPES = get_type_hints(HubSettings)


class BadSetting(ValueError):
    """Its text is the sentence beside the field."""


def kind_of(name: str) -> str:
    """How it is drawn: check, number, lines, codes, days or text."""
    if name == "help_phones":
        return "lines"
    if name == "retention_days":
        return "days"
    return {bool: "check", int: "number", str: "text"}.get(TYPES[name], "codes")


def typed_text(name: str, value: Any) -> object:
    """The value as it stands in its field."""
    kind = kind_of(name)
    if kind == "lines":
        return "\n".join(f"{phone.number}, {phone.label}".rstrip(", ") for phone in value)
    return ", ".join(value) if kind == "codes" else value


def settings_as_text() -> dict[str, object]:
    """Each as it stands in its field; days of keeping have fields of their own and are not among them."""
    now = hub_settings()
    return {name: typed_text(name, getattr(now, name)) for name in TYPES if kind_of(name) != "days"}


def read(name: str, text: str) -> Any:
    """The value as JSON keeps it. Raises BadSetting."""
    kind = kind_of(name)
    if kind == "check":
        return text == "on"
    if kind == "number":
        return _number(name, text)
    if kind == "lines":
        return _phones(text)
    if kind == "codes":
        return _codes(text)
    return _TEXTS.get(name, _plain)(text)


def read_days(typed: Mapping[str, str]) -> dict[str, int]:
    """Rule to days; only of rules that there are. Raises BadSetting."""
    known = {rule.name for rule in personal_data.retentions}
    return {name: _whole(text, 0, DAYS_MAX) for name, text in typed.items() if name in known}


def _number(name: str, text: str) -> int:
    setting = setting_of(name)
    return _whole(text, setting.minimum or 0, setting.maximum or 10**9)


def _whole(text: str, least: int, most: int) -> int:
    number = find_whole_number(text, least, most)
    if number is None:
        said = {"least": formats.number(least), "most": formats.number(most)}
        raise BadSetting(_("Please fill in a whole number from %(least)s to %(most)s.") % said)
    return number


def _phones(text: str) -> list[dict[str, str]]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > PHONES_MAX:
        raise BadSetting(_("There can be %(most)s lines at most.") % {"most": formats.number(PHONES_MAX)})
    return [_phone(line) for line in lines]


def _phone(line: str) -> dict[str, str]:
    number, _comma, label = line.partition(",")
    if not re.fullmatch(r"\+?[\d\s()./-]{3,24}", number.strip()):
        raise BadSetting(_("“%(line)s” does not begin with a phone number.") % {"line": line[:60]})
    phone = Phone(number=" ".join(number.split()), label=" ".join(label.split())[:60])
    return {"number": phone.number, "label": phone.label}


def _codes(text: str) -> list[str]:
    codes = list(dict.fromkeys(part.strip().upper() for part in re.split(r"[,;\s]+", text) if part.strip()))
    if len(codes) > LIST_MAX or not all(COUNTRY.fullmatch(code) for code in codes):
        raise BadSetting(_("Please write two-letter codes, separated by commas."))
    if unknown := [code for code in codes if code not in SUPPORTED_REGIONS]:
        raise BadSetting(_("“%(code)s” is not the code of a country.") % {"code": unknown[0]})
    return codes


def _plain(text: str) -> str:
    if len(text) > TEXT_CHARACTERS_MAX:
        raise BadSetting(_("This is too long."))
    return text


def _address(text: str) -> str:
    """A page elsewhere: https only, so that nobody is sent over an open line or into a script."""
    parts = urlsplit(text)
    if text and (parts.scheme != "https" or not parts.hostname or len(text) > TEXT_CHARACTERS_MAX or " " in text):
        raise BadSetting(_("Please write an address that begins with https://."))
    return text


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError as error:
        raise BadSetting(_("This is not an e-mail address.")) from error
    return text


_TEXTS: dict[str, Callable[[str], str]] = {"forum_url": _address, "help_email": _email}
