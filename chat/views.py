"""The portal's pages of chats: past and running ones, one with its transcript and what it cost (docs/how/portal.md)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chat import billing, history, one_chat, queries, receipt, words
from chat.actions import afterwards, ending
from chat.actions.requests import once
from chat.models import Session
from chat.states import State
from chat.wire import incoming
from hub.accounts.public import customer_page
from hub.base import clock
from hub.base.errors import BadFrame, DomainError, NotFound
from hub.base.filters import moments_of, number_of
from hub.base.forms import KEY_FIELD, new_form_key, typed
from hub.site.public import person_of, said_by

if TYPE_CHECKING:
    from hub.accounts.public import Person

TEXT_MAX = 80
COMMENT_MAX = 2000
SCORES = (1, 2, 3, 4, 5)


# -- The list -----------------------------------------------------------------------------------------------------


@require_safe
@customer_page
def chats_page(request: HttpRequest) -> HttpResponse:
    """`/chats/`: own chats, and those of the unit or organisation for who may see them (P4)."""
    person = person_of(request)
    said = typed(request.GET, ["q", "result", "who", "since", "until", "after"])
    people = history.seen_people(person, also=number_of(said["who"]))
    wanted = _wanted(said, people)
    try:
        page = history.read_history(person, wanted, cursor=said["after"])
    except BadFrame:
        page = history.read_history(person, wanted)
    filters = {name: value for name, value in said.items() if value and name != "after"}
    values = {
        "page": page,
        "people": people,
        "said": said,
        "filters": filters,
        "filtered": bool(filters),
        "query": urlencode(filters),
        "results": [(code, _with(filters, result=code)) for code in ("", *history.RESULTS)],
        "shows_money": _shows_money(person),
    }
    return render(request, "portal/chats.html", values)


def _wanted(said: dict[str, str], people: dict[int, str]) -> history.Wanted:
    """What is no filter of ours is none: an address that was typed wrong shows everything."""
    who = number_of(said["who"])
    since, until = moments_of(said["since"], said["until"])
    return history.Wanted(
        text=said["q"][:TEXT_MAX],
        result=said["result"],
        people=[who] if who in people else None,
        since=since,
        until=until,
    )


def _with(filters: dict[str, str], **changed: str) -> str:
    return urlencode({name: value for name, value in {**filters, **changed}.items() if value})


def _shows_money(person: Person) -> bool:
    funds = billing.wallet_beside(person.user_id) if person.user_id is not None else None
    return funds is not None


# -- One chat -----------------------------------------------------------------------------------------------------


@require_safe
@customer_page
def chat_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """`/chats/<id>/`: what was said, what it cost minute by minute, and what one can do about it (C12, M6)."""
    person = person_of(request)
    session = _get(person, session_id)
    mine = session.customer_id == person.user_id
    cost = one_chat.cost_values(session, own=mine)
    values = {
        "session": session,
        "chat": history.past_chat(session),
        "mine": mine,
        "live": session.state != State.ENDED,
        "may_reopen": mine and _may_reopen(session),
        "may_rate": mine and session.state == State.ENDED and session.accepted_at is not None,
        "may_ask_refund": mine and _may_ask_refund(session, cost),
        "form_key": new_form_key(),
        "scores": SCORES,
        "end": words.end_text(session.end_reason, own=mine) if session.end_reason else "",
        **one_chat.transcript_values(session, number_of(request.GET.get("before")), own=mine),
        **one_chat.ticket_values(person, session),
        **cost,
    }
    return render(request, "portal/chat.html", values)


def _get(person: Person, session_id: uuid.UUID) -> Session:
    """Raises Http404, also for what one may not see (X1)."""
    try:
        return one_chat.read_chat(person, session_id)
    except NotFound as error:
        raise Http404 from error


def _may_ask_refund(session: Session, cost: dict[str, Any]) -> bool:
    return bool(cost["charged_m"]) and history.may_ask_refund(session, billing.refundable_m(session))


def _may_reopen(session: Session) -> bool:
    until = queries.reopen_until(session)
    return session.state == State.ENDED and until is not None and clock.now() < until


@require_safe
@customer_page
def transcript_file(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """The conversation as a text file (C12)."""
    person = person_of(request)
    session = _get(person, session_id)
    text = receipt.write(
        session,
        language=translation.get_language() or person.language,
        time_zone=person.time_zone,
        shows_money=not billing.is_vip(session.customer),
        own=session.customer_id == person.user_id,
    )
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chat-{session.opened_at:%Y-%m-%d}.txt"'
    return answer


# -- What one does about it ---------------------------------------------------------------------------------------


@require_POST
@customer_page
def rate_chat(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Stars, solved or not, and a word. "No" asks for the credits back, in this one step (M6)."""
    person = person_of(request)
    session = _get(person, session_id)
    said = typed(request.POST, ["score", "solved", "comment", KEY_FIELD])
    score = int(said["score"]) if said["score"] in ("1", "2", "3", "4", "5") else session.rating
    if score is None:
        notes.error(request, _("Please choose from one to five first."))
        return _back(session)
    solved = said["solved"] if said["solved"] in ("yes", "partly", "no") else None
    frame = incoming.SessionRate(
        id=_request_id(said[KEY_FIELD], "rate"),
        session=str(session.pk),
        score=score,
        solved=cast("Any", solved),
        comment=said["comment"][:COMMENT_MAX],
    )
    return _do(request, session, afterwards.rate, frame, _("Thank you. We have noted it."))


@require_POST
@customer_page
def ask_refund(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """The credits of a chat back, in one step (M6). Staff decide."""
    session = _get(person_of(request), session_id)
    try:
        afterwards.ask_refund(actor=person_of(request), session_id=session.pk)
    except DomainError as refusal:
        notes.error(request, said_by(refusal))
    else:
        notes.success(request, _("We have your request. An agent looks at it; you need to do nothing else."))
    return _back(session)


@require_POST
@customer_page
def reopen_chat(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """On with the same chat, within the window after its end (C12)."""
    session = _get(person_of(request), session_id)
    key = request.POST.get(KEY_FIELD, "")
    frame = incoming.SessionReopen(id=_request_id(key, "reopen"), session=str(session.pk))
    return _do(request, session, ending.reopen, frame, _("Your chat is open again."))


def _request_id(form_key: str, what: str) -> uuid.UUID:
    """The same form sent twice is one request."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{form_key}:{what}") if form_key else uuid.uuid4()


def _do(request: HttpRequest, session: Session, action: Any, frame: Any, thanks: str) -> HttpResponse:
    try:
        once(action, actor=person_of(request), frame=frame)
    except DomainError as refusal:
        notes.error(request, said_by(refusal))
    else:
        notes.success(request, thanks)
    return _back(session)


def _back(session: Session) -> HttpResponse:
    return HttpResponseRedirect(reverse("chat-page", args=[session.pk]))
