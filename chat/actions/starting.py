"""How a session begins: start, wait for credits, the first reply (C1, C2, M2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from chat import billing
from chat.actions import messages
from chat.actions.locking import find_unlocked, lock_session
from chat.actions.queue import VIP_PRIORITY
from chat.actions.telling import tell
from chat.errors import LiveAlready, MostTooLow, PriceChanged, SignInFirst
from chat.models import Counter, Member, Session
from chat.states import ACTIVE, PAYMENT, QUEUED, State, move, situation
from chat.wire import incoming
from hub.accounts.public import Department, ensure_visitor
from hub.base import clock
from hub.base.errors import ClosedHours, Forbidden, NoCredits, NotFound
from hub.base.limits import Limit, use
from hub.base.publish import control, wake
from hub.site.public import openings

if TYPE_CHECKING:
    from hub.accounts.access import Person
    from hub.accounts.models import User

LIVE_AT_ONCE_MAX: Final = 5  # of one customer; more is a mistake or mischief (X6)
SUBJECT_CHARACTERS_MAX: Final = 120


@transaction.atomic
def start(*, actor: Person, frame: incoming.SessionStart) -> dict[str, object]:
    """Begin a conversation at the price that was shown (C1).

    Without enough credits the place is kept while the customer pays (C2): state `waiting`, reason `payment`.
    Raises PriceChanged, SignInFirst, NoCredits, LiveAlready, ClosedHours, NotFound (no such department), TooFast.
    """
    if actor.kind not in ("visitor", "customer"):
        raise Forbidden
    if actor.kind == "visitor":
        _limit_visitors(actor)
    customer = _account_of(actor)
    require_room(customer)
    department = _department_for(customer, frame.department)
    _require_open(department)
    price = _agreed_price(department, customer, frame)
    funds = billing.funds_of(customer.pk, price)
    session = _open(customer, department, price, frame, site_id=actor.site_id)
    if funds.enough:
        _enter_queue(session, funds)
    elif funds.wallet_id is None:
        raise NoCredits
    else:
        _keep_place(session, funds)
    # No frames of ours: who follows it from here on is told how it stands by then, which may be offered already.
    control([customer.pk], "refresh")
    if frame.text:
        _write_first_text(session, customer, frame.id, frame.text)
    return {"session": str(session.pk), "state": session.state, "reason": session.reason or None}


def _limit_visitors(actor: Person) -> None:
    """A new visitor costs nothing to make up, so what is limited is the address (X6).

    The count is rolled back with a start that is refused: only conversations that began are counted.
    """
    most = settings.VISITOR_STARTS_PER_10_MINUTES
    use(Limit("chat.visitor_starts", most, 600), actor.address_mark or actor.key)


def _require_open(department: Department) -> None:
    """Outside office hours nothing starts (C4, C14); what was typed stays where it was typed. Raises ClosedHours."""
    opening = openings([department.pk])[department.pk]
    if not opening.is_open:
        raise ClosedHours(opens_at=opening.changes_at.isoformat() if opening.changes_at else None)


def _account_of(actor: Person) -> User:
    made = ensure_visitor(actor)
    users = get_user_model().objects.select_related("customer_profile", "membership__organisation")
    found: User = users.get(pk=made.pk)
    return found


def require_room(customer: User) -> None:
    """Raises LiveAlready."""
    live = Session.objects.filter(customer=customer).exclude(state=State.ENDED).order_by("-opened_at")
    ids = list(live.values_list("pk", flat=True)[:LIVE_AT_ONCE_MAX])
    if len(ids) >= LIVE_AT_ONCE_MAX:
        raise LiveAlready(str(ids[0]))


def _department_for(customer: User, wanted: str | None) -> Department:
    """The one that was chosen, else the one the customer is bound to (P6), else the first."""
    active = Department.objects.filter(is_active=True).order_by("position", "pk")
    if wanted is not None:
        found = active.filter(pk=wanted).first() if wanted.isdecimal() and len(wanted) < 19 else None
    else:
        profile = getattr(customer, "customer_profile", None)
        bound = (
            active.filter(pk=profile.bound_department_id).first() if profile and profile.bound_department_id else None
        )
        found = bound or active.first()
    if found is None:
        raise NotFound
    return found


def _agreed_price(department: Department, customer: User, frame: incoming.SessionStart) -> billing.Price:
    price = billing.price_of(department.pk)
    now = (price.price_millicredits, price.block_seconds, price.free_seconds, price.minimum_blocks)
    shown = (frame.price_m, frame.block_s, frame.free_s, frame.minimum_blocks)
    told = 4 if price.price_millicredits else 1  # what costs nothing has no terms
    if any(seen is not None and seen != is_now for seen, is_now in zip(shown[:told], now[:told], strict=True)):
        raise PriceChanged(*now)
    if price.price_millicredits > 0 and customer.kind == "visitor":
        raise SignInFirst
    if frame.most_to_spend_m is not None and frame.most_to_spend_m < billing.needed_to_start(price):
        raise MostTooLow(billing.needed_to_start(price))
    return price


def _open(
    customer: User, department: Department, price: billing.Price, frame: incoming.SessionStart, *, site_id: int | None
) -> Session:
    at = clock.now()
    profile = getattr(customer, "customer_profile", None)
    bound_agent = profile.bound_agent_id if profile else None
    session = Session(
        state=State.QUEUED,
        department=department,
        customer=customer,
        organisation_id=customer.membership.organisation_id if hasattr(customer, "membership") else None,
        website_id=site_id,
        subject=(frame.subject or _first_line(frame.text))[:SUBJECT_CHARACTERS_MAX],
        fields=frame.fields,
        browser=_browser(frame.page),
        priority=VIP_PRIORITY if billing.is_vip(customer) else 0,
        queued_at=at,
        first_agent_id=bound_agent,
        only_agent_id=bound_agent if profile and profile.exclusive else None,
        price_millicredits=price.price_millicredits,
        block_seconds=price.block_seconds,
        free_seconds=price.free_seconds,
        minimum_blocks=price.minimum_blocks,
        most_to_spend_millicredits=frame.most_to_spend_m,
        opened_at=at,
    )
    session.save(force_insert=True)
    Counter.objects.create(session=session)
    Member.objects.create(session=session, user=customer, side=Member.Side.CUSTOMER)
    return session


def _first_line(text: str | None) -> str:
    return (text or "").strip().split("\n", 1)[0].strip()


def _browser(page: incoming.Page | str | None) -> dict[str, object]:
    if page is None:
        return {}
    told = incoming.Page(url=page) if isinstance(page, str) else page
    return msgspec.to_builtins(told)  # type: ignore[no-any-return]


def _write_first_text(session: Session, customer: User, client_id: UUID, text: str) -> None:
    """What was typed before the start is the first message; it is kept whatever happens to the payment (C2)."""
    messages.add_text(
        session_id=session.pk,
        author_id=customer.pk,
        author_kind="visitor",
        author_name=customer.name,
        client_id=client_id,
        text=text,
        at=session.opened_at,
    )


def _enter_queue(session: Session, funds: billing.Funds) -> None:
    session.meter_id = billing.open_meter(session, funds)
    session.short_of, session.limit_asked_at = "", None
    session.save(update_fields=["state", "reason", "due_at", "meter_id", "short_of", "limit_asked_at"])
    wake("queue")


def _keep_place(session: Session, funds: billing.Funds) -> None:
    session.state, session.reason = PAYMENT
    session.short_of = funds.short_of
    session.due_at = clock.now() + timedelta(seconds=settings.PLACE_KEPT_WHILE_PAYING_S)
    session.save(update_fields=["state", "reason", "due_at", "short_of"])


@transaction.atomic
def go_on_when_paid(session_id: UUID) -> bool:
    """The credits are there: into the queue, at the place that was kept (C2)."""
    session = find_unlocked(session_id)
    if session is None or situation(session) != PAYMENT:
        return False
    funds = billing.funds_of(session.customer_id, billing.price_of_session(session))
    if not funds.enough:
        _keep_while_paying(session)
        _say_what_lacks(session, funds)
        return False
    move(session, QUEUED)
    _enter_queue(session, funds)
    billing.publish_meter(session)
    tell(session)
    return True


def _keep_while_paying(session: Session) -> None:
    """Who begins to pay late has as long for it as who began at once; twice the time at most, however many payments."""
    kept = timedelta(seconds=settings.PLACE_KEPT_WHILE_PAYING_S)
    begun = billing.paying_since(session, session.opened_at) if session.due_at is not None else None
    if begun is None or session.due_at is None:
        return
    until = min(begun + kept, (session.queued_at or session.opened_at) + 2 * kept)
    if until > session.due_at:
        session.due_at = until
        session.save(update_fields=["due_at"])
        tell(session)


def _say_what_lacks(session: Session, funds: billing.Funds) -> None:
    """Credits came, and now it is the limit; or the other way round."""
    if session.short_of != funds.short_of:
        session.short_of = funds.short_of
        session.save(update_fields=["short_of"])
        tell(session)


@transaction.atomic
def begin(session_id: UUID) -> None:
    """The agent's reply is committed: time runs from here (M2). Doing it twice is doing it once.

    While the customer is away or the wallet is empty nothing begins; the job comes by again when they are back.
    """
    session = lock_session(session_id)
    if situation(session) != ACTIVE or not session.awaits_reply or session.counter.replied_at is None:
        return
    session.awaits_reply = False
    first = session.started_at is None
    if first:
        session.started_at = session.counter.replied_at
    session.save(update_fields=["awaits_reply", "started_at"])
    if not billing.resume_after(session, billing.REQUEUED, billing.AGENT_AWAY):
        billing.start_meter(session)
    tell(session)
