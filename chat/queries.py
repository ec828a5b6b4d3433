"""Live sessions as their readers see them: frames of protocol.md for each side. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from chat import billing, wire
from chat.groups import Side
from chat.models import Member, Session
from chat.permissions import parse_id
from chat.queue_places import places
from chat.states import State
from hub.base import clock
from hub.base.errors import NotFound

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import User

SHOWN_AT_ONCE_MAX = 200


def side_of(person: Person) -> Side:
    return "staff" if person.kind in ("staff", "system") else "customer"


def for_frames(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With everything that a session frame needs, in two statements whatever their number."""
    shown = Member.objects.filter(gone=False).exclude(side=Member.Side.WATCHER)
    return sessions.select_related(
        "agent", "counter", "customer__customer_profile", "customer__membership__organisation"
    ).prefetch_related(Prefetch("members", queryset=shown, to_attr="shown_members"))


def session_frames(person: Person, session_ids: Iterable[str | UUID]) -> list[wire.Session]:
    """The frames of those of these sessions that the person may see."""
    ids = [parse_id(one) for one in session_ids]
    rows = for_frames(Session.objects.visible_to(person).filter(pk__in=ids))
    return [frame_of(row, side=side_of(person)) for row in rows]


def session_frame(session_id: UUID, *, side: Side) -> wire.Session:
    """The frame for one side, for publishing. Raises NotFound."""
    row = for_frames(Session.objects.filter(pk=session_id)).first()
    if row is None:
        raise NotFound
    return frame_of(row, side=side)


def both_frames(session_id: UUID) -> tuple[wire.Session, wire.Session]:
    """The same session for the customer's side and for staff, from one reading."""
    row = for_frames(Session.objects.filter(pk=session_id)).get()
    return frame_of(row, side="customer"), frame_of(row, side="staff")


def frame_of(row: Session, *, side: Side) -> wire.Session:
    """`row` comes from for_frames(). A customer learns nothing of staff-only entries (protocol.md)."""
    members = cast("list[Member]", row.shown_members)  # type: ignore[attr-defined]
    frame = wire.Session(
        session=str(row.pk),
        state=cast("wire.SessionState", row.state),
        reason=cast("wire.WaitReason | None", row.reason or None),
        kind=cast("Literal['chat', 'phone']", row.kind),
        department=str(row.department_id),
        subject=row.subject or None,
        agent=wire.PersonView(str(row.agent.pk), row.agent.name) if row.agent else None,
        opened_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        end_reason=cast("wire.EndReason | None", row.end_reason or None),
        reopen_until=_reopen_until(row),
        place_until=row.due_at if row.reason == Session.Reason.PAYMENT else None,
        last_seq=row.counter.last_seq,
        read={str(member.user_id): member.read_seq for member in members},
        summary=_summary(row, side),
        rating=row.rating,
        solved=row.solved or None,
        **_terms(row, side),
    )
    return frame if side == "customer" else _with_staff_parts(frame, row)


def _terms(row: Session, side: Side) -> dict[str, int | None]:
    """What it costs. A VIP is not shown prices (P12)."""
    if row.price_millicredits == 0 or (side == "customer" and billing.is_vip(row.customer)):
        return {"price_m": 0 if row.price_millicredits == 0 else None}
    return {
        "price_m": row.price_millicredits,
        "block_s": row.block_seconds,
        "free_s": row.free_seconds,
        "most_to_spend_m": row.most_to_spend_millicredits,
    }


def _reopen_until(row: Session) -> datetime | None:
    if row.ended_at is None or row.accepted_at is None:
        return None
    return row.ended_at + timedelta(seconds=settings.REOPEN_WINDOW_S)


def _summary(row: Session, side: Side) -> wire.Summary | None:
    if row.state != State.ENDED or row.summary is None:
        return None
    return msgspec.convert(row.summary, wire.Summary)


def _with_staff_parts(frame: wire.Session, row: Session) -> wire.Session:
    return msgspec.structs.replace(
        frame,
        last_staff_seq=row.counter.last_staff_seq,
        customer=customer_view(row.customer),
        page=msgspec.convert(row.browser, wire.Page) if row.browser else None,
        fields=row.fields or None,
        wrapup=_wrapup(row),
    )


def _wrapup(row: Session) -> wire.Wrapup | None:
    if row.wrapup_agent_id is None:
        return None
    return wire.Wrapup(row.wrapup_until, row.outcome or None, list(row.tags), row.next_step or None)


def customer_view(user: User) -> wire.CustomerView:
    """The customer beside a session (C15)."""
    profile = getattr(user, "customer_profile", None)
    membership = getattr(user, "membership", None)
    return wire.CustomerView(
        id=str(user.pk),
        name=user.name,
        kind=user.kind,
        login=user.login_number if user.kind == "customer" else None,
        email=user.email,
        mobile=user.mobile,
        language=user.language,
        vip=billing.is_vip(user),
        organisation=membership.organisation.name if membership else None,
        computer=wire.Computer(profile.computer_brand, profile.computer_model, profile.operating_system)
        if profile
        else None,
    )


def followed_sessions(person: Person) -> list[UUID]:
    """What a socket of this person follows: where they take part and which is live or can still be reopened."""
    if person.user_id is None:
        return []
    recent = clock.now() - timedelta(seconds=settings.REOPEN_WINDOW_S)
    mine = Member.objects.filter(user=person.user_id, gone=False)
    shown = mine.filter(~Q(session__state=State.ENDED) | Q(session__ended_at__gt=recent))
    newest = shown.order_by("-session__opened_at").values_list("session", flat=True)
    return list(newest[:SHOWN_AT_ONCE_MAX])


def arrival_frames(person: Person, session_ids: Sequence[str | UUID]) -> list[wire.ToClient]:
    """What a socket is told when it begins to follow these sessions: each `session` frame, then what goes with it."""
    frames = session_frames(person, session_ids)
    ids = [UUID(frame.session) for frame in frames]
    meters = billing.meter_frames(ids, side=side_of(person))
    queued = [key for key, frame in zip(ids, frames, strict=True) if frame.state in ("queued", "offered")]
    waiting = places(clock.now(), only=queued) if queued and side_of(person) == "customer" else {}
    told: list[wire.ToClient] = []
    for key, frame in zip(ids, frames, strict=True):
        more = [meters.get(key), waiting.get(key), _offer(person, key, frame)]
        told += [frame, *(one for one in more if one is not None)]
    return told


def _offer(person: Person, session_id: UUID, frame: wire.Session) -> wire.SessionOffer | None:
    if person.kind != "staff" or frame.state != State.OFFERED:
        return None
    mine = Session.objects.filter(pk=session_id, offered_to=person.user_id, state=State.OFFERED).first()
    return wire.SessionOffer(frame.session, mine.due_at) if mine and mine.due_at else None


def offered_to(person: Person) -> list[UUID]:
    """Sessions that are ringing for this person now: a console that reloads still shows them."""
    if person.user_id is None:
        return []
    ringing = Session.objects.filter(offered_to=person.user_id, state=State.OFFERED)
    return list(ringing.order_by("due_at").values_list("pk", flat=True))
