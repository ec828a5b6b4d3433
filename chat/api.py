"""`/api/v1/sessions/`: live sessions for integrations and for what the console shows beside them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.timezone import make_aware
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import api_shapes as shapes
from chat import billing, queries, receipt
from chat.actions import afterwards, ending, messages, refunds, starting
from chat.actions.requests import once
from chat.models import Message, Session
from chat.permissions import get_visible, is_own_work, refundable_by
from chat.states import State
from chat.wire import incoming, vocabulary
from hub.accounts.public import ApiView, StaffApiView, audit
from hub.base.api.paging import page
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame

F = TypeVar("F", bound=incoming.FromClient)


class SessionsView(ApiView):
    scope = "chat"

    @extend_schema(
        parameters=[
            OpenApiParameter("state", str, description="As in the frame, or `live`: all but ended"),
            OpenApiParameter("customer", str),
            OpenApiParameter("agent", str),
            OpenApiParameter("department", str),
            OpenApiParameter("since", datetime, description="Opened at or after"),
        ],
        responses=shapes.SessionOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """The sessions one may see, the newest first."""
        seen = queries.for_frames(_filtered(Session.objects.visible_to(self.person), request))
        order = ("-opened_at", "-pk")
        return Response(page(request, seen, order=order, render=lambda rows: queries.describe(rows, self.person)))

    @extend_schema(request=shapes.SessionIn, responses={201: shapes.SessionOut})
    def post(self, request: Request) -> Response:
        """Start a conversation, as a widget does."""
        frame = _frame(incoming.SessionStart, request)
        answer = once(starting.start, actor=self.person, frame=frame)
        return Response(_one(self, answer.session or ""), status=201)


class SessionView(ApiView):
    scope = "chat"

    @extend_schema(responses=shapes.SessionDetails)
    def get(self, request: Request, session_id: UUID) -> Response:
        """One session; for staff with what their side panel shows. What is not one's own work is audited (P9)."""
        session = get_visible(self.person, session_id)
        _note_opening(self, session)
        return Response(_one(self, session_id) | queries.beside(session, self.person))


class MessagesView(ApiView):
    scope = "chat"

    @extend_schema(
        parameters=[
            OpenApiParameter("after_seq", int),
            OpenApiParameter("before_seq", int),
            OpenApiParameter("limit", int),
        ],
        responses=shapes.MessageOut(many=True),
    )
    def get(self, request: Request, session_id: UUID) -> Response:
        """The transcript, in order: after a seq, or the newest before one. Staff-only entries come over the socket."""
        session = get_visible(self.person, session_id)
        _note_opening(self, session)
        rows, more = _slice(request, session)
        following = rows[-1].seq if more and rows else None
        return Response({"results": queries.describe_messages(rows), "next": _next(request, following)})

    @extend_schema(request=shapes.MessageIn, responses={201: shapes.Answer})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Say something; acknowledged when it is committed (C5)."""
        get_visible(self.person, session_id)
        frame = _frame(incoming.MessageSend, request, session=session_id)
        return Response(messages.send(actor=self.person, frame=frame), status=201)


class EndView(ApiView):
    scope = "chat"

    @extend_schema(request=shapes.EndIn, responses=shapes.SessionOut)
    def post(self, request: Request, session_id: UUID) -> Response:
        once(ending.end, actor=self.person, frame=_frame(incoming.SessionEnd, request, session=session_id))
        return Response(_one(self, session_id))


class ReopenView(ApiView):
    scope = "chat"

    @extend_schema(request=None, responses=shapes.SessionOut)
    def post(self, request: Request, session_id: UUID) -> Response:
        once(ending.reopen, actor=self.person, frame=_frame(incoming.SessionReopen, request, session=session_id))
        return Response(_one(self, session_id))


class RatingView(ApiView):
    scope = "chat"

    @extend_schema(request=shapes.RatingIn, responses=shapes.SessionOut)
    def post(self, request: Request, session_id: UUID) -> Response:
        once(afterwards.rate, actor=self.person, frame=_frame(incoming.SessionRate, request, session=session_id))
        return Response(_one(self, session_id))


class ChargesView(ApiView):
    scope = "chat"

    @extend_schema(responses=shapes.ChargeOut(many=True))
    def get(self, request: Request, session_id: UUID) -> Response:
        """Block by block. Whoever may see the session may see what it cost; a VIP is shown no amounts (P12)."""
        session = get_visible(self.person, session_id)
        _note_opening(self, session)
        shown = queries.charges(session, self.person)
        return Response({"results": shown, "next": None})


class RefundView(ApiView):
    scope = "chat"

    @extend_schema(request=shapes.RefundIn, responses={201: shapes.RefundOut})
    def post(self, request: Request, session_id: UUID) -> Response:
        """Give back a part of what was charged (M6); never more, and within the limit of one's role."""
        said = said_in(shapes.RefundIn, request)
        key = request.headers.get("Idempotency-Key") or str(uuid.uuid4())
        made = refunds.refund(
            actor=self.person,
            session_id=session_id,
            amount_m=said["amount_m"],
            reason=said["reason"],
            key=key,
        )
        return Response(made, status=201)


class RefundAskView(StaffApiView):
    scope = "chat"

    @extend_schema(request=shapes.RefundAskIn, responses={201: shapes.RefundAskedOut})
    def post(self, request: Request, session_id: UUID) -> Response:
        """What is above the limit of one's role waits for a second person, in `/approvals/` (M6)."""
        said = said_in(shapes.RefundAskIn, request)
        key = request.headers.get("Idempotency-Key") or str(uuid.uuid4())
        asked = refunds.ask_approval(
            actor=self.person,
            session_id=session_id,
            amount_m=said["amount_m"],
            reason=said["reason"],
            text=said["text"],
            key=key,
        )
        return Response({"id": str(asked.pk), "amount_m": asked.amount_m, "state": asked.state}, status=201)


class RefundRequestsView(StaffApiView):
    scope = "chat"

    @extend_schema(responses=shapes.SessionOut(many=True))
    def get(self, request: Request) -> Response:
        """Chats whose customer asks for the credits back, of those that the caller may refund; the oldest first."""
        asked = Session.objects.filter(refund_asked_at__isnull=False)
        rows = queries.for_frames(refundable_by(asked, self.person))
        order = ("refund_asked_at", "id")
        return Response(page(request, rows, order=order, render=lambda found: queries.describe(found, self.person)))


class RefundDeclineView(StaffApiView):
    scope = "chat"

    @extend_schema(request=shapes.RefundDeclineIn, responses={204: None})
    def post(self, request: Request, session_id: UUID) -> Response:
        """The customer does not get them, and is told the reason (M6)."""
        said = said_in(shapes.RefundDeclineIn, request)
        refunds.decline(actor=self.person, session_id=session_id, text=said["reason"])
        return Response(status=204)


class TranscriptView(ApiView):
    scope = "chat"

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, session_id: UUID) -> HttpResponse:
        """The conversation as a text file (C12)."""
        session = get_visible(self.person, session_id)
        _note_opening(self, session)
        text = receipt.write(
            session,
            language=self.person.language,
            time_zone=queries.time_zone_of(self.person),
            shows_money=not billing.is_vip(session.customer),
            own=session.customer_id == self.person.user_id,
        )
        answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="conversation-{session.opened_at:%Y-%m-%d}.txt"'
        return answer


def _frame(kind: type[F], request: Request, *, session: UUID | None = None) -> F:
    """The body as the frame of the same name, so that the API refuses what the socket refuses.

    The request's id comes from its Idempotency-Key, so that a repeated POST is the same request.
    """
    if not isinstance(request.data, dict):
        raise BadFrame
    body: dict[str, Any] = {
        name: value for name, value in request.data.items() if name not in ("type", "session", "id")
    }
    key = request.headers.get("Idempotency-Key")
    given = request.data.get("id")
    body["id"] = given or str(uuid.uuid5(uuid.NAMESPACE_OID, key) if key else uuid.uuid4())
    if session is not None:
        body["session"] = str(session)
    try:
        return msgspec.convert(body, kind)
    except (msgspec.ValidationError, ValueError) as wrong:
        raise BadFrame(detail=str(wrong)) from wrong


def _filtered(sessions: QuerySet[Session], request: Request) -> QuerySet[Session]:
    asked = request.query_params
    state = asked.get("state")
    if state == "live":
        sessions = sessions.exclude(state=State.ENDED)
    elif state:
        if state not in State.values:
            raise BadFrame(field="state")
        sessions = sessions.filter(state=state)
    for name in ("customer", "agent", "department"):
        if name in asked:
            sessions = sessions.filter(**{name: _id(asked[name], name)})
    if "since" in asked:
        sessions = sessions.filter(opened_at__gte=_moment(asked["since"]))
    return sessions


def _id(text: str, field: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise BadFrame(field=field)
    return int(text)


def _moment(text: str) -> datetime:
    """RFC 3339, or a day, which begins in the reader's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadFrame(field="since") from wrong
    return found if found.tzinfo is not None else make_aware(found)


def _one(view: ApiView, session_id: UUID | str) -> dict[str, object]:
    get_visible(view.person, session_id)
    return queries.describe(list(queries.for_frames(Session.objects.filter(pk=session_id))), view.person)[0]


def _note_opening(view: ApiView, session: Session) -> None:
    """P9: what staff open that is not their own work."""
    if view.person.is_staff and not is_own_work(session, view.person):
        audit.record(view.person, "chat.session.opened", target_kind="session", target_id=session.pk)


def _slice(request: Request, session: Session) -> tuple[list[Message], bool]:
    asked = request.query_params
    limit = _number(asked.get("limit", "100"), "limit", most=vocabulary.BACKLOG_MAX)
    entries = Message.objects.filter(session=session, seq__isnull=False)
    if "before_seq" in asked:
        before = _number(asked["before_seq"], "before_seq")
        found = list(entries.filter(seq__lt=before).order_by("-seq")[: limit + 1])
        return found[:limit][::-1], False
    after = _number(asked.get("after_seq", "0"), "after_seq", least=0)
    found = list(entries.filter(seq__gt=after).order_by("seq")[: limit + 1])
    return found[:limit], len(found) > limit


def _number(text: str, field: str, *, least: int = 1, most: int = vocabulary.INTEGER_MAX) -> int:
    if not text.isdecimal() or len(text) > 16 or not least <= int(text) <= most:
        raise BadFrame(field=field)
    return int(text)


def _next(request: Request, after_seq: int | None) -> str | None:
    if after_seq is None:
        return None
    query = request.query_params.copy()
    query["after_seq"] = str(after_seq)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
