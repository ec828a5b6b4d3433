"""The lines of a wallet as rows of a file (L5)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from credits.statement import Entry


def heads() -> list[str]:
    return [_("Time"), _("Kind"), _("From"), _("Who"), _("Credits"), _("Balance after it")]


def cells(entry: Entry) -> list[object]:
    return [
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        str(entry.name),
        entry.origin.title,
        entry.origin.who,
        entry.amount_m / 1000,
        "" if entry.balance_m is None else entry.balance_m / 1000,
    ]
