"""Live chat and credits meet here: the only importer of credits.public. See docs/how/metering.md.

Sessions are locked before meters, everywhere. What credits says comes while meters are locked, so the listeners below
take no lock: they publish the frame and write down what the session has to do; a job then does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, cast
from uuid import UUID

from chat import groups
from chat.groups import Side
from chat.models import MeterNews, Session
from chat.states import State
from chat.wire import codec, outgoing, vocabulary
from credits import public as credits
from hub.base import clock
from hub.base.events import on
from hub.base.publish import publish, wake

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import User

Price = credits.Price
MeterView = credits.MeterView
LimitAnswered = credits.LimitAnswered
Approval = credits.Approval
AboveLimit = credits.AboveLimit
NothingToRefund = credits.NothingToRefund
ReasonMissing = credits.ReasonMissing
REFUND_REASONS = credits.REFUND_REASONS
money_asked_back = credits.open_money_requests
count_money_asked_back = credits.count_open_money_requests
left_of = credits.left_of
Origin = credits.Origin
Origins = credits.Origins
origins = credits.origins

# Why a meter stands, as both sides read it. Those of the hub are resumed by the hub, an agent's pause by the agent.
AGENT_AWAY: Final = "agent_away"
CUSTOMER_AWAY: Final = "customer_away"
REQUEUED: Final = "requeued"
OF_THE_HUB: Final = frozenset({AGENT_AWAY, CUSTOMER_AWAY, REQUEUED})
NEWS: Final = "meter"
HUB: Final = "hub"  # who paused or resumed, when no person did


@dataclass(frozen=True, slots=True)
class Funds:
    """Whether a session at this price can begin now, and from which wallet. `short_of`: 'balance' or 'limit' (P4)."""

    wallet_id: int | None
    unmetered: bool
    short_of: str = ""

    @property
    def enough(self) -> bool:
        return not self.short_of


def is_vip(user: User) -> bool:
    """P12: a customer or an organisation that works without credits."""
    membership = getattr(user, "membership", None)
    return bool(user.vip or (membership is not None and membership.organisation.vip))


def price_of(department_id: int) -> Price:
    return credits.price_of(department_id, "chat")


def price_of_session(session: Session) -> Price:
    """The terms that were copied when it started (M1)."""
    return Price(
        price_millicredits=session.price_millicredits,
        block_seconds=session.block_seconds,
        free_seconds=session.free_seconds,
        minimum_blocks=session.minimum_blocks,
    )


def needed_to_start(price: Price) -> int:
    return credits.needed_to_start(price)


def funds_of(user_id: int, price: Price) -> Funds:
    """C2: all the minimum blocks must be there, because they are charged together."""
    if price.price_millicredits == 0:
        return Funds(None, unmetered=False)
    wallet = credits.wallet_for(user_id)
    if wallet is None:
        return Funds(None, unmetered=False, short_of="balance")
    return Funds(wallet.id, wallet.unmetered, wallet.lacks(credits.needed_to_start(price)))


def paying_since(session: Session, after: datetime) -> datetime | None:
    """When a payment was begun for the wallet that this session would be paid from, and is still under way (C2)."""
    wallet = credits.wallet_for(session.customer_id)
    return credits.paying_since(wallet.id, after) if wallet is not None else None


def ask_for_more(person: Person, session: Session) -> None:
    """The member asks the manager for a higher limit (P4)."""
    credits.ask_for_more(person, reference=str(session.pk))


def open_meter(session: Session, funds: Funds) -> int | None:
    """A meter that does not run yet; None where the conversation is free of charge."""
    price = price_of_session(session)
    if price.price_millicredits == 0 or funds.wallet_id is None:
        return None
    return credits.open_meter(
        wallet_id=funds.wallet_id,
        price=replace(price, free_seconds=_free_left_s(session)),
        reference=str(session.pk),
        spender_id=session.customer_id,
        unmetered=funds.unmetered,
        most_to_spend_m=most_left(session),
    )


def _free_left_s(session: Session) -> int:
    """Free time is the conversation's (M1): a new meter gets what its earlier meters did not use of it."""
    used_s = sum(credits.meter_summary(meter_id).free_s for meter_id in session.earlier_meters)
    return max(0, session.free_seconds - used_s)


def most_left(session: Session) -> int | None:
    """The customer's own cap is on the conversation (C1): what its earlier meters charged is spent already."""
    if session.most_to_spend_millicredits is None:
        return None
    spent_m = sum(charge.amount_m - charge.refunded_m for charge in charges_of(session))
    return max(0, session.most_to_spend_millicredits - spent_m)


def may_spend(session: Session, price: Price) -> bool:
    """Whether the customer's own cap leaves room for the first blocks at this price."""
    left_m = most_left(session)
    return left_m is None or left_m >= credits.needed_to_start(price)


def start_meter(session: Session) -> None:
    if session.meter_id is not None:
        credits.start_meter(session.meter_id)


def pause_meter(session: Session, reason: str, *, since: datetime | None = None, actor: str = HUB) -> bool:
    return session.meter_id is not None and credits.pause_meter(session.meter_id, reason, since=since, actor=actor)


def resume_meter(session: Session, reason: str, *, actor: str = HUB) -> bool:
    return session.meter_id is not None and credits.resume_meter(session.meter_id, reason, actor=actor)


def grant(session: Session, seconds: int, *, actor: str, reason: str) -> None:
    if session.meter_id is not None:
        credits.grant(session.meter_id, seconds, actor=actor, reason=reason)


def waive(session: Session, blocks: int | None, *, actor: str, reason: str) -> int:
    """How many blocks were waived."""
    return credits.waive(session.meter_id, blocks=blocks, actor=actor, reason=reason) if session.meter_id else 0


def resume_after(session: Session, *paused_for: str) -> bool:
    """Resume what the hub paused for one of these reasons; an agent's own pause stays."""
    view = view_of(session)
    if view is None or view.state != "paused" or view.reason not in paused_for:
        return False
    return resume_meter(session, view.reason)


def end_meter(session: Session, reason: str) -> None:
    if session.meter_id is not None:
        credits.end_meter(session.meter_id, reason)


def view_of(session: Session) -> MeterView | None:
    if session.meter_id is None:
        return None
    return credits.meter_views([session.meter_id]).get(session.meter_id)


def frame_of(view: MeterView, *, side: Side, session: str | None = None) -> outgoing.Meter:
    """The `meter` frame. A VIP's shows time and no money (P12), to the customer and to staff alike."""
    shows_money = not view.unmetered
    return outgoing.Meter(
        session=session or view.reference,
        state=cast("vocabulary.MeterState", view.state),
        reason=view.reason or None,
        low=view.low if shows_money else None,
        price_m=view.price_m if shows_money else None,
        block_s=view.block_s,
        elapsed_s=view.elapsed_s,
        charged_m=view.charged_m if shows_money else None,
        balance_m=view.balance_m if shows_money else None,
        available_m=view.available_m if shows_money else None,
        limit_left_m=view.limit_left_m if shows_money else None,
        next_charge_at=view.next_charge_at if shows_money else None,
        empty_at=view.empty_at if shows_money else None,
        stops_by=cast("Literal['balance', 'most_to_spend', 'limit'] | None", view.stops_by) if shows_money else None,
        grace_until=view.grace_until,
        now=view.now,
    )


def board_meter(view: MeterView) -> outgoing.BoardMeter:
    """What lets a board tick by itself, so that a running meter needs no traffic (D2)."""
    shows_money = not view.unmetered
    return outgoing.BoardMeter(
        state=cast("vocabulary.MeterState", view.state),
        reason=view.reason or None,
        price_m=view.price_m if shows_money else None,
        block_s=view.block_s,
        free_s=view.free_s,
        elapsed_s=view.elapsed_s,
        charged_m=view.charged_m if shows_money else None,
        next_charge_at=view.next_charge_at if shows_money else None,
        now=view.now,
    )


def views_of(session_ids: Sequence[UUID]) -> dict[UUID, MeterView]:
    """The meters of these sessions, ended ones included."""
    rows = Session.objects.filter(pk__in=session_ids, meter_id__isnull=False).values_list("meter_id", "pk")
    of_session = {cast("int", meter_id): key for meter_id, key in rows}
    views = credits.meter_views(list(of_session)) if of_session else {}
    return {of_session[meter_id]: view for meter_id, view in views.items()}


def meter_frames(session_ids: Sequence[UUID], *, side: Side) -> dict[UUID, outgoing.Meter]:
    return {key: frame_of(view, side=side) for key, view in views_of(session_ids).items()}


def publish_meter(session: Session) -> None:
    """Where the meter stands, to both sides: it is there before it runs, with its price and the balance (C1)."""
    view = view_of(session)
    if view is not None:
        publish_views([view])


def publish_views(views: Iterable[MeterView]) -> None:
    items = []
    for view in views:
        text = codec.encode(frame_of(view, side="customer"))
        items.append((groups.session_all(view.reference), text))
    publish(items)


# -- What credits says -----------------------------------------------------------------------------


@on(credits.Changed)
def _publish_changed(events: list[credits.Changed]) -> None:
    publish_views(event.view for event in events)


@on(credits.Emptied)
def _note_emptied(events: list[credits.Emptied]) -> None:
    _note(MeterNews.What.EMPTIED, [event.meter_id for event in events])


@on(credits.Woke)
def _note_woke(events: list[credits.Woke]) -> None:
    _note(MeterNews.What.WOKE, [event.meter_id for event in events])


@on(credits.GraceOver)
def _note_over(events: list[credits.GraceOver]) -> None:
    _note(MeterNews.What.OVER, [event.meter_id for event in events])


@on(credits.Settled)
def _note_settled(events: list[credits.Settled]) -> None:
    _note(MeterNews.What.SETTLED, [event.meter_id for event in events])


@on(credits.PurchaseMoved)
def _tell_buyers(events: list[credits.PurchaseMoved]) -> None:
    """Whoever pays may be waiting in a chat, or for one (C2, M4)."""
    publish([(groups.user(event.buyer_id), codec.encode(_news_of(event))) for event in events])
    if any(event.state in ("open", "paid") for event in events):
        wake("payment")


def _news_of(event: credits.PurchaseMoved) -> outgoing.PurchaseNews:
    status = cast("vocabulary.PurchaseStatus", event.state)
    return outgoing.PurchaseNews(event.purchase, status, event.credits_m // 1000)


def _note(what: MeterNews.What, meter_ids: list[int]) -> None:
    """Write down what the sessions of these meters have to do. Meters that are no session's belong to somebody else."""
    at = clock.now()
    sessions = dict(Session.objects.filter(meter_id__in=meter_ids).values_list("meter_id", "pk"))
    rows = [
        MeterNews(session_id=sessions[meter_id], meter_id=meter_id, what=what, at=at)
        for meter_id in meter_ids
        if meter_id in sessions
    ]
    if rows:
        MeterNews.objects.bulk_create(rows)
        wake(NEWS)


# -- Afterwards ------------------------------------------------------------------------------------


def meters_of(session: Session) -> list[int]:
    """All meters it ever had: a reopened session got a new one."""
    return [*session.earlier_meters, *([session.meter_id] if session.meter_id is not None else [])]


def find_summary(session: Session) -> outgoing.Summary | None:
    """What it cost over all its meters (C12); None while something is still owed."""
    parts = [credits.meter_summary(meter_id) for meter_id in meters_of(session)]
    if not all(part.settled for part in parts):
        return None
    paused: dict[str, int] = {}
    for part in parts:
        for pause in part.paused:
            paused[pause.reason] = paused.get(pause.reason, 0) + pause.seconds
    return outgoing.Summary(
        elapsed_s=sum(part.elapsed_s for part in parts),
        free_s=sum(part.free_s for part in parts),
        charged_m=sum(part.charged_m for part in parts),
        paused=[outgoing.Paused(reason, seconds) for reason, seconds in paused.items()],
    )


def charges_of(session: Session) -> list[credits.Charge]:
    """Block by block, over all its meters."""
    return [charge for meter_id in meters_of(session) for charge in credits.charges(meter_id)]


def refund(
    session: Session, amount_m: int, *, reason: str, actor_id: int, key: str, level: str, approved: bool = False
) -> int:
    """Of all its meters together (M6); the refund's id."""
    return credits.refund_charges(
        reference=str(session.pk),
        amount_m=amount_m,
        reason=reason,
        actor_id=actor_id,
        key=key,
        level=level,
        approved=approved,
    )


def refund_room(session: Session, level: str) -> credits.Room:
    """How much of this session somebody of this level may give back alone, and what waits for a second person."""
    return credits.room_of(str(session.pk), level)


def refundable_m(session: Session) -> int:
    """How much of it can still be given back: a block that was given back in part is done (M6)."""
    return credits.refundable_m(str(session.pk))


def ask_refund_approval(
    actor: Person, session: Session, amount_m: int, *, reason: str, text: str, key: str
) -> credits.Approval:
    """Above the limit of one's level a second person approves (M6). Raises NothingToRefund, where less is left."""
    if session.state != State.ENDED or amount_m > refundable_m(session):
        raise NothingToRefund
    wallet = credits.wallet_for(session.customer_id)
    if wallet is None:
        raise credits.WalletUnknown
    asked = credits.Asked(
        wallet_id=wallet.id, amount_m=amount_m, text=text, key=key, reference=str(session.pk), reason=reason
    )
    return credits.ask_approval(actor, asked)


def withdraw_approvals(actor: Person, session_id: UUID) -> None:
    """Nobody needs to approve a refund of this session any more. Comes before the session is locked."""
    credits.withdraw_all(actor, "refund", str(session_id))


def withdraw_stale_approvals(actor: Person, session: Session, *, but: int = 0) -> None:
    """After a refund: what asks for more than is left now. Comes last."""
    credits.withdraw_beyond(actor, "refund", str(session.pk), refundable_m(session), but=but)


def carry_out_refunds(carry_out: Callable[[Person, credits.Approval], None]) -> None:
    """Who does an approved refund: the session's summary follows it."""
    credits.carriers.register(credits.Carrier("refund", carry_out))


def wallet_beside(user_id: int) -> credits.WalletView | None:
    """The wallet the customer pays from, as staff see it; None for a VIP (P12) and for who has none."""
    wallet = credits.wallet_for(user_id)
    return None if wallet is None or wallet.unmetered else wallet
