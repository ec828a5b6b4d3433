"""As whom a message goes out: the brand's name and address, else those of the settings."""

from __future__ import annotations

import re
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from hub.base.brand import Brand

SMS_NAME_CHARACTERS_MAX = 11  # of an alphanumeric sender; GSM knows no more


def mail_sender(brand: Brand) -> str:
    """The From header, quoted and encoded as needed."""
    name, address = parseaddr(settings.MAIL_FROM)
    return formataddr((" ".join((brand.sender_name or brand.name or name).split()), brand.sender_address or address))


def sms_sender(brand: Brand) -> str:
    """SMS_SENDER where it is set (a number, or a name that is registered); else the brand's name as far as it fits."""
    return settings.SMS_SENDER or re.sub("[^A-Za-z0-9 ]", "", brand.name)[:SMS_NAME_CHARACTERS_MAX].strip() or "Balie"


def hub_url(brand: Brand) -> str:
    """Where people of this brand reach the hub, without a slash at the end."""
    if not brand.hosts:
        return settings.PUBLIC_URL
    ours = urlsplit(settings.PUBLIC_URL)
    return f"{ours.scheme}://{brand.hosts[0]}{f':{ours.port}' if ours.port else ''}"
