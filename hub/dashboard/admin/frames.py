"""What every page of one customer shows around its tab: who it is, what may be done, details, computer, notes."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from chat.public import talking_now
from credits import public as money
from hub.accounts.public import (
    Organisation,
    Person,
    StaffNote,
    User,
    audit,
    customer_details,
    erasure,
    invitations,
    is_own_work,
    seen_among,
)
from hub.base.forms import Filled
from hub.base.prepared import prepared
from hub.site.public import person_of

NOTES_SHOWN = 20


def get_customer(person: Person, user_id: int) -> User:
    """A customer whom this member of staff sees. Raises Http404, also for who was erased."""
    found = _customers(pk=user_id) if seen_among(person, [user_id]) else []
    if not found:
        raise Http404
    return found[0]


@prepared
def _customers(*, pk: int) -> QuerySet[User]:
    rows: QuerySet[User] = User.objects.filter(kind=User.Kind.CUSTOMER, erased_at__isnull=True, pk=pk)
    return rows.select_related(
        "customer_profile__bound_department",
        "customer_profile__bound_agent",
        "membership__organisation",
        "membership__unit",
    )


def open_customer(request: HttpRequest, user_id: int) -> User:
    """The same, for a page that shows them: what is not own work is in the audit log (P9)."""
    person, user = person_of(request), get_customer(person_of(request), user_id)
    audit.record_opening(
        person,
        "people.customer.opened",
        target_kind="user",
        target_id=user.pk,
        unless=partial(is_own_work, person, user.pk),
    )
    return user


def customer_page(
    request: HttpRequest, user: User, template: str, tab: str, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of this customer; `tab` is the one that is open, '' for none."""
    person = person_of(request)
    wallet = values.get("wallet") or money.wallet_for(user.pk)
    frame = {
        "customer": user,
        "profile": getattr(user, "customer_profile", None),
        "membership": getattr(user, "membership", None),
        "details": customer_details.details_of(user),
        "wallet": wallet,
        "vip_by": _vip_by(user),
        "talks": bool(talking_now([user.pk])),
        "tab": tab,
        "notes": notes_about(person, user=user),
        "note_form": Filled(),
        "invitation": invitations.find_open(user),
        "erasure": erasure.find_open(user),
        "in_charge": person.is_owner or bool(person.managed),
    }
    return render(request, template, {**frame, **values}, status=status)


def _vip_by(user: User) -> str:
    """By whom somebody is a VIP: 'self', 'organisation', or ''."""
    if user.vip:
        return "self"
    membership = getattr(user, "membership", None)
    return "organisation" if membership is not None and membership.organisation.vip else ""


def notes_about(
    person: Person, *, user: User | None = None, organisation: Organisation | None = None
) -> list[dict[str, Any]]:
    if user is not None:
        rows = _notes("about_user", about=user.pk)
    else:
        rows = _notes("about_organisation", about=organisation.pk) if organisation is not None else []
    in_charge = person.is_owner or bool(person.managed)
    return [
        {
            "note": row,
            "may_change": row.author_id == person.user_id,
            "may_remove": row.author_id == person.user_id or in_charge,
            "form": Filled({"text": row.text}),
        }
        for row in rows
    ]


@prepared
def _notes(whose: str, *, about: int) -> QuerySet[StaffNote]:
    rows = StaffNote.objects.filter(**{whose: about}).select_related("author")
    return rows.order_by("-pk")[:NOTES_SHOWN]
