"""What ways to pay are called, with a word beside it and a drawing. Brand names are the same in every language."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from credits.store.providers.base import Method

_NAMES: Final = {
    Method.IDEAL: "iDEAL | Wero",
    Method.CARD: _("Credit or debit card"),
    Method.BANCONTACT: "Bancontact",
    Method.PAYPAL: "PayPal",
    Method.PHONE: _("Phone call"),
    Method.BANK_TRANSFER: _("Bank transfer"),
    Method.DIRECT_DEBIT: _("Direct debit"),
    Method.SANDBOX: _("Play money"),
}
_HINTS: Final = {
    Method.IDEAL: _("Through your own bank"),
    Method.CARD: _("Visa, Mastercard and others"),
    Method.BANCONTACT: _("With a Belgian bank card"),
    Method.PAYPAL: _("Account or card"),
    Method.PHONE: _("Call and enter a code"),
    Method.BANK_TRANSFER: _("Credits come when the money has"),
    Method.SANDBOX: _("Nothing is really paid"),
}
_ICONS: Final = {
    Method.IDEAL: "landmark",
    Method.CARD: "credit-card",
    Method.BANCONTACT: "credit-card",
    Method.PAYPAL: "wallet",
    Method.PHONE: "phone",
    Method.BANK_TRANSFER: "building-2",
}


def method_name(method: str) -> str:
    """In the reader's language; of a method that no provider has any more, its code."""
    try:
        return gettext(_NAMES[Method(method)])
    except ValueError:
        return method


def method_hint(method: Method) -> str:
    return gettext(_HINTS[method]) if method in _HINTS else ""


def method_icon(method: Method) -> str:
    """The name of a drawing in icons/."""
    return _ICONS.get(method, "coins")
