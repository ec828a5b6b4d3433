"""The tabs of one customer: credits, tickets, personnel, chats, devices, audit (A1, L5, L6, P4, P9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chat.public import Wanted, read_history, visible_chats
from credits.public import count_purchases
from hub.accounts.public import AuditEntry, Membership, SignedInDevice, owner_page, staff_page
from hub.base.errors import BadFrame
from hub.base.prepared import count_of, prepared
from hub.base.registries import CustomerTab, customer_tabs
from hub.dashboard.admin import purchases_tab
from hub.dashboard.admin.facts import page_of_facts
from hub.dashboard.admin.frames import customer_page, open_customer
from hub.dashboard.admin.personnel import personnel_values
from hub.dashboard.admin.wallet_page import lines_file, wallet_of, wallet_values
from hub.site.public import person_of
from tickets.public import count_seen, tickets_of

if TYPE_CHECKING:
    from hub.accounts.public import Person

DEVICES_SHOWN = 100
PAST_SHOWN = 10
FACTS_SHOWN = 50


def register_tabs() -> None:
    customer_tabs.register(CustomerTab("credits", _("Credits"), 10, "admin-customer"))
    customer_tabs.register(CustomerTab("purchases", _("Purchases"), 20, "admin-customer-purchases", _purchases))
    customer_tabs.register(
        CustomerTab("personnel", _("Personnel"), 30, "admin-customer-personnel", _personnel, shown=_is_member)
    )
    customer_tabs.register(CustomerTab("chats", _("Chats"), 40, "admin-customer-chats", _chats))
    customer_tabs.register(CustomerTab("tickets", _("Tickets"), 25, "admin-customer-tickets", count_seen))
    customer_tabs.register(CustomerTab("devices", _("Devices"), 60, "admin-customer-devices", _devices))
    customer_tabs.register(
        CustomerTab("audit", _("Audit"), 70, "admin-customer-audit", shown=lambda person, _id: bool(person.is_owner))
    )


def _is_member(_person: Person, customer_id: int) -> bool:
    return bool(_places(user=customer_id))


@prepared
def _places(*, user: int) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user=user).values_list("pk", flat=True)


def _personnel(_person: Person, customer_id: int) -> int | None:
    return sum(_members(user=customer_id))


@prepared
def _members(*, user: int) -> QuerySet[Membership, int]:
    companies = Membership.objects.filter(user=user).values("organisation")
    return count_of(Membership.objects.filter(organisation__in=companies))


def _purchases(_person: Person, customer_id: int) -> int | None:
    return count_purchases(customer_id)


def _chats(person: Person, customer_id: int) -> int | None:
    return visible_chats(person, [customer_id])


def _devices(_person: Person, customer_id: int) -> int | None:
    return sum(_signed_in(user=customer_id))


@prepared
def _signed_in(*, user: int) -> QuerySet[SignedInDevice, int]:
    return count_of(SignedInDevice.objects.filter(user=user, ended_at__isnull=True))


@require_safe
@staff_page
def credits(request: HttpRequest, customer_id: int) -> HttpResponse:
    """`/admin/customers/<id>/`: the wallet they pay from, with its lines, and adding to it or taking away (L5, L6)."""
    user = open_customer(request, customer_id)
    return customer_page(request, user, "admin/customer_credits.html", "credits", wallet_values(request, user=user))


@require_safe
@staff_page
def credits_file(request: HttpRequest, customer_id: int) -> HttpResponse:
    return lines_file(request, user=open_customer(request, customer_id))


@require_safe
@staff_page
def purchases(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What they bought, or what was bought for the wallet they pay from (S1)."""
    user = open_customer(request, customer_id)
    values = purchases_tab.values(request, wallet_of(user, None).id)
    return customer_page(request, user, "admin/customer_purchases.html", "purchases", values)


@require_safe
@staff_page
def chats(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Those that this member of staff may open (P5), the newest first."""
    person, user = person_of(request), open_customer(request, customer_id)
    wanted = Wanted(people=[user.pk])
    try:
        page = read_history(person, wanted, cursor=request.GET.get("after"))
    except BadFrame:
        page = read_history(person, wanted)
    return customer_page(request, user, "admin/customer_chats.html", "chats", {"page": page})


@require_safe
@staff_page
def tickets(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Those that this member of staff may open (P5), the last changed first."""
    user = open_customer(request, customer_id)
    values = tickets_of(request, person_of(request), customer_id=user.pk)
    return customer_page(request, user, "admin/customer_tickets.html", "tickets", values)


@require_safe
@staff_page
def devices(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Where they are signed in (P9)."""
    user = open_customer(request, customer_id)
    rows = SignedInDevice.objects.filter(user=user)
    live = rows.filter(ended_at__isnull=True).order_by("-last_seen_at")[:DEVICES_SHOWN]
    past = rows.filter(ended_at__isnull=False).order_by("-ended_at")[:PAST_SHOWN]
    values = {"live": list(live), "past": list(past)}
    return customer_page(request, user, "admin/customer_devices.html", "devices", values)


@require_safe
@owner_page
def audit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who opened or changed this person, and what they did themselves (P9)."""
    user = open_customer(request, customer_id)
    entries = AuditEntry.objects.visible_to(person_of(request)).filter(target_kind="user", target_id=str(user.pk))
    facts, following = page_of_facts(request, entries, FACTS_SHOWN)
    values: dict[str, Any] = {"facts": facts, "next": following}
    return customer_page(request, user, "admin/customer_audit.html", "audit", values)


@require_safe
@staff_page
def personnel(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The people of their organisation (P4)."""
    user = open_customer(request, customer_id)
    membership = getattr(user, "membership", None)
    if membership is None:
        raise Http404
    values = personnel_values(request, membership.organisation)
    return customer_page(request, user, "admin/customer_personnel.html", "personnel", values)
