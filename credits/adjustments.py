"""Staff add credits to a wallet or take them away, with a reason (L6)."""

from credits.errors import AboveLimit, ReasonMissing, WrongAmount
from credits.ledger.accounts import get_wallet, house_account
from credits.ledger.transfers import Movement, post, sealed
from credits.metering.purse import moving
from credits.models import Account, TransferNote
from credits.role_limits import adjust_limit_m, is_within

# Beyond this one adjustment is surely a mistake: ten million credits.
AMOUNT_MAX_M = 10_000_000_000


def adjust(
    wallet_id: int,
    amount_m: int,
    *,
    reason: str,
    actor_id: int | None,
    key: str,
    level: str = "owner",
    approved: bool = False,
) -> int:
    """Move credits from the hub's gifts to this wallet, or back when the amount is below zero; the transfer's id.

    Empty meters of the wallet wake in the same transaction. What staff adds is granted, not paid (L7). The same key
    again is the same adjustment. `level` is the actor's; above the limit of that level a second person approves it.
    Raises WalletUnknown, WrongAmount, ReasonMissing, AboveLimit, NoCredits (there is less to take away), KeyReused.
    """
    wallet = get_wallet(wallet_id)
    _require_sense(amount_m, reason)
    if not (approved or is_within(amount_m, adjust_limit_m(level))):
        raise AboveLimit
    gifts = house_account(Account.Kind.GIFTS)
    adds = amount_m > 0
    movement = Movement(
        debit_id=gifts if adds else wallet.id,
        credit_id=wallet.id if adds else gifts,
        amount_m=abs(amount_m),
        reason="adjust",
        actor="system" if actor_id is None else f"user:{actor_id}",
        lot="granted" if adds else None,
    )
    with moving(wallet_id):
        transfer_id = post(f"adjust:{movement.actor}:{sealed(key)}", movement)
        TransferNote.objects.get_or_create(transfer_id=transfer_id, defaults={"text": reason.strip()})
    return transfer_id


def _require_sense(amount_m: int, reason: str) -> None:
    if amount_m == 0 or abs(amount_m) > AMOUNT_MAX_M:
        raise WrongAmount(field="amount_m")
    if not reason.strip():
        raise ReasonMissing(field="reason")
