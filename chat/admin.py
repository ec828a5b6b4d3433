"""The admin's page of one chat: what was said, what it cost block by block, and giving credits back (M6, P9)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages as notes
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from chat import billing, history, one_chat, words
from chat.actions import refunds
from chat.models import Session
from chat.permissions import is_in_charge, is_own_work, refundable_by
from chat.states import State
from hub.accounts.public import audit, staff_page
from hub.base.amounts import field_text, find_millicredits
from hub.base.errors import DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import KEY_FIELD, Filled, new_form_key, typed
from hub.base.prepared import prepared
from hub.site.public import do_and_go, person_of, refused

if TYPE_CHECKING:
    from hub.accounts.public import Person

REQUESTS_SHOWN = 100
# Why credits are given back; the codes are the ledger's (credits.refunds.REASONS).
REASONS: dict[str, str | Promise] = {
    "not_solved": gettext_lazy("The problem was not solved"),
    "quality": gettext_lazy("The help was not good enough"),
    "outage": gettext_lazy("A fault of our system"),
    "mistake": gettext_lazy("Charged by mistake"),
    "goodwill": gettext_lazy("Goodwill"),
    "other": gettext_lazy("Something else"),
}


@require_safe
@staff_page
def chat_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """`/admin/chats/<id>/`. What is not one's own work is audited (P9)."""
    person, session = _opened(request, session_id)
    if not is_own_work(session, person):
        audit.record_opening(person, "chat.session.opened", target_kind="session", target_id=session.pk)
    return _page(request, session)


@require_POST
@staff_page
def refund_chat(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """So many credits back, with a reason. What is above the own limit waits for a second person (M6)."""
    person, session = _opened(request, session_id)
    said = typed(request.POST, ["amount", "reason", "text", KEY_FIELD])
    amount_m = find_millicredits(said["amount"])
    wrong = {}
    if amount_m is None or amount_m <= 0:
        wrong["amount"] = _("Write a number above zero, with at most three decimals.")
    if said["reason"] not in REASONS:
        wrong["reason"] = _("Choose a reason.")
    elif said["reason"] == "other" and not said["text"]:
        wrong["text"] = _("Please say why.")
    if wrong or amount_m is None:
        return _page(request, session, Filled(said, wrong), status=400)
    try:
        if _refund(person, session, amount_m, said):
            notes.success(request, _("The credits were given back."))
        else:
            notes.warning(request, _("This is more than you may give by yourself. It waits for a second person."))
    except DomainError as refusal:
        return _page(request, session, refused(refusal, said), status=refusal.status)
    return HttpResponseRedirect(reverse("admin-chat", args=[session.pk]))


def _refund(person: Person, session: Session, amount_m: int, said: dict[str, str]) -> bool:
    """Whether it was given back; else it waits for a second person."""
    reason, text, key = said["reason"], said["text"][:500], said[KEY_FIELD] or new_form_key()
    why = text if reason == "other" else reason
    try:
        refunds.refund(actor=person, session_id=session.pk, amount_m=amount_m, reason=why, key=key)
    except billing.AboveLimit:
        refunds.ask_approval(actor=person, session_id=session.pk, amount_m=amount_m, reason=reason, text=text, key=key)
        return False
    return True


@require_safe
@staff_page
def refund_requests(request: HttpRequest) -> HttpResponse:
    """`/admin/refunds/`: who asks for credits (M6) or money (L7) back, the one who waits longest first."""
    rows = _asked(person_of(request)).select_related("customer", "department", "agent").order_by("refund_asked_at")
    money = billing.money_asked_back(person_of(request))[:REQUESTS_SHOWN]
    values = {
        "rows": [history.past_chat(row) for row in rows[:REQUESTS_SHOWN]],
        "money": [{"asked": one, "left": billing.left_of(one.purchase)} for one in money],
        "form": Filled(),
    }
    return render(request, "admin/refund_requests.html", values)


def _asked(person: Person) -> QuerySet[Session]:
    waiting = Session.objects.filter(refund_asked_at__isnull=False)
    return refundable_by(waiting, person)


def count_refund_requests(person: Person) -> int:
    """Those that wait for this person, in the rail."""
    asked = _asked(person).count() if _any_asked() else 0
    return asked + billing.count_money_asked_back(person)


@prepared
def _any_asked() -> QuerySet[Session, uuid.UUID]:
    return Session.objects.filter(refund_asked_at__isnull=False).values_list("pk", flat=True)[:1]


@require_POST
@staff_page
def decline_refund(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """With a reason, which staff read; the customer sees that the answer is no."""
    person, _session = _opened(request, session_id)
    text = request.POST.get("text", "").replace("\0", "")
    act = lambda: refunds.decline(actor=person, session_id=session_id, text=text)  # noqa: E731
    said = _("The customer is told that these credits are not given back.")
    listed = request.POST.get("from") == "list"
    return do_and_go(request, act, said, to=reverse("admin-refunds") if listed else _page_of(session_id))


def _page_of(session_id: uuid.UUID) -> str:
    return reverse("admin-chat", args=[session_id])


def _opened(request: HttpRequest, session_id: uuid.UUID) -> tuple[Person, Session]:
    """Raises Http404, also for what one may not see (X1)."""
    person = person_of(request)
    try:
        return person, one_chat.read_chat(person, session_id)
    except NotFound as error:
        raise Http404 from error


def _page(request: HttpRequest, session: Session, form: Filled | None = None, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    cost = one_chat.cost_values(session, own=False)
    in_charge = session.agent_id == person.user_id or is_in_charge(session, person)
    left_m = billing.refundable_m(session) if cost["charged_m"] else 0
    values = {
        "session": session,
        "chat": history.past_chat(session),
        "end": words.end_text(session.end_reason, own=False) if session.end_reason else "",
        "outcome": words.outcome_text(session.outcome),
        "of_customer": session.customer.kind == "customer",
        "may_refund": in_charge and session.state == State.ENDED and left_m > 0,
        "form": form or Filled({"amount": field_text(left_m), "reason": "not_solved"}),
        "reasons": list(REASONS.items()),
        **one_chat.ticket_values(person, session),
        **one_chat.transcript_values(session, number_of(request.GET.get("before")), own=False),
        **cost,
    }
    return render(request, "admin/chat.html", values, status=status)
