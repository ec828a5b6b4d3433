"""Setting, forgetting and changing a password (P1, P2). A new one ends every sign-in that stood on the old one."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import phones
from hub.accounts.access import Person, oneself
from hub.accounts.actions import letters, one_time_links
from hub.accounts.actions.mailboxes import note_answer
from hub.accounts.actions.number_ranges import of_range
from hub.accounts.actions.rights import set_password
from hub.accounts.actions.sign_in import (
    PASSWORD_CHARACTERS_MAX,
    Origin,
    check_own_password,
    find_account,
    may_sign_in,
    name_of,
)
from hub.accounts.errors import Invalid, LinkUsed
from hub.accounts.models import OneTimeLink, User
from hub.base import clock, formats, limits
from hub.base.limits import Limit

PASSWORD = OneTimeLink.Purpose.PASSWORD
# A doubled submit comes within a moment: the same password by the same link is then the same deed.
DOUBLED_WITHIN = timedelta(minutes=2)


def require_good(password: str, again: str | None, user: User) -> None:
    """Raises Invalid, with what is wrong in words."""
    wrong: dict[str, str] = {}
    if len(password) > PASSWORD_CHARACTERS_MAX:
        wrong["password"] = _("This password is too long.")
    else:
        try:
            password_validation.validate_password(password, user)
        except ValidationError as error:
            wrong["password"] = " ".join(_in_words(one) for one in error.error_list)
    if again is not None and again != password:
        wrong["again"] = _("The two passwords are not the same.")
    if wrong:
        raise Invalid(fields=wrong)


def _in_words(fault: ValidationError) -> str:
    """Our own words: Django's are not in every language of ours, and name fields in English."""
    if fault.code == "password_too_short":
        least = formats.number((fault.params or {}).get("min_length", 0))
        return _("This password is too short. At least %(least)s characters are needed.") % {"least": least}
    if fault.code == "password_too_similar":
        return _("This password looks too much like your name or e-mail address.")
    if fault.code == "password_too_common":
        return _("Too many people use this password. Please think of another.")
    return " ".join(fault.messages)


def set_by_link(token: str, password: str, again: str) -> User:
    """The account whose link it is, with its new password. Raises LinkUnknown, LinkUsed, LinkExpired, Invalid."""
    try:
        link = one_time_links.get_link(token, PASSWORD)
    except LinkUsed:
        return _done_before(token, password)
    require_good(password, again, link.user)
    try:
        with transaction.atomic():
            link = one_time_links.redeem(token, PASSWORD)
            user = link.user
            _set(user, password)
            note_answer(user, link.target)
    except LinkUsed:
        return _done_before(token, password)
    return user


def _done_before(token: str, password: str) -> User:
    """For the second of two equal submits: it has what it wants already."""
    link = one_time_links.find_link(token, PASSWORD)
    just_now = link is not None and link.used_at is not None and link.used_at + DOUBLED_WITHIN > clock.now()
    if link is None or not just_now or not check_password(password, link.user.password):
        raise LinkUsed
    return link.user


def set_first(user: User, password: str, again: str) -> User:
    """After a code showed who it is, for who has no password or has forgotten it (P3). Raises Invalid."""
    require_good(password, again, user)
    with transaction.atomic():
        _set(user, password)
    return user


def change(person: Person, *, current: str, password: str, again: str, origin: Origin) -> User:
    """By who is signed in, with the current one. The caller signs this browser in anew. Raises Invalid, LockedOut."""
    user: User = User.objects.get(pk=person.user_id)
    if user.has_usable_password() and not check_own_password(user, current, origin=origin):
        raise Invalid(fields={"current": _("This is not your current password.")})
    require_good(password, again, user)
    with transaction.atomic():
        _set(user, password)
    return user


def _set(user: User, password: str) -> None:
    """Who had one hears that there is another: a link by SMS is no word to the mailbox's owner."""
    if user.has_usable_password():
        letters.tell_password_changed(user)
    one_time_links.close_links(user, PASSWORD)
    set_password(oneself(user), user, password)
    user.refresh_from_db()


def ask_link(login: str, *, origin: Origin) -> None:
    """Somebody forgot their password: a link by mail, or by SMS where the mobile was typed or is all there is.

    Says nothing about who exists. Raises TooFast, alike for nobody.
    """
    user = find_account(login)
    limits.use(Limit("link.address", settings.LINKS_OF_ADDRESS_PER_HOUR_MAX, 3600), origin.address)
    name, known = name_of(login), f":device:{origin.device}" if origin.device else ""
    limits.use(Limit("link.name", settings.LINKS_PER_HOUR_MAX, 3600), f"{name}{known}")
    # Over all its names an account gets no more than this either, nor its row of numbers; that nobody is told.
    by_sms = user is not None and _goes_by_sms(user, login)
    of_number = of_range(user.mobile if user is not None and by_sms and user.mobile else name)
    shut = limits.find_all_exceeded([(_of_account(), f"{user.pk if user else name}{known}"), of_number])
    with transaction.atomic():
        if user is not None and may_sign_in(user) and not shut:
            _send_link(user, login)
        else:
            _send_link_to_nobody()


def send_again(link: OneTimeLink) -> None:
    """A new one for a link that was used or has expired: to the same person, whoever asks. Raises TooFast."""
    limits.use(_of_account(), f"{link.user_id}")
    if link.user.mobile and _goes_by_sms(link.user, ""):
        limits.use(*of_range(link.user.mobile))
    if may_sign_in(link.user):
        with transaction.atomic():
            _send_link(link.user, "")


def _of_account() -> Limit:
    return Limit("link.account", settings.LINKS_PER_HOUR_MAX, 3600)


def _goes_by_sms(user: User, login: str) -> bool:
    by_mobile = user.mobile_confirmed and phones.typed_number(login) == user.mobile
    return bool(user.mobile and (by_mobile or not user.email))


def _send_link(user: User, login: str) -> None:
    lifetime = timedelta(hours=settings.LINK_HOURS)
    by_sms = _goes_by_sms(user, login)
    path = one_time_links.issue(user, PASSWORD, lifetime, target="" if by_sms else user.email or "")
    until = clock.now() + lifetime
    if by_sms:
        letters.send_password_link_by_sms(user, path, until)
    else:
        letters.send_password_link(user, path, until)


def _send_link_to_nobody() -> None:
    """The same work, undone: how long it takes must not tell."""
    with transaction.atomic():
        nobody = User(pk=0, login_number="10000000", email="nobody@example.com", time_zone=settings.TIME_ZONE)
        letters.send_password_link(nobody, f"/password/{'x' * 32}/", clock.now() + timedelta(hours=settings.LINK_HOURS))
        transaction.set_rollback(True)
