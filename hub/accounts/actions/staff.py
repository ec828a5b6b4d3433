"""Making staff. Colleagues on screen come later (P3); a new hub needs its first person."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from hub.accounts import audit
from hub.accounts.access import SYSTEM
from hub.accounts.actions.people import create_user
from hub.accounts.errors import AddressInUse, Invalid
from hub.accounts.models import StaffProfile, User


def add_owner(*, name: str, email: str, password: str) -> User:
    """A hub owner with a password; enrols the second factor at the first sign-in. Raises Invalid, AddressInUse."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(fields={"email": email}) from error
    first, _, last = name.strip().partition(" ")
    try:
        with transaction.atomic():
            owner = create_user(
                kind=User.Kind.STAFF, level=User.Level.OWNER, first_name=first, last_name=last, email=email.lower()
            )
            owner.set_password(password)
            owner.save(update_fields=["password"])
            StaffProfile.objects.create(user=owner)
            audit.record(SYSTEM, "people.owner.created", target_kind="user", target_id=owner.pk)
    except IntegrityError as error:
        raise AddressInUse from error
    return owner
