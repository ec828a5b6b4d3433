"""How a request for money back ends (L7): the refund of staff grants it, and each answer is told by mail.

Beside money_refunds.py, which calls this with the purchase locked; asking and declining are in money_requests.py.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from credits.models import MoneyRefund, MoneyRequest, Purchase
from hub.accounts.public import Person
from hub.base import clock, locking
from hub.base.outbox import put_mail


def lock_open(purchase: Purchase) -> MoneyRequest | None:
    """What a customer asks about this purchase. Before wallets are locked (docs/how/locking.md)."""
    found = locking.lock(MoneyRequest.objects.filter(purchase=purchase, state=MoneyRequest.State.OPEN))
    return found[0] if found else None


def grant(actor: Person, asked: MoneyRequest, refund: MoneyRefund) -> None:
    """Money of this purchase goes back: whoever asked for it is told."""
    asked.state, asked.refund, asked.answered_at = MoneyRequest.State.GRANTED, refund, clock.now()
    asked.answered_by_id = actor.user_id
    asked.save(update_fields=["state", "refund", "answered_at", "answered_by"])
    tell(asked, "money_granted", {"amount_cents": refund.amount_cents, "credits_m": refund.credits_m})


def ask_again(refund: MoneyRefund) -> None:
    """The money did not go back: staff see the request again, unless a newer one waits already."""
    if MoneyRequest.objects.filter(purchase=refund.purchase_id, state=MoneyRequest.State.OPEN).exists():
        return
    for asked in locking.lock(MoneyRequest.objects.filter(refund=refund, state=MoneyRequest.State.GRANTED)):
        asked.state, asked.refund, asked.answered_at = MoneyRequest.State.OPEN, None, None
        asked.save(update_fields=["state", "refund", "answered_at"])


def tell(asked: MoneyRequest, template: str, said: dict[str, object]) -> None:
    reader = asked.asked_by
    if not reader.email:
        return
    purchase = asked.purchase
    put_mail(
        to=reader.email,
        template=template,
        language=reader.language or settings.LANGUAGE_CODE,
        context={
            "reader": reader,
            "purchase": purchase,
            "path": reverse("portal-purchase", args=[purchase.pk]),
            **said,
        },
        about=f"user:{reader.pk}",
        key=f"{template}:{asked.pk}:{asked.refund_id or ''}",
    )
