"""Live sessions as their readers see them: the frames of the protocol for each side. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Prefetch, QuerySet

from chat import billing, escalation
from chat.groups import Side
from chat.models import Member, Message, Session
from chat.permissions import is_in_charge, parse_id
from chat.queue_places import places
from chat.states import State
from chat.wire import incoming, outgoing, vocabulary
from hub.base import clock

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import User


def side_of(person: Person) -> Side:
    return "staff" if person.kind in ("staff", "system") else "customer"


def for_frames(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With everything that a session frame needs, in two statements whatever their number."""
    shown = Member.objects.filter(gone=False).exclude(side=Member.Side.WATCHER)
    return sessions.select_related(
        "agent", "counter", "customer__customer_profile", "customer__membership__organisation"
    ).prefetch_related(Prefetch("members", queryset=shown, to_attr="shown_members"))


def session_frames(person: Person, session_ids: Iterable[str | UUID]) -> list[outgoing.Session]:
    """The frames of those of these sessions that the person may see."""
    ids = [parse_id(one) for one in session_ids]
    rows = for_frames(Session.objects.visible_to(person).filter(pk__in=ids))
    return [frame_of(row, side=side_of(person)) for row in rows]


def both_frames(session_id: UUID) -> tuple[outgoing.Session, outgoing.Session]:
    """The same session for the customer's side and for staff, from one reading."""
    row = for_frames(Session.objects.filter(pk=session_id)).get()
    return frame_of(row, side="customer"), frame_of(row, side="staff")


def frame_of(row: Session, *, side: Side) -> outgoing.Session:
    """`row` comes from for_frames(). A customer learns nothing of staff-only entries."""
    members = cast("list[Member]", row.shown_members)  # type: ignore[attr-defined]
    terms = _terms(row, side)
    frame = outgoing.Session(
        session=str(row.pk),
        state=cast("vocabulary.SessionState", row.state),
        reason=cast("vocabulary.WaitReason | None", row.reason or None),
        kind=cast("Literal['chat', 'phone']", row.kind),
        department=str(row.department_id),
        subject=row.subject or None,
        agent=outgoing.PersonView(str(row.agent.pk), row.agent.name) if row.agent else None,
        opened_at=row.opened_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        end_reason=cast("vocabulary.EndReason | None", row.end_reason or None),
        reopen_until=reopen_until(row),
        place_until=row.due_at if row.reason == Session.Reason.PAYMENT else None,
        short_of=cast("Literal['balance', 'limit'] | None", row.short_of or None),
        limit_asked=row.limit_asked_at is not None,
        last_seq=row.counter.last_seq,
        read={str(member.user_id): member.read_seq for member in members},
        summary=_summary(row, side),
        rating=row.rating,
        solved=row.solved or None,
        ticket=None if row.ticket_number is None else str(row.ticket_number),
        price_m=terms.price_m,
        block_s=terms.block_s,
        free_s=terms.free_s,
        most_to_spend_m=terms.most_to_spend_m,
    )
    return frame if side == "customer" else _with_staff_parts(frame, row)


class _Terms(NamedTuple):
    price_m: int | None = None
    block_s: int | None = None
    free_s: int | None = None
    most_to_spend_m: int | None = None


def _terms(row: Session, side: Side) -> _Terms:
    """What it costs. A VIP is not shown prices (P12)."""
    if row.price_millicredits == 0:
        return _Terms(price_m=0)
    if side == "customer" and billing.is_vip(row.customer):
        return _Terms()
    return _Terms(row.price_millicredits, row.block_seconds, row.free_seconds, row.most_to_spend_millicredits)


def reopen_until(row: Session) -> datetime | None:
    if row.ended_at is None or row.accepted_at is None:
        return None
    return row.ended_at + timedelta(seconds=settings.REOPEN_WINDOW_S)


def _summary(row: Session, side: Side) -> outgoing.Summary | None:
    if row.state != State.ENDED or row.summary is None:
        return None
    return msgspec.convert(row.summary, outgoing.Summary)


def _with_staff_parts(frame: outgoing.Session, row: Session) -> outgoing.Session:
    return msgspec.structs.replace(
        frame,
        last_staff_seq=row.counter.last_staff_seq,
        customer=customer_view(row.customer),
        page=msgspec.convert(row.browser, incoming.Page) if row.browser else None,
        fields=row.fields or None,
        wrapup=_wrapup(row),
    )


def _wrapup(row: Session) -> outgoing.Wrapup | None:
    if row.wrapup_agent_id is None:
        return None
    return outgoing.Wrapup(row.wrapup_until, row.outcome or None, list(row.tags), row.next_step or None)


def customer_view(user: User) -> outgoing.CustomerView:
    """The customer beside a session (C15)."""
    profile = getattr(user, "customer_profile", None)
    membership = getattr(user, "membership", None)
    return outgoing.CustomerView(
        id=str(user.pk),
        name=user.name,
        kind=user.kind,
        login=user.login_number if user.kind == "customer" else None,
        email=user.email,
        mobile=user.mobile,
        language=user.language or None,
        vip=billing.is_vip(user),
        organisation=membership.organisation.name if membership else None,
        computer=outgoing.Computer(profile.computer_brand, profile.computer_model, profile.operating_system)
        if profile
        else None,
    )


def arrival_frames(person: Person, session_ids: Sequence[str | UUID]) -> list[outgoing.ToClient]:
    """What a socket is told when it begins to follow these sessions: each `session` frame, then what goes with it."""
    frames = session_frames(person, session_ids)
    ids = [UUID(frame.session) for frame in frames]
    meters = billing.meter_frames(ids, side=side_of(person))
    queued = [key for key, frame in zip(ids, frames, strict=True) if frame.state in ("queued", "offered")]
    waiting = places(clock.now(), only=queued) if queued and side_of(person) == "customer" else {}
    told: list[outgoing.ToClient] = []
    for key, frame in zip(ids, frames, strict=True):
        more = [meters.get(key), waiting.get(key), _offer(person, key, frame)]
        told += [frame, *(one for one in more if one is not None)]
    return told


def _offer(person: Person, session_id: UUID, frame: outgoing.Session) -> outgoing.SessionOffer | None:
    if not person.is_staff or frame.state != "offered":
        return None
    mine = Session.objects.filter(pk=session_id, offered_to=person.user_id, state=State.OFFERED).first()
    return outgoing.SessionOffer(frame.session, mine.due_at) if mine and mine.due_at else None


def offered_to(person: Person) -> list[UUID]:
    """Sessions that are ringing for this person now: a console that reloads still shows them."""
    if person.user_id is None:
        return []
    ringing = Session.objects.filter(offered_to=person.user_id, state=State.OFFERED)
    return list(ringing.order_by("due_at").values_list("pk", flat=True))


# -- For the API --------------------------------------------------------------------------------

PAST_SHOWN_MAX = 20


def describe(rows: Sequence[Session], person: Person) -> list[dict[str, object]]:
    """Sessions as the API gives them: the `session` frame, with what it cost and what was said of it."""
    return [_described(row, person) for row in rows]


def _described(row: Session, person: Person) -> dict[str, object]:
    frame: dict[str, object] = msgspec.to_builtins(frame_of(row, side=side_of(person)), builtin_types=(datetime,))
    del frame["type"]
    frame["id"] = frame["session"]
    more = {
        "comment": row.comment or None,
        "refund_asked_at": row.refund_asked_at,
        "refund_declined_at": row.refund_declined_at,
        "refund_answer": row.refund_answer or None,
        "charged_m": charged_m(row, person),
    }
    return frame | {name: value for name, value in more.items() if value is not None}


def charged_m(row: Session, person: Person) -> int | None:
    """What it cost so far; None for a VIP (P12)."""
    if row.price_millicredits == 0:
        return 0
    if billing.is_vip(row.customer):
        return None
    if row.summary is not None:
        return int(row.summary["charged_m"])
    return sum(charge.amount_m - charge.refunded_m for charge in billing.charges_of(row))


def charges(session: Session, person: Person) -> list[dict[str, object]]:
    """Block by block, numbered through when it was opened again. Amounts are not shown for a VIP (P12)."""
    if billing.is_vip(session.customer):
        return [{"block": number, "at": one.at} for number, one in enumerate(billing.charges_of(session), 1)]
    return [
        {"block": number, "amount_m": one.amount_m, "at": one.at, "refunded_m": one.refunded_m}
        for number, one in enumerate(billing.charges_of(session), 1)
    ]


def beside(session: Session, person: Person) -> dict[str, object]:
    """What the console's side panel shows beside a session (C15): nothing of it is for customers."""
    if not person.is_staff:
        return {}
    wallet = billing.wallet_beside(session.customer_id)
    room = refund_room(session, person)
    return {
        **({} if room is None else {"refund": room}),
        "browser": session.browser,
        "fields": session.fields,
        "wallet": wallet and {"id": str(wallet.id), "balance_m": wallet.balance_m, "available_m": wallet.available_m},
        "past": past_sessions(session, person),
    }


def refund_room(session: Session, person: Person) -> dict[str, int | None] | None:
    """What may be given back of it, and how much of that by this person alone; None where it is not theirs (M6)."""
    if session.state != State.ENDED or not charged_m(session, person):
        return None
    if not (session.agent_id == person.user_id or is_in_charge(session, person)):
        return None
    left_m = billing.refundable_m(session)
    if not left_m:
        return None
    room = billing.refund_room(session, person.level)
    return {"left_m": left_m, "alone_m": room.alone_m, "waiting_m": room.waiting_m}


def past_sessions(session: Session, person: Person) -> list[dict[str, object]]:
    """The customer's earlier sessions that this person may open, the newest first."""
    ended = Session.objects.visible_to(person).filter(customer=session.customer_id, state=State.ENDED)
    rows = ended.exclude(pk=session.pk).select_related("agent", "customer__membership__organisation")
    return [_past(row, person) for row in rows.order_by("-opened_at")[:PAST_SHOWN_MAX]]


def _past(row: Session, person: Person) -> dict[str, object]:
    return {
        "session": str(row.pk),
        "subject": row.subject,
        "department": str(row.department_id),
        "opened_at": row.opened_at,
        "ended_at": row.ended_at,
        "charged_m": None if row.summary is None or billing.is_vip(row.customer) else row.summary["charged_m"],
        "rating": row.rating,
        "solved": row.solved or None,
        "agent": {"id": str(row.agent.pk), "name": row.agent.name} if row.agent else None,
    }


def time_zone_of(person: Person) -> str:
    zone = get_user_model().objects.filter(pk=person.user_id).values_list("time_zone", flat=True).first()
    return zone or "UTC"


def describe_messages(rows: Sequence[Message]) -> list[dict[str, object]]:
    """As the `message` frames."""
    files = escalation.files_of([row.pk for row in rows if row.kind == "file"])
    return [_described_message(row, files.get(row.pk)) for row in rows]


def _described_message(row: Message, files: list[outgoing.FileView] | None) -> dict[str, object]:
    frame = outgoing.Message(
        session=str(row.session_id),
        id=row.client_id,
        kind=cast("vocabulary.MessageKind", row.kind),
        author=outgoing.Author(
            str(row.author_id) if row.author_id else None,
            cast("vocabulary.AuthorKind", row.author_kind),
            row.author_name,
        ),
        at=row.at,
        seq=row.seq,
        staff_seq=row.staff_seq,
        text=row.text if row.kind != "event" and row.deleted_at is None else None,
        files=files,
        event=row.event,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        reply_to=row.reply_to,
    )
    told: dict[str, object] = msgspec.to_builtins(frame, builtin_types=(datetime,))
    del told["type"]
    return told
