"""Who is at the limit asks the manager for more, from the widget or the portal (P4). See docs/how/organisations.md."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from credits.allowances import Allowance, find_allowance, read_allowances
from credits.errors import AnsweredOtherwise, NoLimitToRaise, RequestUnknown, WrongAmount
from credits.events import LimitAnswered
from credits.ledger.accounts import open_wallet
from credits.limits import require_sense, write_limit
from credits.models import LimitRequest, Wallet
from hub.accounts.public import Membership, Person, User, audit, get_covered, lock_authority
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.events import emit
from hub.base.limits import Limit, use
from hub.base.outbox import put_mail

State = LimitRequest.State
ASKS = Limit("credits.limit_requests", 6, 86_400)  # a day, of one member: each is a mail to somebody


@transaction.atomic
def ask_for_more(person: Person, *, reference: str = "") -> LimitRequest:
    """The request of this member, made now or still open; the manager gets a mail once.

    `reference` is the session in which they were stopped. Raises Forbidden (no member), NoLimitToRaise, TooFast.
    """
    member = _membership(person)
    wallet_id = open_wallet(organisation_id=member.organisation_id)
    allowance = read_allowances(wallet_id, [member.user_id])[member.user_id]
    if allowance.limit_m is None:
        raise NoLimitToRaise
    made = _open(wallet_id, member.user_id, reference)
    if made is None:
        return LimitRequest.objects.get(allowance__wallet=wallet_id, allowance__user=member.user_id, state=State.OPEN)
    use(ASKS, person.key)
    _tell(made, member, allowance)
    return made


def _membership(person: Person) -> Membership:
    members = Membership.objects.select_related("user", "unit", "organisation")
    found = members.filter(user=person.user_id, suspended=False).first()
    if found is None or found.role == Membership.Role.OWNER:
        raise Forbidden
    return found


def _open(wallet_id: int, user_id: int, reference: str) -> LimitRequest | None:
    """None: there is one already."""
    allowance_id = find_allowance(wallet_id, user_id)
    if allowance_id is None:
        raise NoLimitToRaise
    try:
        with transaction.atomic():
            return LimitRequest.objects.create(allowance_id=allowance_id, reference=reference, asked_at=clock.now())
    except IntegrityError:
        return None


def _tell(request: LimitRequest, member: Membership, allowance: Allowance) -> None:
    for reader in _who_answers(member):
        if reader.email:
            put_mail(
                to=reader.email,
                template="limit_request",
                language=reader.language or settings.LANGUAGE_CODE,
                context={
                    "reader": reader,
                    "name": member.user.name,
                    "organisation": member.organisation.name,
                    "most_m": allowance.most_m,
                    "used_m": allowance.used_m,
                    "path": reverse("personnel-request", args=[request.pk]),
                },
                about=f"user:{reader.pk}",
                names=[member.user_id],
                key=f"limit-request:{request.pk}:{reader.pk}",
            )


def _who_answers(member: Membership) -> list[User]:
    """The managers of the unit, unless it is one of them who asks; where there is none, the owner."""
    others = Membership.objects.filter(organisation=member.organisation, suspended=False, user__is_active=True)
    others = others.exclude(user=member.user_id).select_related("user").order_by("pk")
    if member.role == Membership.Role.EMPLOYEE:
        managers = [other.user for other in others.filter(role=Membership.Role.MANAGER, unit=member.unit)]
        if any(manager.email for manager in managers):
            return managers
    return [other.user for other in others.filter(role=Membership.Role.OWNER)]


@transaction.atomic
def grant_more(actor: Person, request_id: int, *, by_m: int, for_good: bool) -> Allowance:
    """Raise the limit by so much, in this month only or for good; who waits for it goes on.

    The same answer again changes nothing. Raises RequestUnknown, Forbidden, WrongAmount, AnsweredOtherwise.
    """
    if by_m <= 0:
        raise WrongAmount(field="by_m")
    require_sense(by_m)
    request = _lock_answerable(actor, request_id)
    allowance = request.allowance
    now = read_allowances(allowance.wallet_id, [allowance.user_id])[allowance.user_id]
    if request.state == State.GRANTED and (request.granted_m, request.for_good) == (by_m, for_good):
        return now
    if request.state != State.OPEN:
        raise AnsweredOtherwise
    _answer(actor, request, State.GRANTED, granted_m=by_m, for_good=for_good)
    limit_m = (now.limit_m or 0) + (by_m if for_good else 0)
    extra_m = now.extra_m + (0 if for_good else by_m)
    require_sense(limit_m)
    return write_limit(_organisation_of(request), allowance.user_id, limit_m=limit_m, extra_m=extra_m)


@transaction.atomic
def decline_more(actor: Person, request_id: int) -> None:
    """No more this time. Raises RequestUnknown, Forbidden, AnsweredOtherwise."""
    request = _lock_answerable(actor, request_id)
    if request.state == State.DECLINED:
        return
    if request.state != State.OPEN:
        raise AnsweredOtherwise
    _answer(actor, request, State.DECLINED)


def _lock_answerable(actor: Person, request_id: int) -> LimitRequest:
    """The request, locked after its organisation, if this is somebody who may answer it."""
    found = LimitRequest.objects.visible_to(actor).filter(pk=request_id).select_related("allowance").first()
    if found is None:
        raise RequestUnknown
    authority = lock_authority(actor, _organisation_of(found))
    get_covered(authority, found.allowance.user_id)
    return locking.lock(LimitRequest.objects.filter(pk=request_id).select_related("allowance"))[0]


def _organisation_of(request: LimitRequest) -> int:
    return int(Wallet.objects.values_list("organisation_id", flat=True).get(pk=request.allowance.wallet_id))


def _answer(
    actor: Person, request: LimitRequest, state: State, *, granted_m: int | None = None, for_good: bool = False
) -> None:
    request.state, request.answered_at, request.answered_by_id = state, clock.now(), actor.user_id
    request.granted_m, request.for_good = granted_m, for_good
    request.save(update_fields=["state", "answered_at", "answered_by", "granted_m", "for_good"])
    emit([LimitAnswered(request.allowance.user_id, request.reference, granted=state == State.GRANTED)])
    audit.record(
        actor,
        f"credits.limit_request.{state}",
        target_kind="user",
        target_id=request.allowance.user_id,
        detail={"request": request.pk, "granted_m": granted_m, "for_good": for_good},
    )


def open_requests(user_ids: Iterable[int], wallet_id: int) -> list[LimitRequest]:
    """Those of these members of this wallet that wait for an answer, the oldest first."""
    asked = LimitRequest.objects.filter(allowance__wallet=wallet_id, allowance__user__in=list(user_ids))
    return list(asked.filter(state=State.OPEN).select_related("allowance__user").order_by("pk"))
