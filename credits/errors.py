"""The refusals of credits, under the classes whose code they answer with."""

from django.utils.translation import gettext_noop

from hub.base.errors import BadFrame, Busy, Conflict, Ended, Forbidden, NoCredits, NotFound

__all__ = [
    "AboveLimit",
    "AnsweredOtherwise",
    "ApprovalUnknown",
    "BadMandate",
    "Ended",
    "HoldClosed",
    "KeyReused",
    "LineUnknown",
    "MeterUnknown",
    "NoCredits",
    "NoLimitToRaise",
    "NoOpenItem",
    "NotPaid",
    "NothingToPayBack",
    "NothingToRefund",
    "OwnRequest",
    "PackageUnknown",
    "PriceChanged",
    "ProviderAway",
    "ProviderRefused",
    "ProviderUnknown",
    "PurchaseUnknown",
    "ReasonMissing",
    "RequestAnswered",
    "RequestUnknown",
    "TooLateToRefund",
    "VoucherOver",
    "VoucherUnknown",
    "VoucherUsed",
    "WalletUnknown",
    "WrongAmount",
]


class KeyReused(Conflict):
    """An idempotency key came again with other contents (L2). Nothing was done."""

    message = gettext_noop("This key was used for something else before.")


class HoldClosed(Conflict):
    """A hold was captured, released or has expired, and cannot be changed any more (L4)."""

    message = gettext_noop("This reservation is closed.")


class WalletUnknown(NotFound):
    """There is no such wallet, or the asker may not see it."""


class MeterUnknown(NotFound):
    """There is no such meter, or the asker may not see it."""


class WrongAmount(BadFrame):
    """An amount of 0, or one whose sign makes no sense here."""

    message = gettext_noop("This amount is not possible.")


class ReasonMissing(BadFrame):
    """Whoever moves credits by hand says why (L6, M6, M8)."""

    message = gettext_noop("Please say why.")


class AboveLimit(Forbidden):
    """More than this role may give by itself; somebody else has to do it (L6, M6, M8)."""

    message = gettext_noop("This is more than you may give by yourself.")


class NothingToRefund(Conflict):
    """More than was charged and not yet refunded, or the meter still runs (M6)."""

    message = gettext_noop("There is not that much left to refund.")


class TooLateToRefund(Conflict):
    """The window for refunds is over (M6)."""

    message = gettext_noop("It is too late to refund this.")


class RequestUnknown(NotFound):
    """There is no such request for a higher limit, or the asker may not answer it (P4)."""


class NoLimitToRaise(Conflict):
    """Asked for a higher limit by who has none."""

    message = gettext_noop("You have no spending limit.")


class AnsweredOtherwise(Conflict):
    """A request for a higher limit was answered already, in another way."""

    message = gettext_noop("This request was answered already.")


class RequestAnswered(Conflict):
    """Staff gave their answer: it is not asked again, and not answered twice."""

    message = gettext_noop("This request was answered already.")


class ApprovalUnknown(NotFound):
    """There is no such request, or the asker may not see it."""


class OwnRequest(Forbidden):
    """Four eyes: who asked does not approve (L6, M6)."""

    message = gettext_noop("Somebody else has to approve what you asked for.")


class PackageUnknown(NotFound):
    """Nothing of this size is for sale."""

    message = gettext_noop("These credits are not for sale.")


class PriceChanged(Conflict):
    """The price is another one than the buyer saw (S1): nothing was bought."""

    message = gettext_noop("The price has changed in the meantime. Please look at it again.")


class ProviderUnknown(NotFound):
    """There is no such payment provider here, or it does not offer this way of paying."""

    message = gettext_noop("This way of paying is not offered.")


class ProviderAway(Busy):
    """The payment provider does not answer. What was begun is kept, and the same request goes on with it."""

    message = gettext_noop("The payment provider does not answer at the moment. Please try again in a moment.")


class ProviderRefused(Conflict):
    """The payment provider said no."""

    message = gettext_noop("The payment provider refused this. Please choose another way of paying.")


class PurchaseUnknown(NotFound):
    """There is no such purchase, or the asker may not see it."""


class NotPaid(Conflict):
    """Money goes back only for what was paid (S5)."""

    message = gettext_noop("This purchase is not paid.")


class NothingToPayBack(Conflict):
    """Of this purchase fewer credits are left: gifts, and what was used, are not paid back in money (L7)."""

    message = gettext_noop("There are not that many paid credits left of this purchase.")


class NoOpenItem(Conflict):
    """It settled by itself, or somebody dealt with it."""

    message = gettext_noop("This waits for nobody any more.")


class LineUnknown(NotFound):
    """There is no such line of the bank's statement, or nobody has to do anything about it."""


class VoucherUnknown(NotFound):
    """No voucher has this code. Says the same of one that was withdrawn."""

    message = gettext_noop("We do not know this voucher. Please look at the code again.")


class VoucherUsed(Conflict):
    """Once per customer, and as often as it is good for (S1)."""

    message = gettext_noop("This voucher was used already.")


class VoucherOver(Conflict):
    """Its time is over."""

    message = gettext_noop("This voucher is no longer valid.")


class BadMandate(Conflict):
    """Without a mandate that the provider knows nothing is bought by itself (S6)."""

    message = gettext_noop("There is no permission to charge you yet. Buy credits once with that permission first.")
