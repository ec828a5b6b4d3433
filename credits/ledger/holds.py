"""Holds (L4): an amount is reserved, then captured in part or whole, or released; it expires. See docs/how/ledger.md.

A reserved amount moves to the wallet's hold account, so that nothing else can spend it. The order of locks is the hold,
then accounts by id.
"""

from datetime import datetime

from django.db import connection, transaction

from credits.errors import HoldClosed, KeyReused, NoCredits, WalletUnknown, WrongAmount
from credits.ledger.transfers import Movement, find_transfer, lock_accounts, post
from credits.models import Account, Hold
from hub.base import clock, locking

EXPIRE_BATCH = 500

_MAKE = """
insert into credits_hold (key, wallet_id, account_id, amount_m, left_m, state, expires_at)
values (%s, %s, %s, %s, %s, 'open', %s) on conflict (key) do nothing returning id"""


@transaction.atomic
def reserve(key: str, wallet_id: int, amount_m: int, expires_at: datetime, *, actor: str) -> int:
    """The hold with this key, made now or before; its id. Raises WrongAmount, WalletUnknown, NoCredits, KeyReused."""
    if amount_m <= 0:
        raise WrongAmount(field="amount_m")
    account_id = _hold_account(wallet_id)
    lock_accounts([wallet_id, account_id])
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [key, wallet_id, account_id, amount_m, amount_m, expires_at])
        made = cursor.fetchone()
    if made is None:
        return _same_hold(key, wallet_id, amount_m)
    post(f"hold:{key}", Movement(wallet_id, account_id, amount_m, "hold", actor, reference=key))
    return int(made[0])


@transaction.atomic
def capture(hold_id: int, key: str, to_account_id: int, amount_m: int, *, final: bool = True, actor: str) -> int:
    """Take a part or all of a hold; `final` releases the rest. The same key again does nothing more; the transfer's id.

    Raises HoldClosed, NoCredits (the hold has less), KeyReused.
    """
    hold = locking.lock_one(Hold, hold_id)
    movement = Movement(hold.account_id, to_account_id, amount_m, "capture", actor, reference=hold.key)
    found = find_transfer(f"capture:{key}", movement)
    if found is not None:
        return found
    if hold.state != Hold.State.OPEN:
        raise HoldClosed
    if amount_m > hold.left_m:
        raise NoCredits
    lock_accounts([hold.wallet_id, hold.account_id])
    made = post(f"capture:{key}", movement)
    rest_m = hold.left_m - amount_m
    if rest_m and final:
        _release(hold, rest_m, actor)
    closed = final or not rest_m
    _set(hold, 0 if closed else rest_m, Hold.State.CAPTURED if closed else Hold.State.OPEN)
    return made


@transaction.atomic
def void(hold_id: int, *, actor: str, state: str = Hold.State.VOID) -> None:
    """Release what is left. Voiding twice is voiding once. Raises HoldClosed for what was captured."""
    hold = locking.lock_one(Hold, hold_id)
    if hold.state in (Hold.State.VOID, Hold.State.EXPIRED):
        return
    if hold.state != Hold.State.OPEN:
        raise HoldClosed
    _release(hold, hold.left_m, actor)
    _set(hold, 0, state)


def expire_holds(now: datetime, limit: int = EXPIRE_BATCH) -> int:
    """Release the holds that are over their time, each in its own transaction so that one stops no other; how many."""
    due = Hold.objects.filter(state=Hold.State.OPEN, expires_at__lte=now).order_by("expires_at")
    ids = list(due.values_list("pk", flat=True)[:limit])
    return sum(_expire(hold_id) for hold_id in ids)


def expire_due_holds() -> None:
    """What the dispatcher's leader runs."""
    expire_holds(clock.now())


def _expire(hold_id: int) -> bool:
    try:
        void(hold_id, actor="clock", state=Hold.State.EXPIRED)
    except HoldClosed:  # captured a moment ago
        return False
    return True


def _hold_account(wallet_id: int) -> int:
    found = Account.objects.filter(wallet_id=wallet_id, kind=Account.Kind.HOLD).values_list("pk", flat=True).first()
    if found is None:
        raise WalletUnknown
    return int(found)


def _same_hold(key: str, wallet_id: int, amount_m: int) -> int:
    hold = Hold.objects.get(key=key)
    if (hold.wallet_id, hold.amount_m) != (wallet_id, amount_m):
        raise KeyReused
    return int(hold.pk)


def _release(hold: Hold, amount_m: int, actor: str) -> None:
    post(
        f"release:{hold.key}",
        Movement(hold.account_id, hold.wallet_id, amount_m, "release", actor, reference=hold.key),
    )


def _set(hold: Hold, left_m: int, state: str) -> None:
    Hold.objects.filter(pk=hold.pk).update(left_m=left_m, state=state)
