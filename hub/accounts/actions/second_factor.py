"""The second factor of staff (P7): an authenticator app (TOTP), and recovery codes for when it is lost.

The devices are django-otp's. A code works once: the device remembers the last time step, under a row lock. Recovery
codes are kept as digests.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from hub.accounts import audit
from hub.accounts.access import Person, oneself
from hub.accounts.actions import letters
from hub.accounts.actions.rights import raise_rights, sign_out_everywhere
from hub.accounts.actions.sign_in import Origin, check_own_password
from hub.accounts.errors import Invalid, LockedOut, WrongCode
from hub.accounts.models import OneTimeLink, User
from hub.base import limits
from hub.base.errors import TooFast
from hub.base.limits import Limit

CODES = 10
CODE_CHARACTERS = 10  # of 31: 49 bits, far beyond what the limit lets anyone try
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what looks alike
TRIES = Limit("second_factor", 5, 300)


def find_device(user: User) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()
    return found


def has_second_factor(user: User) -> bool:
    """Whether they have set one up."""
    return find_device(user) is not None


def has_password_of_a_link(user: User) -> bool:
    """Whether the password was set by a link that was sent, and nobody has been in by app and password since.

    Then a code by mail proves nothing more than the link did: a mailbox is not both factors.
    """
    used = OneTimeLink.objects.filter(user=user, purpose=OneTimeLink.Purpose.PASSWORD, used_at__isnull=False)
    if user.last_login is not None:
        used = used.filter(used_at__gt=user.last_login)
    return used.exists()


def verify(user: User, code: str) -> Device:
    """The device whose code this is: six digits of the app, or a recovery code. Raises WrongCode or LockedOut."""
    _count(user)
    plain = code.replace(" ", "").replace("-", "").lower()
    device = _verify_app(user, plain) if plain.isascii() and plain.isdecimal() and len(plain) == 6 else None
    device = device or _verify_recovery(user, plain)
    if device is None:
        raise WrongCode
    limits.forget(TRIES, str(user.pk))
    return device


def _count(user: User) -> None:
    try:
        limits.use(TRIES, str(user.pk))
    except TooFast as refusal:
        minutes = -(-(refusal.retry_after_ms or 0) // 60_000)
        raise LockedOut(retry_after_ms=refusal.retry_after_ms, minutes=minutes) from refusal


@transaction.atomic
def _verify_app(user: User, code: str) -> Device | None:
    devices = TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").select_for_update()
    return next((device for device in devices if device.verify_token(code)), None)


@transaction.atomic
def _verify_recovery(user: User, code: str) -> Device | None:
    device = StaticDevice.objects.filter(user=user, confirmed=True).select_for_update().first()
    if device is None or not device.verify_token(_digest(code)):
        return None
    actor = oneself(user)
    audit.record(actor, "people.recovery_code.used", target_kind="user", target_id=user.pk)
    return device


def begin_enrolment(user: User) -> TOTPDevice:
    """An unconfirmed device; the same one until it is confirmed, so that a reloaded page shows the same picture."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "app"})
    return device


def confirm_enrolment(user: User, code: str) -> tuple[TOTPDevice, list[str]]:
    """The first code proves that the app has the secret. Gives the device and new recovery codes. Raises WrongCode."""
    _count(user)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(code.replace(" ", "")):
            raise WrongCode
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_recovery_codes(user)
        audit.record(oneself(user), "people.second_factor.enrolled", target_kind="user", target_id=user.pk)
        raise_rights([user.pk])
    limits.forget(TRIES, str(user.pk))
    return device, codes


def replace_app(user: User, password: str, code: str, *, origin: Origin) -> list[str]:
    """Another authenticator app takes the place of the one there is. Gives new recovery codes.

    Raises Invalid (the password), WrongCode, LockedOut.
    """
    _require_password(user, password, origin)
    _count(user)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or not device.verify_token(code.replace(" ", "")):
            raise WrongCode
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_recovery_codes(user)
        audit.record(oneself(user), "people.second_factor.replaced", target_kind="user", target_id=user.pk)
        letters.tell_second_factor_changed(user)
    limits.forget(TRIES, str(user.pk))
    return codes


def renew_recovery_codes(user: User, password: str, *, origin: Origin) -> list[str]:
    """Ten new ones for who is signed in. Raises Invalid (the password), LockedOut."""
    _require_password(user, password, origin)
    with transaction.atomic():
        codes = new_recovery_codes(user)
        audit.record(oneself(user), "people.recovery_codes.renewed", target_kind="user", target_id=user.pk)
        letters.tell_second_factor_changed(user)
    return codes


def _require_password(user: User, password: str, origin: Origin) -> None:
    if not check_own_password(user, password, origin=origin):
        raise Invalid(fields={"current": gettext("This is not your current password.")})


def new_recovery_codes(user: User) -> list[str]:
    """Ten new codes; the old ones are gone. They are shown once and kept as digests."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS)) for _ in range(CODES)]
    device, _ = StaticDevice.objects.get_or_create(user=user, defaults={"name": "recovery", "confirmed": True})
    device.token_set.all().delete()
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def remove_second_factor(actor: Person, user: User) -> None:
    """For who lost everything: the next sign-in enrols anew, and all sign-ins end. For the hub owner."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sign_out_everywhere(user)
    audit.record(actor, "people.second_factor.removed", target_kind="user", target_id=user.pk)


def _digest(code: str) -> str:
    """Sixteen characters, all that the row has room for: 64 bits of a keyed hash."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"recovery:" + code.encode(), hashlib.sha256).hex()[:16]
