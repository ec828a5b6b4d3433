"""Where SMS may go and what they may cost in a day (P2). Both are set on screen; what was spent is a row (SmsSpend)."""

from __future__ import annotations

from typing import Final

import phonenumbers
from django.db import connection
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.errors import BadFrame
from hub.base.hub_settings import hub_settings
from hub.base.models import SmsSpend

# GSM 03.38: what fits into 160 signs; a sign of the second row takes two places. All else is sent as UCS-2.
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE: Final = frozenset("^{}\\[~]|€")

_SPEND = """
INSERT INTO base_smsspend AS s (day, cents) VALUES (%(day)s, %(cents)s)
ON CONFLICT (day) DO UPDATE SET cents = s.cents + excluded.cents WHERE s.cents + excluded.cents <= %(most)s
RETURNING cents
"""


class CountryNotServed(BadFrame):
    """No SMS goes to this number's country."""

    message = gettext_noop("We send no text messages to this country. Use an e-mail address instead.")


def country_of(number: str) -> str:
    """The ISO code of an E.164 number's country, '' where there is none. `+1 876` is Jamaica, not the US."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or ""


def is_served(number: str) -> bool:
    return country_of(number) in hub_settings().sms_countries


def require_country(number: str) -> None:
    """For who may be told: staff, and who invites. Raises CountryNotServed."""
    if not is_served(number):
        raise CountryNotServed(field="mobile")


def count_parts(text: str) -> int:
    """As how many SMS it is billed."""
    if all(sign in GSM or sign in GSM_DOUBLE for sign in text):
        places = len(text) + sum(sign in GSM_DOUBLE for sign in text)
        single, each = 160, 153
    else:
        places, single, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if places <= single else -(-places // each)


def cost_cents(text: str) -> int:
    return count_parts(text) * hub_settings().sms_part_cents


def spend(cents: int) -> bool:
    """Count before sending, in a statement of its own, so that parallel workers share one cap. False: it is reached."""
    most = hub_settings().sms_cents_per_day_max
    if cents > most:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, {"day": clock.now().date(), "cents": cents, "most": most})
        return cursor.fetchone() is not None


def give_back(cents: int) -> None:
    """It was certainly not sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE base_smsspend SET cents = greatest(0, cents - %s) WHERE day = %s", [cents, clock.now().date()]
        )


def spent_today_cents() -> int:
    found = SmsSpend.objects.filter(day=clock.now().date()).first()
    return found.cents if found else 0
