"""Refusals about websites and what they claim of their users."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from hub.base.errors import Conflict, Forbidden, NotFound, NotSignedIn


class UnknownSite(NotFound):
    code = "unknown_site"
    message = gettext_noop("This website is not known here.")


class WrongOrigin(Forbidden):
    code = "wrong_origin"
    message = gettext_noop("The widget may not be used on this website.")


class BadIdentity(NotSignedIn):
    """Whatever is wrong with a site's signed user token: one answer, so that nobody learns which part."""

    code = "bad_identity"
    message = gettext_noop("This website's sign-in could not be checked. Please sign in here.")


class DepartmentInUse(Conflict):
    """Its chats, charges or agreements refer to it."""

    message = gettext_noop("This department has been used, so it cannot be deleted. It can be closed.")


class DefaultBrandStays(Conflict):
    """Hosts that no brand names need one."""

    message = gettext_noop("This is the default brand. Make another one the default first.")
