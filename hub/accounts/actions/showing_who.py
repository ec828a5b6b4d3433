"""Before something that cannot be undone: whoever is signed in shows once more that it is them (P10)."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from hub.accounts.actions import codes
from hub.accounts.actions.codes import Asked
from hub.accounts.actions.sign_in import Origin, check_own_password
from hub.accounts.details import plain_digits
from hub.accounts.errors import Invalid, WrongCode
from hub.accounts.models import OneTimeCode, User

Means = Literal["password", "code", "number"]


def means_of(user: User) -> Means:
    """By what they can: the password, else a code, else (no address at all) the number of the account."""
    if user.has_usable_password():
        return "password"
    return "code" if user.email or user.mobile else "number"


def ask_code(user: User, *, origin: Origin) -> Asked:
    """Raises LockedOut."""
    return codes.ask_sign_in_code(user.login_number, origin=origin)


def show(user: User, said: str, *, challenge: UUID | None, origin: Origin) -> None:
    """Raises Invalid with what is wrong beside the field, or LockedOut."""
    means = means_of(user)
    if means == "password" and not check_own_password(user, said, origin=origin):
        raise Invalid(fields={"password": _("This is not your password.")})
    if means == "number" and plain_digits(said.strip()) != user.login_number:
        raise Invalid(fields={"number": _("This is not your login number.")})
    if means == "code" and not _is_code(user, said, challenge, origin):
        raise Invalid(fields={"code": _("This code is not right, or has expired. Ask for a new one.")})


def _is_code(user: User, said: str, challenge: UUID | None, origin: Origin) -> bool:
    if challenge is None:
        return False
    try:
        row = codes.verify_code(challenge, said, OneTimeCode.Purpose.SIGN_IN, origin=origin)
    except WrongCode:
        return False
    return row.user_id == user.pk
