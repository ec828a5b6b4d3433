"""What people get by mail and SMS about their account: one function per message, in the reader's language.

All are rows of the outbox, in the caller's transaction. Those that hold a code or link are wiped once they were sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from hub.accounts.models import User
from hub.base import outbox


def language_of(user: User | None) -> str:
    """Their own, else that of the page they are looking at."""
    chosen = user.language if user else ""
    return chosen or translation.get_language() or settings.LANGUAGE_CODE


def _mail(
    user: User, template: str, *, to: str = "", key: str | None = None, until: datetime | None = None, **said: object
) -> None:
    address = to or user.email
    if not address:
        return
    with timezone.override(user.time_zone):
        outbox.put_mail(
            to=address,
            template=template,
            language=language_of(user),
            context=_context(user, said),
            about=f"user:{user.pk}",
            key=key,
            secret=until is not None,
            expires_at=until,
        )


def _sms(user: User, template: str, *, to: str = "", until: datetime | None = None, **said: object) -> None:
    number = to or user.mobile
    if not number:
        return
    outbox.put_sms(
        to=number,
        template=template,
        language=language_of(user),
        context=_context(user, said),
        about=f"user:{user.pk}",
        secret=until is not None,
        expires_at=until,
    )


def _context(user: User, said: Mapping[str, object]) -> dict[str, object]:
    return {"name": user.first_name or user.name, "login_number": user.login_number, **said}


# -- Getting in --------------------------------------------------------------------------------------------------------
def send_welcome(user: User, path: str, until: datetime) -> None:
    """P1: the login number, and the link to set the first password."""
    _mail(user, "welcome", until=until, path=path, link_until=until)


def send_already_registered(user: User) -> None:
    """Somebody registers with an address that has an account. The page says nothing; its owner may know."""
    _mail(user, "already_registered")


def send_password_link(user: User, path: str, until: datetime) -> None:
    _mail(user, "password_link", until=until, path=path, link_until=until)


def send_password_link_by_sms(user: User, path: str, until: datetime) -> None:
    _sms(user, "password_link", until=until, path=path)


def send_code(user: User, code: str, until: datetime, *, channel: str, to: str) -> None:
    """P2: six digits."""
    if channel == "sms":
        _sms(user, "sign_in_code", to=to, until=until, code=code)
    else:
        _mail(user, "sign_in_code", to=to, until=until, code=code, code_until=until)


def send_mobile_code(user: User, code: str, until: datetime, *, to: str) -> None:
    _sms(user, "mobile_code", to=to, until=until, code=code)


def send_invitation(
    user: User, path: str, until: datetime, *, by_name: str, place: str, to_email: str, to_mobile: str
) -> None:
    """P3. `place`: the organisation's name, or '' for the hub itself. By mail where that is known, else by SMS."""
    said: dict[str, Any] = {"path": path, "link_until": until, "by_name": by_name, "place": place}
    if to_email:
        _mail(user, "invitation", to=to_email, until=until, **said)
    else:
        _sms(user, "invitation", to=to_mobile, until=until, **said)


# -- Changes: the new address confirms, the old one is told ------------------------------------------------------------
def send_email_link(user: User, path: str, until: datetime, *, to: str) -> None:
    _mail(user, "email_link", to=to, until=until, path=path, link_until=until)


def send_email_taken(owner: User) -> None:
    """Somebody wants to use this address for another account."""
    _mail(owner, "email_taken")


def tell_email_changed(user: User, *, old: str) -> None:
    _mail(user, "email_changed", to=old)


def tell_mobile_changed(user: User) -> None:
    """By mail, else to the new number's owner there is nobody to warn."""
    _mail(user, "mobile_changed")


def tell_old_mobile(user: User, *, old: str) -> None:
    _sms(user, "mobile_changed", to=old)


def tell_password_changed(user: User) -> None:
    _mail(user, "password_changed")


def tell_new_device(user: User, *, browser: str, operating_system: str, at: datetime) -> None:
    _mail(user, "new_device", browser=browser, operating_system=operating_system, at=at)


def tell_token_made(user: User, *, token_name: str, at: datetime, until: datetime) -> None:
    """What it is called and how long it holds; never the token."""
    _mail(user, "token_made", token_name=token_name, at=at, holds_until=until)


def tell_token_revoked(user: User, *, token_name: str, by_name: str) -> None:
    """Somebody else ended it: what used it stands still, and its owner should know why."""
    _mail(user, "token_revoked", token_name=token_name, by_name=by_name)


# -- Own data (P10) ----------------------------------------------------------------------------------------------------
def send_export_ready(user: User, *, until: datetime, key: str) -> None:
    """No link that opens it: whoever reads the mail still has to sign in."""
    _mail(user, "export_ready", key=key, path="/profile/privacy/", kept_until=until)


def send_erasure_asked(user: User, *, due_at: datetime) -> None:
    _mail(user, "erasure_asked", path="/profile/privacy/", due_at=due_at)


def send_erasure_cancelled(user: User) -> None:
    _mail(user, "erasure_cancelled")


def tell_second_factor_changed(user: User) -> None:
    _mail(user, "second_factor_changed")
