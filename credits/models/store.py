"""The credit store: what is sold, what was bought, and what became of the money (S1-S7). See docs/how/payments.md.

Money is whole `_cents` with a currency, VAT `_bp` (2100 is 21 %, always inside the amount), credits `_m`.

What must stay true, and is refused by the database itself (store/sql/store_*.sql):
- what was bought, for how much and from whom never changes; the provider's id is set once and is one purchase's
- a purchase is paid if and only if it has its transfer, and stays paid; never more is taken back than was credited
- what happened is written down once and never changed: events, receipts, redemptions
- receipts are numbered 1, 2, 3 … in each year, without gaps
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from credits.models.ledger import Account, Transfer

if TYPE_CHECKING:
    from hub.accounts.public import Person

SIZES = list(range(50, 501, 50))  # credits of a package (S1)


class VatAt(models.TextChoices):
    """When VAT is due (S7): at the sale (single-purpose voucher) or at the use of the credits."""

    SALE = "sale"
    USE = "use"


class Package(models.Model):
    """What one buys: so many credits for so much, VAT included (S1). Each size is there once."""

    credits = models.IntegerField(unique=True)
    amount_cents = models.BigIntegerField()
    currency = models.TextField()
    vat_bp = models.IntegerField()
    vat_at = models.TextField(choices=VatAt.choices, default=VatAt.SALE)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credits__in=SIZES),
                name="credits_package_of_a_size",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, vat_bp__gte=0, vat_bp__lt=10_000), name="credits_package_costs"
            ),
        ]


class OrganisationPrice(models.Model):
    """What an organisation pays for a package instead, in the package's currency (S1)."""

    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="package_prices")
    package = models.ForeignKey(Package, models.CASCADE, related_name="organisation_prices")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "package"], name="credits_organisationprice_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="credits_organisationprice_costs"),
        ]


class AutoTopUp(models.Model):
    """A wallet that buys by itself when it runs low (S6): off unless the customer switches it on.

    `month` is the first day of the month in which `month_cents` were charged. It switches itself off when a charge
    fails; `off_because` says so.
    """

    lock_rank: ClassVar[int] = 291

    wallet = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.BooleanField(default=False)
    credits = models.IntegerField()
    threshold_m = models.BigIntegerField()
    cap_cents = models.BigIntegerField()
    provider = models.TextField()
    mandate_ref = models.TextField(db_default="", default="", blank=True)
    off_because = models.TextField(db_default="", default="", blank=True)
    month = models.DateField(null=True)
    month_cents = models.BigIntegerField(db_default=0, default=0)
    times = models.IntegerField(db_default=0, default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold_m__gte=0, cap_cents__gt=0, month_cents__gte=0), name="credits_autotopup_figures"
            ),
            models.CheckConstraint(condition=~Q(on=True) | ~Q(mandate_ref=""), name="credits_autotopup_by_mandate"),
        ]
        indexes = [models.Index(fields=["wallet"], condition=Q(on=True), name="credits_autotopup_on")]


class MandateToRevoke(models.Model):
    """What somebody who was erased had permitted: it goes when its provider has revoked it (P10)."""

    provider = models.TextField()
    mandate_ref = models.TextField()
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "mandate_ref"], name="credits_mandatetorevoke_once"),
        ]


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def visible_to(self, person: Person) -> PurchaseQuerySet:
        """The own ones, an organisation's for its owner, and for staff those of the wallets they see."""
        from credits.permissions import visible_purchases

        return visible_purchases(self, person)


class Purchase(models.Model):
    """Money paid for credits through a provider.

    `looks` counts the looks at the provider that were begun, `looked` is the youngest one whose answer was taken: an
    answer that was asked for earlier and comes later changes nothing. `trouble` is why it waits for a person.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PENDING = "pending"
        PAID = "paid"
        FAILED = "failed"
        CANCELLED = "cancelled"
        EXPIRED = "expired"

    lock_rank: ClassVar[int] = 294

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField()
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    credits_m = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    currency = models.TextField()
    vat_bp = models.IntegerField()
    vat_at = models.TextField(choices=VatAt.choices)
    provider = models.TextField()
    method = models.TextField()
    test = models.BooleanField()
    automatic = models.BooleanField(db_default=False, default=False)
    asks_mandate = models.BooleanField(db_default=False, default=False)
    locale = models.TextField(db_default="en", default="en")
    return_to = models.TextField(db_default="", default="", blank=True)
    provider_ref = models.TextField(null=True)  # noqa: DJ001 - none yet, and unique where there is one
    mandate_ref = models.TextField(db_default="", default="", blank=True)
    redirect_url = models.TextField(db_default="", default="", blank=True)
    instructions = models.JSONField(default=dict)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    transfer = models.OneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    refunded_cents = models.BigIntegerField(db_default=0, default=0)
    charged_back_cents = models.BigIntegerField(db_default=0, default=0)
    taken_back_m = models.BigIntegerField(db_default=0, default=0)
    reversals = models.IntegerField(db_default=0, default=0)
    trouble = models.TextField(db_default="", default="", blank=True)
    closed_trouble = models.TextField(db_default="", default="", blank=True)  # the trouble that somebody dealt with
    looks = models.IntegerField(db_default=0, default=0)
    looked = models.IntegerField(db_default=0, default=0)
    next_look_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    receipted = models.BooleanField(db_default=False, default=False)

    objects: ClassVar[Any] = PurchaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "key"], name="credits_purchase_once_per_key"),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=Q(provider_ref__isnull=False),
                name="credits_purchase_one_per_payment",
            ),
            models.CheckConstraint(
                condition=Q(credits_m__gt=0, amount_cents__gt=0, vat_bp__gte=0), name="credits_purchase_of_something"
            ),
            models.CheckConstraint(
                condition=Q(state="paid", transfer__isnull=False, paid_at__isnull=False)
                | (~Q(state="paid") & Q(transfer__isnull=True, paid_at__isnull=True)),
                name="credits_purchase_paid_and_credited",
            ),
            models.CheckConstraint(
                condition=Q(refunded_cents__gte=0, charged_back_cents__gte=0, taken_back_m__gte=0)
                & Q(taken_back_m__lte=F("credits_m")),
                name="credits_purchase_never_more_back",
            ),
            models.CheckConstraint(
                condition=Q(state="paid") | Q(taken_back_m=0), name="credits_purchase_back_only_when_paid"
            ),
        ]
        indexes = [
            models.Index(fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="credits_purchase_due"),
            models.Index(fields=["wallet", "-created_at"], name="credits_purchase_of_wallet"),
            models.Index(fields=["created_at", "id"], name="credits_purchase_by_day"),
            models.Index(
                fields=["paid_at"], condition=Q(state="paid", receipted=False), name="credits_purchase_no_receipt"
            ),
            models.Index(fields=["created_at"], condition=~Q(trouble=""), name="credits_purchase_in_trouble"),
            models.Index(fields=["paid_at"], condition=Q(state="paid"), name="credits_purchase_by_pay_day"),
        ]


class PurchaseEvent(models.Model):
    """What happened to a purchase, in order: codes and figures, never anybody's words."""

    purchase = models.ForeignKey(Purchase, models.PROTECT, db_index=False, related_name="events")
    what = models.TextField()
    cents = models.BigIntegerField(null=True)
    amount_m = models.BigIntegerField(null=True)
    detail = models.TextField(db_default="", default="", blank=True)
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["purchase", "id"], name="credits_purchaseevent_of"),
            models.Index(
                fields=["at"],
                condition=Q(what__in=["refunded_outside", "charged_back"]),
                name="credits_purchaseevent_of_money",
            ),
        ]


class PaymentNotice(models.Model):
    """What a provider sent, raw, once (S3). It only makes us look.

    `waiting` is set by each copy that comes and unset by who takes it: a copy that comes while it is being worked on is
    worked on again.
    """

    digest = models.TextField(unique=True)
    provider = models.TextField()
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    query = models.JSONField(default=dict)
    result = models.TextField(db_default="", default="", blank=True)
    waiting = models.BooleanField(default=True)
    next_try_at = models.DateTimeField(null=True)
    tries = models.IntegerField(db_default=0, default=0)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="credits_notice_due"),
            models.Index(fields=["at"], name="credits_notice_by_age"),
        ]


class MoneyRefund(models.Model):
    """Money that goes back for credits of a purchase that are left (L7). Its credits are taken first."""

    class State(models.TextChoices):
        ASKED = "asked"  # the credits are taken; the provider is asked, and asked again with the same key
        PENDING = "pending"
        DONE = "done"
        FAILED = "failed"  # the credits are given back

    lock_rank: ClassVar[int] = 296

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField(unique=True)
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="money_refunds")
    credits_m = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    reason = models.TextField()
    actor = models.TextField()
    state = models.TextField(choices=State.choices, default=State.ASKED)
    refund_ref = models.TextField(db_default="", default="", blank=True)
    beside = models.BooleanField(db_default=False, default=False)  # paid by ourselves: not in the provider's sums
    trouble = models.TextField(db_default="", default="", blank=True)
    next_look_at = models.DateTimeField(null=True)
    tries = models.IntegerField(db_default=0, default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    receipted = models.BooleanField(db_default=False, default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credits_m__gt=0, amount_cents__gt=0), name="credits_moneyrefund_of_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at"], condition=Q(next_look_at__isnull=False), name="credits_moneyrefund_due"
            )
        ]


class MoneyRequest(models.Model):
    """A customer asks to be paid back in money what is left of a purchase (L7). One at a time waits for staff."""

    class State(models.TextChoices):
        OPEN = "open"
        GRANTED = "granted"  # staff began the refund; should that fail, it is open again
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    lock_rank: ClassVar[int] = 297

    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="money_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(db_default="", default="", blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    refund = models.OneToOneField(MoneyRefund, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(db_default="", default="", blank=True)  # why not, in words for the customer
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(state="open"), name="credits_moneyrequest_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state="open"), name="credits_moneyrequest_waiting"),
        ]


class CreditsStanding(models.Model):
    """What stood in all wallets in a night, bought and given: told from all lots, which is too much for a page."""

    at = models.DateTimeField(unique=True)
    paid_m = models.BigIntegerField()
    granted_m = models.BigIntegerField()


class ReceiptYear(models.Model):
    """How many receipts the year has. Locked after everything else and for a moment: see docs/how/locking.md."""

    lock_rank: ClassVar[int] = 396

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField(default=0)


class Receipt(models.Model):
    """A receipt (of a purchase) or credit note (of money back), numbered without gaps and never changed (S4)."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"
        CREDIT_NOTE = "credit_note"

    year = models.IntegerField()
    number = models.IntegerField()
    kind = models.TextField(choices=Kind.choices)
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="receipts")
    money_refund = models.OneToOneField(MoneyRefund, models.PROTECT, null=True, related_name="+")
    credits_m = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="credits_receipt_one_per_number"),
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(kind="receipt"), name="credits_receipt_one_per_purchase"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="credits_receipt_from_one"),
        ]


class ReceiptWords(models.Model):
    """Who sold and who bought, as it stands on a receipt: written when it was issued, so that a new name changes none.

    Beside the receipt, since free text is emptied with the person while the books stay (P10). `language`: of the file.
    """

    receipt = models.OneToOneField(Receipt, models.PROTECT, primary_key=True, related_name="words")
    language = models.TextField()
    seller_name = models.TextField()
    seller_address = models.JSONField(default=list)
    seller_vat_number = models.TextField(blank=True)
    seller_registration = models.TextField(blank=True)
    buyer_company = models.TextField(blank=True, default="")
    buyer_name = models.TextField(blank=True, default="")
    buyer_address = models.JSONField(default=list)


class Voucher(models.Model):
    """A code that gives credits (S1). Only its digest is kept: who reads the table cannot use it."""

    lock_rank: ClassVar[int] = 292

    digest = models.TextField(unique=True)
    hint = models.TextField()
    credits_m = models.BigIntegerField()
    uses_max = models.IntegerField(default=1)
    uses = models.IntegerField(default=0)
    until = models.DateTimeField(null=True)
    credits_days = models.IntegerField(null=True)  # granted credits expire so many days after they came
    active = models.BooleanField(default=True)
    label = models.TextField(db_default="", default="", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credits_m__gt=0, uses_max__gt=0, uses__gte=0, uses__lte=F("uses_max")),
                name="credits_voucher_figures",
            ),
        ]


class VoucherRedemption(models.Model):
    """Once per wallet and once per person."""

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="redemptions")
    wallet = models.ForeignKey(Account, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voucher", "wallet"], name="credits_redemption_once_per_wallet"),
            models.UniqueConstraint(fields=["voucher", "user"], name="credits_redemption_once_per_person"),
        ]


class BankLine(models.Model):
    """A line of the hub's bank account that staff booked, or keep to look into. `digest` makes each line one.

    The same line reads differently as text and in a file of the bank: `twin` is the digest of the other reading, once
    it came.
    """

    class State(models.TextChoices):
        BOOKED = "booked"
        OPEN = "open"  # a wrong reference, too little or too much: somebody decides
        CLOSED = "closed"  # somebody did

    digest = models.TextField(unique=True)
    twin = models.TextField(null=True, unique=True)  # noqa: DJ001 - none yet, and unique where there is one
    of_file = models.BooleanField(db_default=False, default=False)
    purchase = models.ForeignKey(Purchase, models.PROTECT, null=True, related_name="bank_lines")
    amount_cents = models.BigIntegerField()
    currency = models.TextField()
    text = models.TextField(blank=True)
    state = models.TextField(choices=State.choices)
    trouble = models.TextField(db_default="", default="", blank=True)
    payer = models.TextField(db_default="", default="", blank=True)  # as the bank calls them
    day = models.DateField(null=True)  # of the statement
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_cents__gt=0), name="credits_bankline_of_something")]
