"""The refusals of credits, under the classes whose code they answer with."""

from django.utils.translation import gettext_noop

from hub.base.errors import BadFrame, Conflict, Ended, Forbidden, NoCredits, NotFound

__all__ = [
    "AboveLimit",
    "AnsweredOtherwise",
    "ApprovalUnknown",
    "Ended",
    "HoldClosed",
    "KeyReused",
    "MeterUnknown",
    "NoCredits",
    "NoLimitToRaise",
    "NothingToRefund",
    "OwnRequest",
    "ReasonMissing",
    "RequestUnknown",
    "TooLateToRefund",
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


class ApprovalUnknown(NotFound):
    """There is no such request, or the asker may not see it."""


class OwnRequest(Forbidden):
    """Four eyes: who asked does not approve (L6, M6)."""

    message = gettext_noop("Somebody else has to approve what you asked for.")
