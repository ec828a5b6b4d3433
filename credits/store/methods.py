"""What ways to pay are called. Brand names are the same in every language."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from credits.store.providers.base import Method

_NAMES = {
    Method.IDEAL: "iDEAL | Wero",
    Method.CARD: _("Credit or debit card"),
    Method.BANCONTACT: "Bancontact",
    Method.PAYPAL: "PayPal",
    Method.PHONE: _("Phone call"),
    Method.BANK_TRANSFER: _("Bank transfer"),
    Method.DIRECT_DEBIT: _("Direct debit"),
    Method.SANDBOX: _("Play money"),
}


def method_name(method: str) -> str:
    """In the reader's language; of a method that no provider has any more, its code."""
    try:
        return gettext(_NAMES[Method(method)])
    except ValueError:
        return method
