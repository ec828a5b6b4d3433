"""What providers, states, troubles and events of the store are called on staff's pages."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credits.models import MoneyRefund, Purchase

Text = str | Promise

# Names of companies are the same in every language.
PROVIDERS: Final[dict[str, Text]] = {
    "mollie": "Mollie",
    "paypal": "PayPal",
    "targetpay": "DigiWallet",
    "bank": _("Bank transfer"),
    "sandbox": _("Play money"),
}
STATES: Final[dict[str, Text]] = {
    "open": pgettext_lazy("a purchase", "Open"),
    "pending": pgettext_lazy("a purchase", "Being paid"),
    "paid": pgettext_lazy("a purchase", "Paid"),
    "failed": pgettext_lazy("a purchase", "Failed"),
    "cancelled": pgettext_lazy("a purchase", "Cancelled"),
    "expired": pgettext_lazy("a purchase", "Expired"),
}
PAID_BACK: Final = pgettext_lazy("a purchase", "Paid back")
CHARGED_BACK: Final = pgettext_lazy("a purchase", "Charged back")
# How a state looks: the class of its pill.
LOOKS: Final = {"open": "caution", "pending": "caution", "paid": "ok", "failed": "danger"}
REFUND_STATES: Final[dict[str, Text]] = {
    "asked": pgettext_lazy("a refund of money", "Asked for"),
    "pending": pgettext_lazy("a refund of money", "On its way"),
    "done": pgettext_lazy("a refund of money", "Paid back"),
    "failed": pgettext_lazy("a refund of money", "Refused; the credits returned"),
}
REFUND_LOOKS: Final = {"asked": "caution", "pending": "caution", "done": "ok", "failed": "danger"}
# Why a purchase, a refund or a line of the bank waits for a person.
TROUBLES: Final[dict[str, Text]] = {
    "paid_back_twice": _("More was paid back than came in: by us and by the provider. Ask the customer for it."),
    "other_payment": _("The provider answered about another payment."),
    "other_order": _("The provider says that this payment is for another order."),
    "other_mode": _("Play money was paid for an order in real money, or the other way round."),
    "other_amount": _("Another amount was paid than was ordered."),
    "unknown": _("The provider does not know this payment."),
    "switched_off": _("This provider is not set up any more, so it cannot be asked."),
    "no_longer_paid": _("The provider says that it is not paid, after it was."),
    "by_hand": _("Pay this back at the bank, and say here that you did."),
    "reference": _("It names no order of ours."),
    "partial": _("Less than the order; it waits for the rest."),
    "over": _("More than the order. The credits are there; pay back what is too much."),
    "currency": _("In another currency than the order."),
}
# Why a line or file of the bank cannot be booked.
UNREADABLE: Final[dict[str, Text]] = {
    "reference": _("There is no reference of ours in it, or more than one."),
    "amount": _("The amount is not certain."),
    "direction": _("This money went out."),
    "currency": _("In another currency than the order."),
    "length": _("This is too long."),
    "account": _("This is the statement of another account."),
    "file": _("This cannot be read. Choose a camt.053 file of your bank, or paste its lines."),
}
WAITS: Final = _("The provider has not answered for more than a day.")
EVENTS: Final[dict[str, Text]] = {
    "started": _("The purchase was begun"),
    "at_provider": _("The payment was begun at the provider"),
    "refused": _("The provider refused to begin"),
    "not_started": _("It never reached the provider"),
    "pending": _("The payer did their part"),
    "failed": _("The payment failed"),
    "cancelled": _("The payer cancelled"),
    "expired": _("The payment expired"),
    "open": _("The payment is open again"),
    "paid": _("Paid, and the credits added"),
    "taken_back": _("Credits were taken back"),
    "returned": _("Credits returned"),
    "refunded_outside": _("Money went back at the provider"),
    "charged_back": _("Charged back by the payer’s bank"),
    "money_back_asked": _("The customer asked for money back"),
    "money_back_withdrawn": _("The customer no longer asks for money back"),
    "money_back_declined": _("Staff declined to pay money back"),
    "refund_asked": _("Money back was asked for"),
    "refund_done": _("The money went back"),
    "refund_failed": _("The money did not go back, and the credits returned"),
    "bank_line": _("A bank transfer came in"),
    "trouble": _("It waits for a person"),
    "closed": _("Somebody dealt with it"),
}
# What became of a notice.
NOTICE_RESULTS: Final[dict[str, Text]] = {
    "": _("Waits"),
    "looked": _("The provider was asked"),
    "provider_down": _("The provider does not answer; it is asked again"),
    "given_up": _("The provider did not answer"),
    "forged": _("Not from the provider"),
    "unknown": _("About no payment of ours"),
    "switched_off": _("This provider is not set up any more"),
}


# Why money goes back; the codes are those of refunds (credits/refunds.py).
REASONS: Final[dict[str, Text]] = {
    "not_solved": _("The problem was not solved"),
    "quality": _("The help was not good enough"),
    "outage": _("A fault of our system"),
    "mistake": _("Charged by mistake"),
    "goodwill": _("Goodwill"),
    "other": _("Something else"),
}


def provider_name(provider: str) -> Text:
    return PROVIDERS.get(provider, provider)


def state_name(purchase: Purchase) -> Text:
    if purchase.charged_back_cents:
        return CHARGED_BACK
    if purchase.state == Purchase.State.PAID and purchase.refunded_cents >= purchase.amount_cents:
        return PAID_BACK
    return STATES.get(purchase.state, purchase.state)


def state_look(purchase: Purchase) -> str:
    return "danger" if purchase.charged_back_cents else LOOKS.get(purchase.state, "")


def trouble_text(code: str) -> Text:
    """What is wrong and, of what staff do by hand, what comes next; of a code of a provider the code itself."""
    return TROUBLES.get(code, code)


def refund_trouble(refund: MoneyRefund) -> Text:
    return trouble_text(refund.trouble) if refund.trouble else WAITS
