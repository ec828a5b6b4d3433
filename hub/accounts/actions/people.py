"""Making people: visitors, customers, members of organisations, staff."""

from __future__ import annotations

import secrets
import uuid

from django.db import IntegrityError, transaction

from hub.accounts.access import Person
from hub.accounts.models import CustomerProfile, User
from hub.base import clock
from hub.base.errors import NotFound

LOGIN_NUMBER_TRIES = 20


def new_login_number() -> str:
    """Eight digits at random: a number tells nothing about how many customers there are, or who is next."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)


def create_user(**fields: object) -> User:
    """Insert a user under a login number that nobody has. Without a password they cannot sign in by one."""
    user = User(created_at=clock.now(), **fields)
    if not user.password:
        user.set_unusable_password()
    for _ in range(LOGIN_NUMBER_TRIES):
        user.login_number = new_login_number()
        if not User.objects.filter(login_number=user.login_number).exists():
            break
    user.save(force_insert=True)
    return user


def ensure_visitor(person: Person, *, name: str = "") -> User:
    """The row of a visitor, made at the first thing they start. Twice, or at the same moment, gives one row."""
    if person.user_id is not None:
        known: User = User.objects.get(pk=person.user_id)
        return known
    if person.visitor_key is None:
        raise NotFound
    key = uuid.UUID(person.visitor_key)
    try:
        with transaction.atomic():
            return create_user(kind=User.Kind.VISITOR, visitor_key=key, display_name=name, language=person.language)
    except IntegrityError:
        made: User = User.objects.get(visitor_key=key)
        return made


def create_customer(**fields: object) -> User:
    """A customer with an empty profile. Rights and addresses are the caller's business."""
    user = create_user(kind=User.Kind.CUSTOMER, **fields)
    CustomerProfile.objects.create(user=user)
    return user
