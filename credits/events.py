"""What credits says to whoever listens (hub.base.events), in the transaction in which it happened.

`Changed` comes once for each meter whose frame changed, whatever the reason, and carries the whole frame: publish
from it and from nothing else. The others say what that meant.

A listener runs while rows of meters and wallets are locked. It must not wait for other locks (use skip_locked and
repair what was skipped later), or it deadlocks with an action that holds those and asks for a meter.
"""

from datetime import datetime

from msgspec import Struct


class MeterView(Struct, frozen=True):
    """A meter as both sides see it: the fields of the `meter` frame but `session`, and whose it is.

    `elapsed_s` is at `now`; `charged_m` is what was charged and not given back. `empty_at` counts all running meters
    of the wallet, and `stops_by` says what will stop the meter then (in grace: what did). `limit_left_m` is what
    a member with a limit may still spend this month (P4).
    """

    meter_id: int
    reference: str
    wallet_id: int
    unmetered: bool
    state: str
    reason: str
    low: int | None
    price_m: int
    block_s: int
    free_s: int
    elapsed_s: int
    charged_m: int
    balance_m: int
    available_m: int
    limit_left_m: int | None
    next_charge_at: datetime | None
    empty_at: datetime | None
    stops_by: str | None
    grace_until: datetime | None
    now: datetime


class Changed(Struct, frozen=True):
    """The frame of this meter changed."""

    meter_id: int
    reference: str
    view: MeterView


class Charged(Struct, frozen=True):
    """Blocks were charged; `charged_m` is what they cost now (0 for a VIP)."""

    meter_id: int
    reference: str
    blocks: int
    charged_m: int
    view: MeterView


class Low(Struct, frozen=True):
    """So many minutes are left, or fewer; said once each while the time runs down (M4)."""

    meter_id: int
    reference: str
    minutes: int
    view: MeterView


class Emptied(Struct, frozen=True):
    """The next block cannot be paid: grace begins, unbilled, until `view.grace_until` (M4)."""

    meter_id: int
    reference: str
    view: MeterView


class Woke(Emptied, frozen=True):
    """An empty meter runs again: there are credits."""


class LimitAnswered(Struct, frozen=True):
    """A member's request for a higher limit was answered (P4). `reference` is what they were doing when they asked."""

    user_id: int
    reference: str
    granted: bool


class PurchaseMoved(Struct, frozen=True):
    """A purchase was begun, is pending, paid or over: its buyer may be waiting (S3). `state`: of models.Purchase."""

    purchase: str
    buyer_id: int
    state: str
    credits_m: int


class GraceOver(Emptied, frozen=True):
    """Nobody paid within the grace period; the meter has ended with reason `empty` (M4)."""


class Settled(Emptied, frozen=True):
    """The meter has ended and nothing is owed any more: its summary is final."""


Event = Changed | Charged | Low | Emptied
