"""One-time codes: six digits, five minutes, five tries, used once (P2; docs/how/sign-in.md, "Codes").

Asking leaves the same rows, takes the same statements and gives the same answer whether or not anybody is there: what
nobody will get is written and rolled back. Every ask and every try is counted before it is done. Who asks is told of
the limits on what they typed; what an account counts over all its names, numbers and codes refuses silently.
"""

from __future__ import annotations

import hmac
import math
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction

from hub.accounts import phones
from hub.accounts.actions import letters
from hub.accounts.actions.invitations import accept_all_of, find_open
from hub.accounts.actions.mailboxes import note_answer
from hub.accounts.actions.number_ranges import of_range
from hub.accounts.actions.sign_in import Origin, find_account, may_sign_in, name_of
from hub.accounts.details import plain_digits
from hub.accounts.errors import LockedOut, WrongCode
from hub.accounts.models import OneTimeCode, User
from hub.base import clock, limits, locking
from hub.base.limits import Counted, Limit

DIGITS: Final = 6
LIFETIME: Final = timedelta(minutes=5)
TRIES_MAX: Final = 5
RESEND_AFTER: Final = timedelta(seconds=30)
SMS, EMAIL = "sms", "email"
Purpose = OneTimeCode.Purpose

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever asked may know: by what name the code is checked, until when, and when they may ask again."""

    challenge: uuid.UUID
    expires_at: datetime
    again_at: datetime


def ask_sign_in_code(login: str, *, origin: Origin, channel: str = "", customers_only: bool = False) -> Asked:
    """Send a code to whoever has this login number, e-mail or mobile. Raises LockedOut, the same for nobody.

    `channel` '' is whichever suits what was typed. `customers_only`: where staff cannot sign in (P7) they are nobody.
    """
    user = find_account(login)
    if user is not None and customers_only and user.is_staff:
        user = None
    wanted = channel if channel in (SMS, EMAIL) else _suited(login)
    to = _destination(user, wanted) if user and may_come_by_code(user) else None
    name, typed = name_of(login), phones.typed_number(login) if wanted == SMS else None
    told = [*_asks("code.ask_name", name, origin), _of_address(origin), *([of_range(typed)] if typed else [])]
    silent = [*_asks("code.ask", f"{user.pk}" if user else name, origin), of_range(_number_beside(to, typed) or name)]
    shut = limits.find_all_exceeded([*told, *silent])
    _refuse_shut(told, shut)
    return _send(user, Purpose.SIGN_IN, channel=wanted, to=None if shut else to)


def ask_mobile_code(user: User, number: str, *, origin: Origin) -> Asked:
    """To a new mobile number of somebody who is signed in: they have it when the code comes back. Raises LockedOut."""
    _count([*_asks("code.ask", f"{user.pk}", origin), _of_address(origin), of_range(number)])
    return _send(user, Purpose.MOBILE, channel=SMS, to=(SMS, number))


def ask_second_factor_code(user: User, *, origin: Origin) -> Asked:
    """For staff whose authenticator app is not at hand (P7). Raises LockedOut."""
    _count([*_asks("code.ask", f"{user.pk}", origin), _of_address(origin)])
    return _send(user, Purpose.SECOND_FACTOR, channel=EMAIL, to=(EMAIL, user.email) if user.email else None)


def may_come_by_code(user: User) -> bool:
    """A colleague whose invitation is over does not get in by it; a customer is one all the same."""
    if not may_sign_in(user):
        return False
    return not user.is_staff or user.has_usable_password() or find_open(user) is not None


def sign_in_by_code(challenge: uuid.UUID, code: str, *, origin: Origin, customers_only: bool = False) -> User:
    """Who asked for this code. Raises WrongCode or LockedOut.

    With `customers_only` they are in; else a password and a second factor may be due first (hub.accounts.steps).
    """
    row = verify_code(challenge, code, Purpose.SIGN_IN, origin=origin)
    user = row.user
    if user is None or not may_come_by_code(user) or (customers_only and user.is_staff):
        raise WrongCode
    if user.mobile and not user.mobile_confirmed and not user.email:
        User.objects.filter(pk=user.pk).update(mobile_confirmed=True)
    note_answer(user, row.target)
    if customers_only:
        accept_all_of(user)
    return user


def find_asker(challenge: uuid.UUID) -> User | None:
    """Whose code it is: to see whether their own browser asks, and to count by it."""
    row = OneTimeCode.objects.select_related("user").filter(challenge=challenge).first()
    return row.user if row else None


def verify_code(
    challenge: uuid.UUID, code: str, purpose: str, *, origin: Origin, user_id: int | None = None
) -> OneTimeCode:
    """The code's row, now used, if these are its digits. Raises WrongCode or LockedOut.

    `user_id`: it must have been asked for by this account. The device in `origin` must be known to the code's account.
    """
    found = OneTimeCode.objects.filter(challenge=challenge, purpose=purpose).first()
    if found is not None and user_id is not None and found.user_id != user_id:
        found = None
    account, address = _tries(found, origin)
    shut = limits.find_all_exceeded([*account, address])
    _refuse_shut([address] if purpose == Purpose.SIGN_IN else [*account, address], shut)
    row = _verified(found.pk, "" if shut else code) if found is not None else None
    if row is None:
        log.info("code.refused", account=found.user_id if found else None, address=origin.address)
        raise WrongCode
    for limit, subject in (*account, address):
        limits.give_back(limit, subject)
    return row


@transaction.atomic
def _verified(pk: int, code: str) -> OneTimeCode | None:
    """Under the row's lock: of two at once, one; the sixth try finds it shut, whatever it says."""
    row = locking.lock_one(OneTimeCode, pk)
    digits = plain_digits("".join(code.split()).replace("-", ""))
    right = hmac.compare_digest(_digest(row.challenge, digits[:32]), row.digest)
    open_still = row.used_at is None and row.tries < TRIES_MAX and row.expires_at > clock.now()
    row.tries = min(row.tries + 1, 1000)
    good = right and open_still and row.user_id is not None
    if good:
        row.used_at = clock.now()
    row.save(update_fields=["tries", "used_at"])
    return row if good else None


@transaction.atomic
def _send(user: User | None, purpose: str, *, channel: str, to: tuple[str, str] | None) -> Asked:
    """A row in any case; a message when there is somebody to get it. Others that are open stay so: else a stranger who
    asks for codes would make those useless that were asked for in earnest."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    challenge = uuid.uuid4()
    now = clock.now()
    until = now + LIFETIME
    OneTimeCode.objects.create(
        challenge=challenge,
        user=user if to else None,
        purpose=purpose,
        digest=_digest(challenge, code),
        target=to[1] if to and (purpose == Purpose.MOBILE or to[0] == EMAIL) else "",
        channel=channel,
        created_at=now,
        expires_at=until,
    )
    with transaction.atomic():
        reader, (by, address) = (user, to) if user and to else (_nobody(), (channel, _nowhere(channel)))
        if purpose == Purpose.MOBILE:
            letters.send_mobile_code(reader, code, until, to=address)
        else:
            letters.send_code(reader, code, until, channel=by, to=address)
        if not (user and to):
            transaction.set_rollback(True)
    return Asked(challenge, until, now + RESEND_AFTER)


def _suited(login: str) -> str:
    """A code goes where the login points to; for a login number to the phone, which is at hand."""
    return EMAIL if "@" in login else SMS


def _destination(user: User, wanted: str) -> tuple[str, str] | None:
    """How and where it goes. A number that was only claimed at registration gets no code: it may be a stranger's."""
    by_sms = (SMS, user.mobile) if user.mobile and (user.mobile_confirmed or not user.email) else None
    by_mail = (EMAIL, user.email) if user.email else None
    first, second = (by_sms, by_mail) if wanted == SMS else (by_mail, by_sms)
    return first or second


def _number_beside(to: tuple[str, str] | None, typed: str | None) -> str | None:
    """The number that an SMS goes to, when it is not the one that was typed and so counted already."""
    return to[1] if to and to[0] == SMS and to[1] != typed else None


def _nobody() -> User:
    return User(pk=0, login_number="10000000", first_name="Nobody", last_name="Atall", time_zone=settings.TIME_ZONE)


def _nowhere(channel: str) -> str:
    return "+31600000000" if channel == SMS else "nobody@example.com"


def _digest(challenge: uuid.UUID, digits: str) -> str:
    """Keyed: a million codes are tried in a second, so who reads the table must not be able to try them."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"code:{challenge.hex}:{digits}".encode(), "sha256").hex()


# -- Limits ------------------------------------------------------------------------------------------------------------
def _asks(of: str, subject: str, origin: Origin) -> list[Counted]:
    """A browser that signed in to the account before has counters of its own, so that nobody can shut its owner out."""
    by = f"{subject}:device:{origin.device}" if origin.device else subject
    quarter = Limit(of, settings.CODES_PER_15_MINUTES_MAX, 900)
    return [(quarter, by), (Limit(f"{of}_day", settings.CODES_PER_DAY_MAX, 86_400), by)]


def _of_address(origin: Origin) -> Counted:
    return Limit("code.ask_address", settings.CODES_OF_ADDRESS_PER_HOUR_MAX, 3600), origin.address


def _tries(row: OneTimeCode | None, origin: Origin) -> tuple[list[Counted], Counted]:
    """Of the account and of the address."""
    address = Limit("code.try_address", settings.SIGN_IN_FAILURES_OF_ADDRESS_MAX, settings.SIGN_IN_SHUT_S)
    subject = f"{row.user_id or row.challenge}" if row else "nobody"
    of = f"{subject}:device:{origin.device}" if origin.device else subject
    account = Limit("code.try", settings.CODE_TRIES_PER_HOUR_MAX, 3600)
    return [(account, of)] if row else [], (address, origin.address)


def _count(told: list[Counted]) -> None:
    _refuse_shut(told, limits.find_all_exceeded(told))


def _refuse_shut(told: list[Counted], shut: dict[Counted, datetime]) -> None:
    """Raises LockedOut, for what who asks may know."""
    until = [shut[one] for one in told if one in shut]
    if until:
        wait_ms = limits.milliseconds_until(max(until))
        log.warning("code.shut", limits=[limit.name for limit, _ in told])
        raise LockedOut(retry_after_ms=wait_ms, minutes=math.ceil(wait_ms / 60_000))
