"""Posting transfers: the one way in which credits move. See docs/how/ledger.md.

Locks are taken in one order everywhere: a meter or a hold, then accounts by id, always NO KEY UPDATE and always
before the insert. Two posts with one key (a webhook and the return of the same purchase) would deadlock otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction

from credits.errors import KeyReused, NoCredits
from credits.models import Account
from hub.base import clock, locking

_INSERT = """
insert into credits_transfer
       (key, debit_id, credit_id, amount_m, reason, actor, reference, lot, expires_at, reverses_id, at)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (key) where key is not null do nothing returning id"""
_SAME = """
select id, (debit_id, credit_id, amount_m, reason, actor, reference, lot, expires_at, reverses_id)
       is not distinct from row(%s::bigint, %s::bigint, %s::bigint, %s::text, %s::text, %s::text, %s::text,
                                %s::timestamptz, %s::bigint)
  from credits_transfer where key = %s"""
_BALANCE_RULE = "credits_account_balance_not_negative"


@dataclass(frozen=True, slots=True)
class Movement:
    """What a transfer says. `reason` is a code, `actor` who did it ("user:5"), `reference` what it belongs to."""

    debit_id: int
    credit_id: int
    amount_m: int
    reason: str
    actor: str
    reference: str = ""
    lot: str | None = None
    expires_at: datetime | None = None
    reverses_id: int | None = None

    def content(self) -> tuple[Any, ...]:
        return (
            self.debit_id,
            self.credit_id,
            self.amount_m,
            self.reason,
            self.actor,
            self.reference,
            self.lot,
            self.expires_at,
            self.reverses_id,
        )


def sealed(key: str) -> str:
    """A key that a client chose, as it may stand in rows that nobody can empty (P10)."""
    return sha256(key.encode()).hexdigest()[:32]


def lock_accounts(account_ids: Iterable[int]) -> None:
    """Lock those of the accounts that keep a balance, by id; the others are summed and need no lock."""
    locking.lock(Account.objects.filter(pk__in=list(account_ids), balance_m__isnull=False))


def post(key: str, movement: Movement) -> int:
    """The id of the transfer with this key, made now or before (L2).

    Raises KeyReused (other contents under this key) or NoCredits (the debited wallet or hold has less), with no effect.
    """
    try:
        with transaction.atomic():
            lock_accounts((movement.debit_id, movement.credit_id))
            with connection.cursor() as cursor:
                cursor.execute(_INSERT, [key, *movement.content(), clock.now()])
                made = cursor.fetchone()
            if made:
                return int(made[0])
    except IntegrityError as refusal:
        if _constraint(refusal) == _BALANCE_RULE:
            raise NoCredits from None
        raise
    found = find_transfer(key, movement)  # a statement of its own, so that it sees who was first
    if found is None:
        raise RuntimeError(f"the transfer that took the key {key} is gone")
    return found


def find_transfer(key: str, movement: Movement) -> int | None:
    """The transfer that has this key already, or None. Raises KeyReused when it says something else."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, [*movement.content(), key])
        found = cursor.fetchone()
    if found is not None and not found[1]:
        raise KeyReused
    return None if found is None else int(found[0])


def _constraint(refusal: IntegrityError) -> str | None:
    diagnosis = getattr(refusal.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)
