"""Receipts and credit notes (S4): numbered without gaps, mailed to who bought and to the hub's owners.

Made after the purchase is booked, in two transactions of their own: a number is taken under a lock that all receipts of
the year share; the file is drawn while nothing is locked; mails go out with the mark that all is done. What has no
mark yet is found by the sweep, and goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from credits.models import MoneyRefund, Purchase, Receipt, ReceiptWords, ReceiptYear, VatAt
from credits.store.outside import require_no_transaction
from credits.store.packages import vat_in
from credits.store.receipt_facts import ReceiptFacts
from credits.store.seller import seller_in_use
from hub.accounts.public import Organisation, Person, User
from hub.base import clock, locking
from hub.base.outbox import Attachment, put_mail

log = structlog.get_logger(__name__)
BATCH: Final = 100
PDF: Final = "application/pdf"


def number_of(receipt: Receipt) -> str:
    """As people read it: 2026-000123."""
    return f"{receipt.year}-{receipt.number:06d}"


def receipt_seen_by(person: Person, receipt_id: int) -> Receipt | None:
    """Of a purchase that this person sees (X1)."""
    seen = Purchase.objects.visible_to(person).values("pk")
    rows = Receipt.objects.select_related("purchase__buyer", "words")
    return rows.filter(pk=receipt_id, purchase__in=seen).first()


def facts_of(receipt: Receipt) -> ReceiptFacts:
    """As they were when it was issued, whatever anybody is called since."""
    purchase, words = receipt.purchase, words_of(receipt)
    return ReceiptFacts(
        number=number_of(receipt),
        kind=receipt.kind,
        issued_at=receipt.issued_at,
        buyer_name=words.buyer_name,
        buyer_company=words.buyer_company,
        buyer_address=tuple(words.buyer_address),
        credits_m=receipt.credits_m,
        amount_cents=receipt.amount_cents,
        currency=purchase.currency,
        vat_bp=purchase.vat_bp,
        vat_cents=receipt.vat_cents,
        vat_at_use=purchase.vat_at == VatAt.USE,
        provider=purchase.provider,
        method=purchase.method,
        purchase_id=str(purchase.pk),
        test=purchase.test,
        corrects=number_of(purchase.receipts.get(kind=Receipt.Kind.RECEIPT)) if receipt.money_refund_id else "",
    )


def words_of(receipt: Receipt) -> ReceiptWords:
    """Of one from before words were kept, as they are now."""
    try:
        kept: ReceiptWords = receipt.words
    except ReceiptWords.DoesNotExist:
        return _words_now(receipt)
    return kept


def _words_now(receipt: Receipt) -> ReceiptWords:
    buyer, seller = receipt.purchase.buyer, seller_in_use()
    company = Organisation.objects.filter(wallet__account=receipt.purchase.wallet_id).first()
    profile = getattr(buyer, "customer_profile", None)
    lines = [profile.address, f"{profile.postcode} {profile.city}".strip()] if profile is not None else []
    return ReceiptWords(
        receipt=receipt,
        language=buyer.language or settings.LANGUAGE_CODE,
        seller_name=seller.name,
        seller_address=list(seller.address),
        seller_vat_number=seller.vat_number,
        seller_registration=seller.registration,
        buyer_company=company.name if company else "",
        buyer_name=buyer.name,
        buyer_address=[line for line in lines if line],
    )


def file_of(receipt: Receipt) -> Attachment:
    """As PDF, the same for whoever looks and whenever: in the buyer's language, with the look of the brand in use."""
    from credits.store.receipt_pdf import draw_receipt  # its fonts' tools are a quarter of what a process loads

    words = words_of(receipt)
    seller = replace(
        seller_in_use(),
        name=words.seller_name,
        address=tuple(words.seller_address),
        vat_number=words.seller_vat_number,
        registration=words.seller_registration,
    )
    name = f"{receipt.kind.replace('_', '-')}-{number_of(receipt)}.pdf"
    return Attachment(name, PDF, draw_receipt(facts_of(receipt), seller, words.language))


def issue_due(batch: int = BATCH) -> int:
    """Receipts of what was paid, credit notes of what was paid back, the oldest first; how many."""
    paid = Purchase.objects.filter(state=Purchase.State.PAID, receipted=False).order_by("paid_at")
    back = MoneyRefund.objects.filter(state=MoneyRefund.State.DONE, receipted=False).order_by("done_at")
    made = 0
    for purchase_id in list(paid.values_list("pk", flat=True)[:batch]):
        made += _issue_safely(purchase_id, None)
    for refund in list(back[:batch]):
        made += _issue_safely(refund.purchase_id, refund)
    return made


def _issue_safely(purchase_id: object, refund: MoneyRefund | None) -> bool:
    try:
        receipt = _numbered(purchase_id, refund)
        return receipt is not None and _told(receipt, _drawn(receipt))
    except Exception:  # one must not stop the others
        log.exception("store.receipt_failed", purchase=str(purchase_id))
        return False


@transaction.atomic
def _numbered(purchase_id: object, refund: MoneyRefund | None) -> Receipt | None:
    """The receipt, made now or before a crash; None where nothing is to be done."""
    purchase = locking.lock_one(Purchase, purchase_id)
    if refund is not None:
        refund = locking.lock_one(MoneyRefund, refund.pk)
    of: Purchase | MoneyRefund = refund or purchase
    if of.receipted or (refund is not None and not purchase.receipted):
        return None
    kind = Receipt.Kind.CREDIT_NOTE if refund else Receipt.Kind.RECEIPT
    made = Receipt.objects.filter(purchase=purchase, kind=kind, money_refund=refund).first()
    return made or _write(purchase, refund)


def _drawn(receipt: Receipt) -> Attachment:
    """Takes a hundred times as long as the rest, and everybody else's number would wait for it."""
    require_no_transaction()
    return file_of(receipt)


@transaction.atomic
def _told(receipt: Receipt, file: Attachment) -> bool:
    """Mails and mark commit together. False: somebody else was faster."""
    purchase = locking.lock_one(Purchase, receipt.purchase_id)
    refund = locking.lock_one(MoneyRefund, receipt.money_refund_id) if receipt.money_refund_id else None
    of: Purchase | MoneyRefund = refund or purchase
    if of.receipted:
        return False
    of.receipted = True
    of.save(update_fields=["receipted"])
    _tell(receipt, file)
    return True


def _write(purchase: Purchase, refund: MoneyRefund | None) -> Receipt:
    now = clock.now()
    year = timezone.localtime(now).year
    ReceiptYear.objects.bulk_create([ReceiptYear(year=year)], ignore_conflicts=True)
    counter = locking.lock_one(ReceiptYear, year)
    counter.last += 1
    counter.save(update_fields=["last"])
    cents = refund.amount_cents if refund else purchase.amount_cents
    receipt = Receipt.objects.create(
        year=year,
        number=counter.last,
        kind=Receipt.Kind.CREDIT_NOTE if refund else Receipt.Kind.RECEIPT,
        purchase=purchase,
        money_refund=refund,
        credits_m=refund.credits_m if refund else purchase.credits_m,
        amount_cents=cents,
        vat_cents=vat_in(cents, purchase.vat_bp) if purchase.vat_at == VatAt.SALE else 0,
        issued_at=now,
    )
    _words_now(receipt).save(force_insert=True)
    return receipt


def _tell(receipt: Receipt, file: Attachment) -> None:
    """To who bought, and to the hub's owners, each in their language and with the same file (S4)."""
    purchase = receipt.purchase
    facts = facts_of(receipt)
    template = "store_receipt" if receipt.kind == Receipt.Kind.RECEIPT else "store_credit_note"
    about = f"user:{purchase.buyer_id}"
    if purchase.buyer.email:
        put_mail(
            to=purchase.buyer.email,
            template=template,
            language=purchase.buyer.language or settings.LANGUAGE_CODE,
            context={"facts": facts, "path": reverse("portal-purchase", args=[purchase.pk])},
            about=about,
            key=f"receipt:{receipt.pk}",
            files=[file],
        )
    owners = User.objects.filter(kind=User.Kind.STAFF, level=User.Level.OWNER, is_active=True).exclude(email=None)
    for owner in owners.order_by("pk"):
        put_mail(
            to=str(owner.email),
            template=f"{template}_owner",
            language=owner.language or settings.LANGUAGE_CODE,
            context={"facts": facts, "path": reverse("receipt-file", args=[receipt.pk])},
            about=about,
            key=f"receipt:{receipt.pk}:{owner.pk}",
            files=[file],
        )
