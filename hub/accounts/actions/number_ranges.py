"""So many text messages an hour go to numbers beside each other, for whatever they are asked (P2).

Whoever is paid for messages to numbers of their own has these in rows, and asks in every way that there is.
"""

from __future__ import annotations

from django.conf import settings

from hub.accounts import phones
from hub.base.addresses import address_mark
from hub.base.limits import Counted, Limit


def of_range(number: str) -> Counted:
    """What counts a message to this mobile number; of what is no number, something that costs the same."""
    limit = Limit("code.ask_range", settings.CODES_OF_RANGE_PER_HOUR_MAX, 3600)
    return limit, address_mark(phones.range_of(number) if number.startswith("+") else number)
