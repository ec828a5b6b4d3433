"""Refusals: every way in which the hub says no, each with one code for socket, API and page.

An action raises one of these; the edge (consumer, API, view) turns it into an `error` frame, a problem document or a
page. Apps add their own in their `errors.py`, under the class whose code they answer with.
"""

from __future__ import annotations

from typing import ClassVar

from django.utils import translation
from django.utils.translation import gettext, gettext_noop


class DomainError(Exception):
    """A refusal. `params` fill the sentence and travel with the answer; nothing secret may stand in them."""

    code: ClassVar[str]
    status: ClassVar[int]
    message: ClassVar[str]

    def __init__(self, *, retry_after_ms: int | None = None, **params: object) -> None:
        super().__init__(self.code)
        self.params: dict[str, object] = params
        self.retry_after_ms = retry_after_ms

    def text(self, language: str) -> str:
        """The sentence for the reader, in their language."""
        with translation.override(language):
            return gettext(self.message) % self.params


class NotFound(DomainError):
    """Also for what one may not see: the two must not differ."""

    code = "not_found"
    status = 404
    message = gettext_noop("This does not exist, or you may not see it.")


class NotSignedIn(DomainError):
    code = "not_signed_in"
    status = 401
    message = gettext_noop("Please sign in.")


class Forbidden(DomainError):
    code = "forbidden"
    status = 403
    message = gettext_noop("You are not allowed to do this.")


class NotAllowed(Forbidden):
    """Who signs in correctly but may not (or not any more): a suspended account, a missing second factor."""

    message = gettext_noop("This account may not do this.")


class Taken(DomainError):
    code = "taken"
    status = 409
    message = gettext_noop("%(by)s has taken this already.")

    def __init__(self, by: str) -> None:
        super().__init__(by=by)


class NoCredits(DomainError):
    code = "no_credits"
    status = 402
    message = gettext_noop("There are not enough credits for this.")


class Conflict(DomainError):
    code = "conflict"
    status = 409
    message = gettext_noop("This was changed in the meantime. Look again, then repeat it.")


class Ended(DomainError):
    code = "ended"
    status = 409
    message = gettext_noop("This conversation has ended.")


class Busy(DomainError):
    code = "busy"
    status = 503
    message = gettext_noop("The hub is busy. Please try again in a moment.")


class TooFast(DomainError):
    code = "too_fast"
    status = 429
    message = gettext_noop("That is too fast. Please wait a moment.")


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    message = gettext_noop("This is too large.")


class BadFrame(DomainError):
    """Params may hold `field`: which part could not be read."""

    code = "bad_frame"
    status = 400
    message = gettext_noop("This request could not be read.")


class BadAddress(BadFrame):
    """Mail or SMS cannot go there: no e-mail address, or no number with its country."""

    message = gettext_noop("This is not an address that we can write to.")


class ClosedHours(DomainError):
    code = "closed_hours"
    status = 409
    message = gettext_noop("We are closed at the moment.")


class Internal(DomainError):
    """`reference` stands in the log beside the traceback."""

    code = "internal"
    status = 500
    message = gettext_noop("Something went wrong on our side. Reference: %(reference)s.")

    def __init__(self, reference: str) -> None:
        super().__init__(reference=reference)
