"""Signing in: password, then for staff the second factor (P2, P7, P9; docs/how/sign-in.md).

Each try is counted before it is checked, per account and address, per account from everywhere, and per address. An
account that does not exist is counted and answered like one that does, and takes as long.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import Q

from hub.accounts.details import plain_digits
from hub.accounts.errors import LockedOut, WrongSignIn
from hub.accounts.models import User
from hub.accounts.phones import typed_number
from hub.base import limits
from hub.base.limits import Limit

PASSWORD_CHARACTERS_MAX = 1024
UNUSABLE = "!"  # check_password takes as long with it as with a real one

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try comes from. `device`: a browser that signed in to this account before, by its signed cookie."""

    address: str
    device: str | None = None


def check_sign_in(*, login: str, password: str, origin: Origin) -> User:
    """The account with this login (number or e-mail) and password. Raises WrongSignIn or LockedOut."""
    user = find_account(login)
    subject = str(user.pk) if user else _digest(login)
    counted = _count(subject, origin)
    if not _is_password_of(user, password):
        log.info("sign_in.refused", account=user.pk if user else None, address=origin.address)
        raise WrongSignIn
    assert user is not None  # noqa: S101 - an account that does not exist has no password
    for limit, of in counted:
        _uncount(limit, of)
    return user


def check_own_password(user: User, password: str, *, origin: Origin) -> bool:
    """Whether this is the password of who is signed in; counted as signing in is. Raises LockedOut."""
    counted = _count(str(user.pk), origin)
    if not _is_password_of(user, password):
        return False
    for limit, of in counted:
        _uncount(limit, of)
    return True


def find_account(login: str) -> User | None:
    """By login number, e-mail or mobile number. E-mail in any case."""
    text = login.strip()
    if not text or len(text) > 254 or "\0" in text:
        return None
    by_number = Q(login_number=plain_digits(text)) | Q(mobile=typed_number(text) or text)
    by = Q(email__iexact=text) if "@" in text else by_number
    people = User.objects.select_related("membership").filter(kind__in=(User.Kind.CUSTOMER, User.Kind.STAFF))
    found: User | None = people.filter(by).first()
    return found


def may_sign_in(user: User) -> bool:
    """Not who is suspended, by staff or by their organisation (P4, P9). Who asks is not told."""
    membership = getattr(user, "membership", None)
    return user.is_active and not (membership is not None and membership.suspended)


def _limits(subject: str, origin: Origin) -> list[tuple[Limit, str]]:
    """What counts this try. A browser that is known to the account cannot be shut out by strangers elsewhere."""
    shut_s = settings.SIGN_IN_SHUT_S
    from_one = Limit("sign_in.account_address", settings.SIGN_IN_FAILURES_MAX, shut_s)
    from_everywhere = Limit("sign_in.account", settings.SIGN_IN_FAILURES_EVERYWHERE_MAX, shut_s)
    of_address = Limit("sign_in.address", settings.SIGN_IN_FAILURES_OF_ADDRESS_MAX, shut_s)
    if origin.device is not None:
        return [(from_one, f"{subject}:device:{origin.device}"), (of_address, origin.address)]
    return [(from_one, f"{subject}:{origin.address}"), (from_everywhere, subject), (of_address, origin.address)]


def _count(subject: str, origin: Origin) -> list[tuple[Limit, str]]:
    counted = _limits(subject, origin)
    shut_until = [until for limit, of in counted if (until := limits.find_exceeded(limit, of)) is not None]
    if shut_until:
        wait_ms = limits.milliseconds_until(max(shut_until))
        log.warning("sign_in.shut", subject=subject, address=origin.address)
        raise LockedOut(retry_after_ms=wait_ms, minutes=math.ceil(wait_ms / 60_000))
    return counted


def _uncount(limit: Limit, subject: str) -> None:
    """After success: the account begins anew; an address only gets this try back, or one good account would open it."""
    if limit.name == "sign_in.address":
        limits.give_back(limit, subject)
    else:
        limits.forget(limit, subject)


def _is_password_of(user: User | None, password: str) -> bool:
    may = user is not None and may_sign_in(user) and len(password) <= PASSWORD_CHARACTERS_MAX
    given = password[:PASSWORD_CHARACTERS_MAX]
    encoded = user.password if user is not None and may else UNUSABLE
    return check_password(given, encoded) and may


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().casefold().encode()).hexdigest()[:32]
