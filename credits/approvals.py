"""Four eyes (L6, M6): above the limit of one's level an adjustment or refund waits until a second person approves it.

Who approves may move as much by themselves; what an owner asks, another owner approves. docs/how/admin.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from credits.adjustments import AMOUNT_MAX_M, adjust
from credits.errors import ApprovalUnknown, OwnRequest, ReasonMissing, WrongAmount
from credits.models import Approval, Wallet
from credits.permissions import may_approve
from credits.refunds import REASONS
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import Conflict, Forbidden
from hub.base.registries import Registry

TEXT_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Carrier:
    """Does what was approved, where it is more than a movement of credits: the app above whose charges are refunded.

    `name` is the approval's `what`. Called in its transaction, under its lock, with who approved.
    """

    name: str
    carry_out: Callable[[Person, Approval], None]


carriers: Registry[Carrier] = Registry()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be moved. `reference` and `reason` (a code) are a refund's; `what`, where they do not tell."""

    wallet_id: int
    amount_m: int
    text: str
    key: str
    reference: str = ""
    reason: str = ""
    what: str = ""


@transaction.atomic
def ask_approval(actor: Person, asked: Asked) -> Approval:
    """Wait for a second person; the same key again is the same request. Raises ReasonMissing, WrongAmount."""
    if not actor.is_staff or actor.user_id is None:
        raise Forbidden
    if asked.amount_m == 0 or abs(asked.amount_m) > AMOUNT_MAX_M or (asked.reference and asked.amount_m < 0):
        raise WrongAmount(field="amount_m")
    if not asked.text.strip() and asked.reason not in REASONS - {"other"}:
        raise ReasonMissing(field="reason")
    made, is_new = Approval.objects.get_or_create(
        key=approval_key(actor, asked.key),
        defaults={
            "what": asked.what or (Approval.What.REFUND if asked.reference else Approval.What.ADJUST),
            "wallet_id": asked.wallet_id,
            "reference": asked.reference,
            "amount_m": asked.amount_m,
            "reason": asked.reason,
            "text": asked.text.strip()[:TEXT_CHARACTERS_MAX],
            "asked_by_id": actor.user_id,
            "asked_at": clock.now(),
        },
    )
    if is_new:
        _note(actor, "asked", made)
    return made


def approval_key(actor: Person, key: str) -> str:
    return f"{actor.key}:{key}"[:200]


@transaction.atomic
def approve(actor: Person, approval_id: int) -> Approval:
    """Do it, in the name of who asked. Raises OwnRequest, Forbidden, Conflict (answered), and what the move raises."""
    row = _lock_open(actor, approval_id)
    if row.asked_by_id == actor.user_id:
        raise OwnRequest
    if not may_approve(actor, row):
        raise Forbidden
    carriers[row.what].carry_out(actor, row)
    return _answer(actor, row, Approval.State.APPROVED)


@transaction.atomic
def decline(actor: Person, approval_id: int) -> Approval:
    """No; by who asked it is a withdrawal. Raises Forbidden, Conflict (answered)."""
    row = _lock_open(actor, approval_id)
    if row.asked_by_id == actor.user_id:
        return _answer(actor, row, Approval.State.WITHDRAWN)
    if not may_approve(actor, row):
        raise Forbidden
    return _answer(actor, row, Approval.State.DECLINED)


def withdraw_all(actor: Person, what: str, reference: str) -> None:
    """What they were asked for is not wanted any more. Comes before purchases, sessions and wallets are locked."""
    for row in locking.lock(Approval.objects.filter(what=what, reference=reference, state=Approval.State.OPEN)):
        _answer(actor, row, Approval.State.WITHDRAWN)


def withdraw_beyond(actor: Person, what: str, reference: str, left_m: int, *, but: int = 0) -> None:
    """What was just given back was theirs: those that ask for more than is left can only be refused. After all other
    locks; one that is being answered at this moment is left to who answers it.
    """
    stale = Approval.objects.filter(what=what, reference=reference, state=Approval.State.OPEN, amount_m__gt=left_m)
    for row in locking.lock(stale.exclude(pk=but), skip_locked=True):
        _answer(actor, row, Approval.State.WITHDRAWN)


def _adjust(_actor: Person, row: Approval) -> None:
    adjust(
        row.wallet_id,
        row.amount_m,
        reason=row.text,
        actor_id=row.asked_by_id,
        key=f"approval:{row.pk}",
        approved=True,
    )


carriers.register(Carrier(Approval.What.ADJUST.value, _adjust))


def _lock_open(actor: Person, approval_id: int) -> Approval:
    if not Approval.objects.visible_to(actor).filter(pk=approval_id).exists():
        raise ApprovalUnknown
    row = locking.lock_one(Approval, approval_id)
    if row.state != Approval.State.OPEN:
        raise Conflict
    if not Wallet.objects.visible_to(actor).filter(pk=row.wallet_id).exists() and row.asked_by_id != actor.user_id:
        raise ApprovalUnknown
    return row


def _answer(actor: Person, row: Approval, state: str) -> Approval:
    row.state, row.answered_by_id, row.answered_at = state, actor.user_id, clock.now()
    row.save(update_fields=["state", "answered_by", "answered_at"])
    _note(actor, state, row)
    return row


def _note(actor: Person, fact: str, row: Approval) -> None:
    audit.record(
        actor,
        f"credits.approval.{fact}",
        target_kind="wallet",
        target_id=row.wallet_id,
        detail={"approval": row.pk, "what": row.what, "amount_m": row.amount_m},
    )
