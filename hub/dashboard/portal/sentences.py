"""Who is free and what it costs, as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.public import FreeAgents
from credits import public as money
from hub.base import formats


def who_is_free(agents: FreeAgents, opens_at: datetime | None) -> str:
    if opens_at is not None:
        return _("We are closed. We open again on %(time)s.") % {"time": formats.moment(opens_at)}
    names = agents.names
    if len(names) == 1:
        return _("%(name)s is free.") % {"name": names[0]}
    if len(names) == 2:
        return _("%(name)s and %(other)s are free.") % {"name": names[0], "other": names[1]}
    if names:
        others = len(names) - 1
        said = ngettext("%(name)s and %(n)s other are free.", "%(name)s and %(n)s others are free.", others)
        return said % {"name": names[0], "n": formats.number(others)}
    if agents.busy:
        return _("Everybody is in a chat now. Waiting is free of charge.")
    return _("Nobody is there at the moment.")


def what_it_costs(prices: Sequence[money.Price]) -> str:
    """Of all departments together; free time and minimum are said where one chooses a department."""
    amounts = sorted({_per_minute(price) for price in prices})
    if not amounts:
        return ""
    if len(amounts) == 1:
        return price_of(prices[0])
    if amounts[0] == 0:
        most = {"most": formats.credits(amounts[-1])}
        return _("At most %(most)s credits per minute, depending on the department.") % most
    span = {"least": formats.credits(amounts[0]), "most": formats.credits(amounts[-1])}
    return _("%(least)s to %(most)s credits per minute, depending on the department.") % span


def price_of(price: money.Price) -> str:
    if price.price_millicredits == 0:
        return _("Free of charge.")
    if 60 % price.block_seconds == 0:
        return _("%(amount)s credits per minute.") % {"amount": formats.credits(_per_minute(price))}
    said = {"amount": formats.credits(price.price_millicredits), "time": formats.exact_duration(price.block_seconds)}
    return _("%(amount)s credits per %(time)s.") % said


def _per_minute(price: money.Price) -> int:
    return price.price_millicredits * 60 // price.block_seconds
