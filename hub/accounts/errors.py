"""Refusals about people and signing in."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hub.base.errors import Conflict, DomainError, NotAllowed, NotSignedIn, TooFast


class WrongSignIn(NotSignedIn):
    """The same for an unknown account, a wrong password and an account that may not sign in here."""

    code = "wrong_sign_in"
    message = gettext_noop("This login and password do not belong together.")


class WrongCode(NotSignedIn):
    code = "wrong_code"
    message = gettext_noop("This code is not right, or was used already. Take the newest one.")


class LockedOut(TooFast):
    """`retry_after_ms` is set. The same whether the account exists or not."""

    code = "locked_out"
    message = gettext_noop("Too many attempts. Try again in %(minutes)s min.")


class SecondFactorMissing(NotAllowed):
    message = gettext_noop("Staff sign in with a second factor. Please sign in again.")


class MissingScope(NotAllowed):
    """Params: `scope`, what the token lacks."""

    message = gettext_noop("This token is not for “%(scope)s”.")


class AddressInUse(Conflict):
    """An e-mail address or mobile number that belongs to another account. Only staff ever get this answer."""

    message = gettext_noop("This e-mail address or mobile number belongs to another account.")


class LinkUnknown(DomainError):
    """Not one of ours, cut off by a mail program, or of an account that is shut."""

    code = "link_unknown"
    status = 404
    message = gettext_noop("This link is not complete, or not ours.")


class LinkUsed(DomainError):
    code = "link_used"
    status = 410
    message = gettext_noop("This link has been used already.")


class LinkExpired(DomainError):
    code = "link_expired"
    status = 410
    message = gettext_noop("This link has expired.")


class Invalid(DomainError):
    """What was filled in is not right. Params: `fields`, {field: sentence}."""

    code = "invalid"
    status = 400
    message = gettext_noop("Please check what was filled in.")


class MemberAlready(Conflict):
    """A customer belongs to zero or one organisation."""

    message = gettext_noop("This person belongs to an organisation already.")


class LastOwner(Conflict):
    """An organisation always has an owner (P4)."""

    message = gettext_noop("Please hand the organisation over to somebody else first.")


class UnitMissing(DomainError):
    """Managers and employees belong to a unit (P4)."""

    code = "invalid"
    status = 400
    message = gettext_noop("Please choose a unit.")


class UnitNotEmpty(Conflict):
    message = gettext_noop("There are still people in this unit. Please move them first.")


class NameInUse(Conflict):
    message = gettext_noop("There is one with this name already.")


class CannotMerge(Conflict):
    """Something is in the way of making two accounts one (A1). Params: `reasons`, sentences."""

    message = gettext_noop("These accounts cannot be merged yet.")


class CannotErase(Conflict):
    """Something is in the way of an erasure (P10). Params: `reasons`, sentences."""

    message = gettext_noop("This account cannot be erased yet.")


class LastHubOwner(Conflict):
    """Without a hub owner nobody could set up anything any more."""

    message = gettext_noop("This is the only hub owner. Make somebody else a hub owner first.")


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same while a form was open. Params: `fields`, their names; `now`, what stands there."""

    message = gettext_noop("Somebody else changed this in the meantime. Nothing was saved yet; what you typed is kept.")


class TooManyTokens(Conflict):
    """Params: `most`."""

    message = gettext_noop("You have %(most)s API tokens, and that is the most. Revoke one that you do not use.")


class NoAddress(Conflict):
    """There is neither e-mail address nor mobile number to send it to."""

    message = gettext_noop("There is no e-mail address and no mobile number to send it to.")
