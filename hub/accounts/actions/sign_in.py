"""Signing in: password, then for staff the second factor (P2, P7, P9; docs/how/sign-in.md).

Each try is counted before it is checked, per name that was typed and address, per name from everywhere, and per
address; and the same once more per account, which has several names. An account that does not exist is counted and
answered like one that does, and takes as long: what only its account counts is refused as a wrong password is.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db.models import Q

from hub.accounts.details import plain_digits
from hub.accounts.errors import LockedOut, WrongSignIn
from hub.accounts.models import User
from hub.accounts.phones import typed_number
from hub.base import limits
from hub.base.limits import Counted, Limit

PASSWORD_CHARACTERS_MAX = 1024
NAME_CHARACTERS_MAX = 254
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
    name = name_of(login)
    told = _limits("name", name, origin)
    silent = _limits("account", str(user.pk) if user else name, origin)
    counted = [*told, *silent, _of_address(origin)]
    shut = limits.find_all_exceeded(counted)
    _refuse_shut([*told, _of_address(origin)], shut, name, origin)
    if not _is_password_of(None if shut else user, password):
        log.info("sign_in.refused", account=user.pk if user else None, address=origin.address)
        raise WrongSignIn
    assert user is not None  # noqa: S101 - an account that does not exist has no password
    for limit, of in counted:
        _uncount(limit, of)
    return user


def check_own_password(user: User, password: str, *, origin: Origin) -> bool:
    """Whether this is the password of who is signed in; counted as signing in is. Raises LockedOut."""
    counted = [*_limits("account", str(user.pk), origin), _of_address(origin)]
    _refuse_shut(counted, limits.find_all_exceeded(counted), str(user.pk), origin)
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


def name_of(login: str) -> str:
    """What counts tries at this name, whoever has it and however it is written.

    Of an account that exists the spellings of its number must not share a counter that those of nobody's do not.
    """
    text = login.strip()[:NAME_CHARACTERS_MAX]
    return _digest(text if "@" in text else typed_number(text) or plain_digits(text))


def _limits(of: str, subject: str, origin: Origin) -> list[Counted]:
    """What counts this try. A browser that is known to the account cannot be shut out by strangers elsewhere."""
    from_one = Limit(f"sign_in.{of}_address", settings.SIGN_IN_FAILURES_MAX, settings.SIGN_IN_SHUT_S)
    from_everywhere = Limit(f"sign_in.{of}", settings.SIGN_IN_FAILURES_EVERYWHERE_MAX, settings.SIGN_IN_SHUT_S)
    if origin.device is not None:
        return [(from_one, f"{subject}:device:{origin.device}")]
    return [(from_one, f"{subject}:{origin.address}"), (from_everywhere, subject)]


def _of_address(origin: Origin) -> Counted:
    return Limit("sign_in.address", settings.SIGN_IN_FAILURES_OF_ADDRESS_MAX, settings.SIGN_IN_SHUT_S), origin.address


def _refuse_shut(told: list[Counted], shut: dict[Counted, datetime], subject: str, origin: Origin) -> None:
    """Raises LockedOut, for what everybody may know."""
    until = [shut[one] for one in told if one in shut]
    if until:
        wait_ms = limits.milliseconds_until(max(until))
        log.warning("sign_in.shut", subject=subject, address=origin.address)
        raise LockedOut(retry_after_ms=wait_ms, minutes=math.ceil(wait_ms / 60_000))


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
    return hashlib.sha256(text.casefold().encode(errors="replace")).hexdigest()[:32]
