"""What the ledger knows about people: ids, codes and amounts, and the notes beside them (P10).

Erasure leaves every row of the books: what a wallet still holds goes to the account of expired credits by a transfer,
so that everything still adds up and an emptied person owns nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from credits.ledger.accounts import get_wallet, house_account
from credits.ledger.lines import Filter, read_lines
from credits.ledger.transfers import Movement, post
from credits.metering.purse import moving
from credits.models import (
    Account,
    Allowance,
    Approval,
    AutoTopUp,
    BankLine,
    CreditsStanding,
    DepartmentPrice,
    Hold,
    LimitRequest,
    MandateToRevoke,
    Meter,
    MeterEvent,
    MoneyRefund,
    MoneyRequest,
    Package,
    PaymentNotice,
    Purchase,
    PurchaseEvent,
    Receipt,
    ReceiptWords,
    Refund,
    SandboxMandate,
    SandboxNotice,
    SandboxPayment,
    SandboxRefund,
    Tally,
    Transfer,
    TransferNote,
    Voucher,
    VoucherRedemption,
    Wallet,
)
from credits.store.mandates import revoke_later
from hub.accounts.public import audit_targets
from hub.base import clock, formats
from hub.base.personal_data import (
    Eraser,
    Exporter,
    Loss,
    Obstacle,
    PersonalColumns,
    Retention,
    Subject,
    erasers,
    exporters,
    losses,
    obstacles,
    plain,
    register,
    retentions,
)

CODES = "codes of the programme"
LEDGER = "a code, an account id, or an id of what it belongs to; nothing that anybody typed"
BOOKS = "the books: who bought what and how it was paid is kept as long as the law wants"
PLAY = "play money: the sandbox invents it"
LINES_AT_ONCE = 200
NOTICES_KEPT_DAYS = 90
PAYABLE_FOR = timedelta(hours=2)


def declare() -> None:
    audit_targets["wallet"] = lambda subject: map(str, _wallet_ids(subject))
    register(
        PersonalColumns(Account, not_personal={"kind": CODES}),
        PersonalColumns(Transfer, not_personal={"key reason actor reference lot": LEDGER}),
        PersonalColumns(
            Tally, not_personal={"first_at last_at lot_ids lot_kinds lot_untils lot_amounts lot_lefts": LEDGER}
        ),
        PersonalColumns(TransferNote, of=_notes, for_staff="text"),
        PersonalColumns(
            Approval,
            of=_approvals,
            for_staff="text",
            not_personal={"key what reference reason state": LEDGER},
        ),
        PersonalColumns(Hold, not_personal={"key": LEDGER, "state": CODES}),
        PersonalColumns(Refund, not_personal={"key reference reason actor": LEDGER}),
        PersonalColumns(DepartmentPrice, not_personal={"kind": CODES}),
        PersonalColumns(Meter, not_personal={"reference": LEDGER, "state reason": CODES, "switches": "numbers"}),
        PersonalColumns(MeterEvent, not_personal={"kind reason actor": LEDGER}),
        PersonalColumns(Allowance, not_personal={"time_zone": "of the hub"}),
        PersonalColumns(LimitRequest, not_personal={"reference": LEDGER, "state": CODES}),
    )
    _declare_store()
    exporters.register(Exporter("wallet", _lines))
    erasers.register(Eraser("credits", _give_up))
    obstacles.register(Obstacle("holds", _holds))
    obstacles.register(Obstacle("payments", _payments))
    losses.register(Loss("credits", _credits_left))


def _declare_store() -> None:
    raw = "as the provider sent it: ids of payments, seldom more; nobody is found by it, and it goes after a while"
    register(
        PersonalColumns(Package, not_personal={"currency vat_at": CODES}),
        PersonalColumns(
            Purchase,
            of=_purchases,
            kept={"created_at paid_at method provider provider_ref": BOOKS},
            personal="return_to redirect_url",
            withheld={"instructions mandate_ref": "of use to the payment provider alone"},
            empty={"instructions": {}},
            not_personal={"id key currency vat_at locale state trouble closed_trouble next_look_at": LEDGER},
        ),
        PersonalColumns(
            MandateToRevoke, not_personal={"provider mandate_ref next_try_at": "of use to the provider alone"}
        ),
        PersonalColumns(PurchaseEvent, not_personal={"what detail actor": LEDGER, "at": "when the programme did it"}),
        PersonalColumns(PaymentNotice, not_personal={"digest provider body headers query result": raw}),
        PersonalColumns(MoneyRefund, not_personal={"id key reason actor state refund_ref trouble": LEDGER}),
        PersonalColumns(
            MoneyRequest,
            of=lambda subject: Q(asked_by=subject.user_id) | Q(purchase__in=_bought(subject)),
            personal="text answer",
            kept={"asked_at answered_at": BOOKS},
            not_personal={"state": CODES},
        ),
        PersonalColumns(CreditsStanding, not_personal={"at": "when the programme did it"}),
        PersonalColumns(Receipt, not_personal={"kind": CODES}),
        PersonalColumns(
            ReceiptWords,
            of=lambda subject: Q(receipt__purchase__buyer=subject.user_id),
            personal="buyer_name buyer_address",
            not_personal={
                "language": CODES,
                "seller_name seller_address seller_vat_number seller_registration": "who runs the hub",
                "buyer_company": "the name of an organisation, part of the books",
            },
        ),
        PersonalColumns(Voucher, not_personal={"digest hint label": "of the hub: it is for whoever has the code"}),
        PersonalColumns(VoucherRedemption, of=lambda subject: Q(user=subject.user_id), kept={"at": BOOKS}),
        PersonalColumns(
            AutoTopUp,
            of=lambda subject: Q(user=subject.user_id),
            withheld={"mandate_ref": "of use to the payment provider alone"},
            not_personal={"provider off_because month": CODES},
        ),
        PersonalColumns(
            BankLine,
            of=lambda subject: Q(purchase__buyer=subject.user_id),
            for_staff="text payer",
            kept={"day": BOOKS},
            not_personal={"digest twin currency state trouble": CODES},
        ),
        PersonalColumns(
            SandboxPayment,
            not_personal={
                "ref key order_id currency description return_url cancel_url notice_url mandate_ref state": PLAY
            },
        ),
        PersonalColumns(SandboxMandate, not_personal={"ref state": PLAY}),
        PersonalColumns(SandboxRefund, not_personal={"ref key state": PLAY}),
        PersonalColumns(SandboxNotice, not_personal={"due_at sent_at": PLAY}),
    )
    label = gettext_noop("Notices of payment providers")
    retentions.register(Retention("payment_notices", label, NOTICES_KEPT_DAYS, _remove_notices))


def _purchases(subject: Subject) -> Q:
    return Q(buyer=subject.user_id) | Q(wallet__in=_wallet_ids(subject))


def _bought(subject: Subject) -> QuerySet[Purchase]:
    found: QuerySet[Purchase] = Purchase.objects.filter(_purchases(subject))
    return found


def _remove_notices(before: datetime, at_most: int) -> int:
    old = PaymentNotice.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:at_most]
    return PaymentNotice.objects.filter(pk__in=list(old)).delete()[0]


def _wallet_ids(subject: Subject) -> list[int]:
    return list(Wallet.objects.filter(user=subject.user_id).values_list("pk", flat=True))


def _notes(subject: Subject) -> Q:
    """Of the own wallet, and of what an organisation's wallet paid for this person."""
    own = _wallet_ids(subject)
    used = Q(transfer__meter__spender=subject.user_id) | Q(transfer__reverses__meter__spender=subject.user_id)
    return Q(transfer__debit__in=own) | Q(transfer__credit__in=own) | used


def _approvals(subject: Subject) -> Q:
    used = Meter.objects.filter(spender=subject.user_id).values("reference")
    return Q(wallet__in=_wallet_ids(subject)) | Q(reference__in=used)


def _lines(subject: Subject) -> object:
    """The lines of the own wallet as its owner sees them (L5)."""
    found = []
    for wallet_id in _wallet_ids(subject):
        cursor = None
        while True:
            lines, cursor = read_lines(wallet_id, Filter(), cursor=cursor, limit=LINES_AT_ONCE)
            found += [
                {
                    "at": plain(line.at),
                    "amount_millicredits": line.amount_m,
                    "balance_millicredits": line.balance_m,
                    "reason": line.reason,
                    "reference": line.reference,
                }
                for line in lines
            ]
            if cursor is None:
                break
    return found


def _give_up(subject: Subject) -> None:
    """What is left goes where expired credits go; once, by its key. Nothing is bought by itself any more, and nobody
    can be charged by what they permitted."""
    revoke_later(subject.user_id, _wallet_ids(subject))
    asked = MoneyRequest.objects.filter(purchase__in=_bought(subject), state=MoneyRequest.State.OPEN)
    asked.update(state=MoneyRequest.State.WITHDRAWN, answered_at=clock.now())
    AutoTopUp.objects.filter(Q(user=subject.user_id) | Q(wallet__in=_wallet_ids(subject))).update(on=False)
    for wallet_id in _wallet_ids(subject):
        left_m = Account.objects.filter(pk=wallet_id).values_list("balance_m", flat=True).get()
        if not left_m:
            continue
        movement = Movement(wallet_id, house_account(Account.Kind.EXPIRED), left_m, "erased", "erasure")
        with moving(wallet_id):
            post(f"erased:{subject.user_id}:{_times(wallet_id)}", movement)


def _credits_left(subject: Subject) -> str | None:
    left_m = sum(get_wallet(wallet_id).balance_m for wallet_id in _wallet_ids(subject))
    if not left_m:
        return None
    return _("The %(amount)s credits that you still have. They cannot be given back.") % {
        "amount": formats.credits(left_m)
    }


def _times(wallet_id: int) -> int:
    """How often this wallet was emptied so: credits may reach it again, by a late refund."""
    return Transfer.objects.filter(debit=wallet_id, reason="erased").count()


def _holds(subject: Subject) -> str | None:
    if Hold.objects.filter(wallet__in=_wallet_ids(subject), state=Hold.State.OPEN).exists():
        return _("Credits are still reserved for something that goes on. Please wait until it has ended.")
    return None


def _payments(subject: Subject) -> str | None:
    lately = clock.now() - PAYABLE_FOR
    undecided = Q(state=Purchase.State.PENDING) | Q(state=Purchase.State.OPEN, created_at__gt=lately)
    at_provider = Purchase.objects.filter(buyer=subject.user_id, provider_ref__isnull=False)
    if at_provider.filter(undecided).exists():
        return _("A payment is still under way. Please wait until it has come in or has expired.")
    return None
