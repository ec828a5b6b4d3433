"""The ledger: accounts, transfers, holds and refunds. See docs/how/ledger.md.

Names end in their unit: `_m` is millicredits (1 credit = 1000), so that SQL and Python say the same thing.

What must stay true, and is refused by the database itself (ledger/sql/rules_*.sql):
- a transfer moves an amount above 0 from one account to another, and is never changed or removed (L1)
- the sum over all accounts is always zero, because nothing but a transfer moves a balance (L1)
- one key is one transfer; a charge's key is (meter, block) (L2, M2)
- the balance of a wallet, and of what it holds, never goes below zero (L3)
- a refund gives back at most one charge, once, to the wallet that paid it (M6)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from hub.accounts.public import Person


class Account(models.Model):
    """A place where credits are. Wallets and holds keep a balance; all others are summed when somebody asks.

    A kept balance on a house account would be one row that every charge updates: two sweeps would deadlock on it and
    everybody else would queue behind it.
    """

    class Kind(models.TextChoices):
        WALLET = "wallet"
        HOLD = "hold"
        HOUSE = "house"
        CLEARING = "clearing"
        GIFTS = "gifts"
        REFUNDS = "refunds"
        DEBT = "debt"
        EXPIRED = "expired"

    lock_rank: ClassVar[int] = 320

    kind = models.TextField(choices=Kind.choices)
    wallet = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    balance_m = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["wallet", "hold", "house", "clearing", "gifts", "refunds", "debt", "expired"]),
                name="credits_account_kind_known",
            ),
            models.CheckConstraint(condition=Q(balance_m__gte=0), name="credits_account_balance_not_negative"),
            models.CheckConstraint(
                condition=(Q(kind__in=["wallet", "hold"]) & Q(balance_m__isnull=False))
                | (~Q(kind__in=["wallet", "hold"]) & Q(balance_m__isnull=True)),
                name="credits_account_balance_kept_or_not",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=["hold", "debt"]) & Q(wallet__isnull=False))
                | (~Q(kind__in=["hold", "debt"]) & Q(wallet__isnull=True)),
                name="credits_account_owned_or_not",
            ),
            models.UniqueConstraint(
                "wallet", "kind", condition=Q(wallet__isnull=False), name="credits_account_one_of_a_kind_per_wallet"
            ),
            models.UniqueConstraint(
                "kind",
                condition=Q(kind__in=["house", "clearing", "gifts", "refunds", "expired"]),
                name="credits_account_one_house_of_a_kind",
            ),
        ]


class WalletQuerySet(models.QuerySet["Wallet"]):
    def visible_to(self, person: Person) -> WalletQuerySet:
        """The wallets this person may see: the own or the organisation's; for staff those of the people they see."""
        from credits.permissions import visible_wallets

        return visible_wallets(self, person)


class Wallet(models.Model):
    """The credit account of one customer or one organisation. Its id is the id of its account."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="+")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="wallet")
    organisation = models.OneToOneField("accounts.Organisation", models.PROTECT, null=True, related_name="wallet")
    opened_at = models.DateTimeField()

    objects: ClassVar[Any] = WalletQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="credits_wallet_has_one_owner",
            ),
        ]


class Transfer(models.Model):
    """One immutable movement of credits. Nobody makes one but `ledger.transfers` and the sweep.

    `reason` is a code, `actor` names who did it ("user:5", "sweep"), `reference` what it belongs to. Free text stands
    in TransferNote, so that a person can be erased and the ledger stays (P10).
    """

    debit = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    credit = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    amount_m = models.BigIntegerField()
    key = models.TextField(null=True)  # noqa: DJ001 - a charge has none: its key is (meter, block)
    reason = models.TextField()
    actor = models.TextField()
    reference = models.TextField(db_default="")
    meter = models.ForeignKey("credits.Meter", models.PROTECT, null=True, db_index=False, related_name="+")
    block = models.IntegerField(null=True)
    lot = models.TextField(null=True)  # noqa: DJ001 - only credits that enter a wallet have one (L7)
    expires_at = models.DateTimeField(null=True)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_m__gt=0), name="credits_transfer_amount_above_zero"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="credits_transfer_between_two_accounts"),
            models.CheckConstraint(condition=Q(block__gt=0), name="credits_transfer_block_from_one"),
            models.CheckConstraint(
                condition=Q(meter__isnull=True, block__isnull=True, key__isnull=False)
                | Q(meter__isnull=False, block__isnull=False, key__isnull=True),
                name="credits_transfer_key_or_block",
            ),
            models.CheckConstraint(condition=Q(lot__in=["paid", "granted"]), name="credits_transfer_lot_known"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(lot="granted", lot__isnull=False),
                name="credits_transfer_only_granted_expire",
            ),
            # Partial, because a charge has neither, and each index costs every charge.
            models.UniqueConstraint(
                fields=["key"], condition=Q(key__isnull=False), name="credits_transfer_one_per_key"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="credits_transfer_reversed_once"
            ),
            models.UniqueConstraint(fields=["meter", "block"], name="credits_transfer_one_per_block"),
        ]
        indexes = [
            models.Index(fields=["debit", "id"], name="credits_transfer_by_debit"),
            # Charges enter the house by millions and are found by their meter; all other lines are found here.
            models.Index(fields=["credit", "id"], condition=Q(meter__isnull=True), name="credits_transfer_by_credit"),
            # The few among many charges of a wallet: what was given up, reserved, taken back (lines.sql).
            models.Index(fields=["debit", "id"], condition=Q(meter__isnull=True), name="credits_transfer_no_charge"),
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="credits_transfer_by_expiry"
            ),
            # Of some kB for millions of lines, which come in the order of their time: what a period moved (flows.sql).
            BrinIndex(fields=["at"], name="credits_transfer_by_time"),
        ]


class Tally(models.Model):
    """What the lines of a wallet behind `after_id` and up to `through_id` add up to: no page adds them up again.

    `added_m` and `used_m` are sums of these lines, `balance_m` and the `lot_…` what was there behind the last of them:
    one of each per lot of which something was left, in the order in which they are used (L7). They follow one another
    without a gap, and are only ever removed, to be counted again.
    """

    wallet = models.ForeignKey(Account, models.PROTECT, db_index=False, related_name="+")
    after_id = models.BigIntegerField()
    through_id = models.BigIntegerField()
    first_at = models.DateTimeField(null=True)  # null: none of them was a line of the wallet, all were of its holds
    last_at = models.DateTimeField(null=True)
    added_m = models.BigIntegerField()
    used_m = models.BigIntegerField()
    balance_m = models.BigIntegerField()
    lot_ids = ArrayField(models.BigIntegerField())
    lot_kinds = ArrayField(models.TextField())
    lot_untils = ArrayField(models.DateTimeField(null=True))
    lot_amounts = ArrayField(models.BigIntegerField())
    lot_lefts = ArrayField(models.BigIntegerField())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wallet", "through_id"], name="credits_tally_one_per_line"),
            models.UniqueConstraint(fields=["wallet", "after_id"], name="credits_tally_follows_one"),
            models.CheckConstraint(condition=Q(through_id__gt=F("after_id")), name="credits_tally_of_lines"),
        ]


class TransferNote(models.Model):
    """What a person wrote with a transfer. Erasure empties it; the transfer stays (P10)."""

    transfer = models.OneToOneField(Transfer, models.PROTECT, primary_key=True, related_name="note")
    text = models.TextField()


class Hold(models.Model):
    """Credits reserved (L4): moved to the wallet's hold account, then captured in part or whole, or released."""

    class State(models.TextChoices):
        OPEN = "open"
        CAPTURED = "captured"
        VOID = "void"
        EXPIRED = "expired"

    lock_rank: ClassVar[int] = 310

    key = models.TextField()
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount_m = models.BigIntegerField()
    left_m = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="credits_hold_one_per_key"),
            models.CheckConstraint(condition=Q(amount_m__gt=0), name="credits_hold_amount_above_zero"),
            models.CheckConstraint(
                condition=Q(left_m__gte=0, left_m__lte=F("amount_m")), name="credits_hold_left_of_amount"
            ),
            models.CheckConstraint(
                condition=Q(state="open", left_m__gt=0) | Q(state__in=["captured", "void", "expired"], left_m=0),
                name="credits_hold_open_while_something_left",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="credits_hold_open")]


class Refund(models.Model):
    """One decision to give back (a part of) what a reference was charged (M6). Its transfers are keyed by its id."""

    key = models.TextField()
    reference = models.TextField()
    amount_m = models.BigIntegerField()
    reason = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="credits_refund_one_per_key"),
            models.CheckConstraint(condition=Q(amount_m__gt=0), name="credits_refund_amount_above_zero"),
        ]
        indexes = [models.Index(fields=["reference"], name="credits_refund_by_reference")]
