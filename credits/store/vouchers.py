"""Vouchers (S1): a code gives credits, once per customer; they are granted, and may expire (L7).

A code has 80 bits, and only its digest is kept. Who tries codes is shut out, by person and by address.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from credits.errors import KeyReused, VoucherOver, VoucherUnknown, VoucherUsed, WalletUnknown, WrongAmount
from credits.ledger.accounts import find_wallet, house_account
from credits.ledger.transfers import Movement, post
from credits.metering.purse import moving
from credits.models import Account, Voucher, VoucherRedemption
from credits.store.purchases import may_buy
from hub.accounts.public import Person, audit
from hub.base import clock, locking
from hub.base.errors import Forbidden
from hub.base.limits import Limit, forget, use

ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that looks like another one
CHARACTERS: Final = 16
OF_PERSON: Final = Limit("store.voucher.person", 10, 3600)
OF_ADDRESS: Final = Limit("store.voucher.address", 50, 3600)
CREDITS_MAX_M: Final = 10_000_000
USES_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Redeemed:
    credits_m: int
    transfer_id: int
    expires_at: datetime | None


def redeem(person: Person, code: str, *, address: str) -> Redeemed:
    """Credits into the wallet that the person pays from; the same code again says what it gave.

    Raises Forbidden, TooFast, VoucherUnknown, VoucherOver, VoucherUsed. Not inside a transaction: wrong tries count.
    """
    if not may_buy(person) or person.user_id is None:
        raise Forbidden
    use(OF_PERSON, person.key)
    use(OF_ADDRESS, address)
    wallet = find_wallet(person.user_id)
    if wallet is None:
        raise WalletUnknown
    redeemed = _redeem(person.user_id, wallet.id, digest_of(code))
    forget(OF_PERSON, person.key)  # who has a good one does not guess
    return redeemed


@transaction.atomic
def _redeem(user_id: int, wallet_id: int, digest: str) -> Redeemed:
    found = Voucher.objects.filter(digest=digest, active=True).values_list("pk", flat=True).first()
    if found is None:
        raise VoucherUnknown
    voucher = locking.lock_one(Voucher, found)
    before = VoucherRedemption.objects.select_related("transfer").filter(voucher=voucher, user=user_id).first()
    if before is not None and before.wallet_id == wallet_id:
        return Redeemed(before.transfer.amount_m, before.transfer_id, before.transfer.expires_at)
    now = clock.now()
    if not voucher.active:
        raise VoucherUnknown
    if voucher.until is not None and voucher.until <= now:
        raise VoucherOver
    used_here = VoucherRedemption.objects.filter(voucher=voucher, wallet=wallet_id).exists()
    if before is not None or used_here or voucher.uses >= voucher.uses_max:
        raise VoucherUsed
    return _give(voucher, user_id, wallet_id, now)


def _give(voucher: Voucher, user_id: int, wallet_id: int, now: datetime) -> Redeemed:
    expires_at = None if voucher.credits_days is None else now + timedelta(days=voucher.credits_days)
    movement = Movement(
        debit_id=house_account(Account.Kind.GIFTS),
        credit_id=wallet_id,
        amount_m=voucher.credits_m,
        reason="voucher",
        actor=f"user:{user_id}",
        reference=f"voucher:{voucher.pk}",
        lot="granted",
        expires_at=expires_at,
    )
    with moving(wallet_id):
        transfer_id = post(f"voucher:{voucher.pk}:{wallet_id}", movement)
        try:
            with transaction.atomic():
                VoucherRedemption.objects.create(
                    voucher=voucher, wallet_id=wallet_id, user_id=user_id, transfer_id=transfer_id, at=now
                )
        except IntegrityError:
            raise VoucherUsed from None
    voucher.uses += 1
    voucher.save(update_fields=["uses"])
    return Redeemed(voucher.credits_m, transfer_id, expires_at)


def digest_of(code: str) -> str:
    """However it is typed: small letters, blanks and dashes do not matter."""
    plain = "".join(one for one in code.upper() if one.isalnum())[:64]
    return hashlib.sha256(f"voucher:{plain}".encode()).hexdigest()


@transaction.atomic
def make_vouchers(
    actor: Person,
    *,
    credits_m: int,
    count: int = 1,
    uses_max: int = 1,
    until: datetime | None = None,
    credits_days: int | None = None,
    label: str = "",
    key: str | None = None,
) -> list[str]:
    """New codes, told this once; to who says the same `key` again the same ones.

    Raises Forbidden, WrongAmount, KeyReused.
    """
    if not actor.is_owner:
        raise Forbidden
    if not 0 < credits_m <= CREDITS_MAX_M or not 0 < count <= 1000 or not 0 < uses_max <= USES_MAX:
        raise WrongAmount(field="credits_m")
    if credits_days is not None and credits_days <= 0:
        raise WrongAmount(field="credits_days")
    codes = _random_codes(count) if key is None else _codes_of(f"{actor.key} {key}", count)
    said: dict[str, Any] = {"credits_m": credits_m, "uses_max": uses_max, "until": until, "credits_days": credits_days}
    said["label"] = label[:100]
    told = ["-".join(code[at : at + 4] for at in range(0, CHARACTERS, 4)) for code in codes]
    if key is not None and _were_made(codes, f"{actor.key} {key}", said):
        return told
    made = {"made_by_id": actor.user_id, "made_at": clock.now(), **said}
    try:
        with transaction.atomic():
            Voucher.objects.bulk_create(Voucher(digest=digest_of(code), hint=code[-4:], **made) for code in codes)
    except IntegrityError:  # the same came twice at the same moment: the other was first, and is found now
        if key is not None and _were_made(codes, f"{actor.key} {key}", said):
            return told
        raise
    audit.record(actor, "store.vouchers.made", detail={"count": count, "credits_m": credits_m, "uses_max": uses_max})
    return told


def _random_codes(count: int) -> list[str]:
    return ["".join(secrets.choice(ALPHABET) for _ in range(CHARACTERS)) for _ in range(count)]


def _codes_of(key: str, count: int) -> list[str]:
    """Codes are kept nowhere, so those of a key are made of it and of our secret: only we make them again."""
    return ["".join(ALPHABET[byte % len(ALPHABET)] for byte in _bytes_of(key, number)) for number in range(count)]


def _bytes_of(key: str, number: int) -> bytes:
    return salted_hmac("credits.vouchers", f"{number} {key}", algorithm="sha256").digest()[:CHARACTERS]


def _were_made(codes: list[str], key: str, said: dict[str, Any]) -> bool:
    """Whether the first request with this key made them. Raises KeyReused where it made others."""
    one_more = _codes_of(key, len(codes) + 1)[-1]
    digests = [digest_of(code) for code in codes]
    before = list(Voucher.objects.filter(digest__in=[*digests, digest_of(one_more)]).values("digest", *said))
    same = {one["digest"] for one in before if all(one[name] == value for name, value in said.items())}
    if before and (len(before) != len(codes) or same != set(digests)):
        raise KeyReused
    return bool(before)


@transaction.atomic
def withdraw_voucher(actor: Person, voucher_id: int) -> None:
    """Nobody can use it any more; what it gave stays. Raises Forbidden, VoucherUnknown."""
    if not actor.is_owner:
        raise Forbidden
    try:
        voucher = locking.lock_one(Voucher, voucher_id)
    except Voucher.DoesNotExist:
        raise VoucherUnknown from None
    if voucher.active:
        voucher.active = False
        voucher.save(update_fields=["active"])
        audit.record(actor, "store.voucher.withdrawn", detail={"voucher": voucher.pk})
