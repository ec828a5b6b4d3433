"""Staff make a customer (P3): name plus mobile number or e-mail, no password."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person
from hub.accounts.actions.people import create_customer
from hub.accounts.errors import AddressInUse, Invalid
from hub.accounts.models import Department, User
from hub.base.errors import Forbidden

CLEANERS: details.Cleaners = {
    "first_name": details.clean_name,
    "last_name": details.clean_name,
    "email": details.clean_email,
    "mobile": details.clean_mobile,
}


@dataclass(frozen=True, slots=True)
class NewCustomer:
    first_name: str
    last_name: str
    email: str = ""
    mobile: str = ""
    language: str = ""
    department_id: int | None = None
    agent_id: int | None = None


def add_customer(actor: Person, new: NewCustomer) -> User:
    """Make the account, bound to the department given or to the agent's own (P6), so that who made it also sees it.

    Raises Invalid (what and why, per field), AddressInUse, Forbidden.
    """
    if not actor.is_staff:
        raise Forbidden
    fields = _checked(new)
    department_id = _department(actor, new)
    try:
        with transaction.atomic():
            user = create_customer(**fields)
            _bind(actor, user, department_id, new.agent_id)
            audit.record(actor, "people.customer.created", target_kind="user", target_id=user.pk)
    except IntegrityError as error:
        raise AddressInUse from error
    return user


def _checked(new: NewCustomer) -> dict[str, object]:
    typed = {name: getattr(new, name) for name in CLEANERS}
    kept, wrong = details.clean_all(typed, CLEANERS)
    if not (new.first_name.strip() or new.last_name.strip()):
        wrong["last_name"] = _("Please fill in a name.")
    if not (new.email.strip() or new.mobile.strip()):
        wrong["email"] = _("Please fill in an e-mail address or a mobile number.")
    if wrong:
        raise Invalid(fields=wrong)
    unique = {"email": kept["email"] or None, "mobile": kept["mobile"] or None}
    return {**kept, **unique, "language": details.clean_language(new.language)}


def _department(actor: Person, new: NewCustomer) -> int | None:
    """The department to bind to. An agent binds to a department of their own; without one given, to the first."""
    if new.department_id is None:
        return min(actor.departments, default=None)
    known = Department.objects.visible_to(actor).filter(pk=new.department_id).exists()
    if not known or not (actor.is_owner or new.department_id in actor.departments):
        raise Invalid(fields={"department": _("This is not a department of yours.")})
    return new.department_id


def _bind(actor: Person, user: User, department_id: int | None, agent_id: int | None) -> None:
    profile = user.customer_profile
    profile.bound_department_id = department_id
    if agent_id is not None:
        colleagues = User.objects.visible_to(actor).filter(kind=User.Kind.STAFF, is_active=True)
        if not colleagues.filter(pk=agent_id).exists():
            raise Invalid(fields={"agent": _("This is not a colleague of yours.")})
        profile.bound_agent_id = agent_id
    profile.save(update_fields=["bound_department", "bound_agent"])
