"""Changing one's own e-mail address and mobile number: the new one confirms, the old one is told (P2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person, oneself
from hub.accounts.actions import codes, letters, one_time_links
from hub.accounts.actions.codes import Asked
from hub.accounts.actions.invitations import release_claim
from hub.accounts.actions.sign_in import Origin, check_own_password
from hub.accounts.details import Unclear
from hub.accounts.errors import AddressInUse, Invalid
from hub.accounts.models import OneTimeCode, OneTimeLink, User
from hub.base import clock, limits, locking
from hub.base.limits import Limit
from hub.base.sms_rules import require_country

EMAIL = OneTimeLink.Purpose.EMAIL


def ask_email_change(person: Person, typed: str, *, password: str, origin: Origin) -> None:
    """A link to the new address. Whose address it is already gets another mail; the answer is the same.

    Raises Invalid, LockedOut, TooFast.
    """
    user = _confirmed(person, password, origin)
    try:
        email = details.clean_email(typed)
    except Unclear as why:
        raise Invalid(fields={"email": str(why)}) from None
    if email == (user.email or "").lower():
        raise Invalid(fields={"email": _("This is your address already.")})
    limits.use(Limit("email.change", settings.LINKS_PER_HOUR_MAX, 3600), f"{user.pk}")
    with transaction.atomic():
        owner = User.objects.filter(email__iexact=email).first()
        if owner is not None:
            letters.send_email_taken(owner)
            return
        lifetime = timedelta(hours=settings.LINK_HOURS)
        path = one_time_links.issue(user, EMAIL, lifetime, target=email)
        letters.send_email_link(user, path, clock.now() + lifetime, to=email)


def confirm_email(token: str) -> User:
    """The link came back: from now on this is the address. Raises LinkUnknown, LinkUsed, LinkExpired, AddressInUse."""
    try:
        with transaction.atomic():
            link = one_time_links.redeem(token, EMAIL)
            user = locking.lock_one(User, link.user_id)
            old, user.email, user.email_confirmed = user.email, link.target, True
            user.save(update_fields=["email", "email_confirmed"])
            # Links that went to the old address open nothing any more: it may be another's by now.
            one_time_links.close_links(user, EMAIL)
            one_time_links.close_links(user, OneTimeLink.Purpose.PASSWORD)
            if old:
                letters.tell_email_changed(user, old=old)
            audit.record(oneself(user), "people.email.changed", target_kind="user", target_id=user.pk)
    except IntegrityError as error:
        raise AddressInUse from error
    return user


def ask_mobile_change(person: Person, typed: str, *, password: str, origin: Origin) -> Asked:
    """A code to the new number. Raises Invalid, LockedOut."""
    user = _confirmed(person, password, origin)
    try:
        number = details.clean_mobile(typed)
    except Unclear as why:
        raise Invalid(fields={"mobile": str(why)}) from None
    if number == user.mobile and user.mobile_confirmed:
        raise Invalid(fields={"mobile": _("This is your number already.")})
    require_country(number)
    return codes.ask_mobile_code(user, number, origin=origin)


def confirm_mobile(person: Person, challenge: UUID, code: str, *, origin: Origin) -> User:
    """The code came back: the number is theirs. Raises WrongCode, LockedOut, AddressInUse (now that they may know)."""
    row = codes.verify_code(challenge, code, OneTimeCode.Purpose.MOBILE, origin=origin, user_id=person.user_id)
    try:
        with transaction.atomic():
            holder = User.objects.filter(mobile=row.target, mobile_confirmed=False).exclude(pk=row.user_id).first()
            if holder is not None:
                release_claim(holder)
            user = locking.lock_one(User, person.user_id)
            old, user.mobile, user.mobile_confirmed = user.mobile, row.target, True
            user.save(update_fields=["mobile", "mobile_confirmed"])
            _tell_old_mobile(user, old)
            audit.record(oneself(user), "people.mobile.changed", target_kind="user", target_id=user.pk)
    except IntegrityError as error:
        raise AddressInUse from error
    return user


def remove_mobile(person: Person, *, password: str, origin: Origin) -> User:
    """Not to sign in by it any more. Who has no e-mail address keeps it: else nothing reaches them."""
    user = _confirmed(person, password, origin)
    if not user.email:
        raise Invalid(fields={"mobile": _("Please add an e-mail address first: else you cannot get in any more.")})
    with transaction.atomic():
        old, user.mobile, user.mobile_confirmed = user.mobile, None, True
        user.save(update_fields=["mobile", "mobile_confirmed"])
        _tell_old_mobile(user, old)
        audit.record(oneself(user), "people.mobile.removed", target_kind="user", target_id=user.pk)
    return user


def _tell_old_mobile(user: User, old: str | None) -> None:
    letters.tell_mobile_changed(user)
    if old and old != user.mobile and not user.email:
        letters.tell_old_mobile(user, old=old)


def _confirmed(person: Person, password: str, origin: Origin) -> User:
    """Who is at the keyboard is who signed in: with the password, where there is one."""
    user: User = User.objects.get(pk=person.user_id)
    if user.has_usable_password() and not check_own_password(user, password, origin=origin):
        raise Invalid(fields={"password": _("This is not your current password.")})
    return user
