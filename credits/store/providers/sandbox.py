"""The sandbox (S2): a provider of play money that behaves like a real one, embedded, so that `make run` sells credits.

It has tables of its own and knows nothing of the store. Payers come to its page (credits/pages/sandbox.py); it sends
its notices by HTTP, from the worker, late, doubled, out of order or never, as the page was told to. It has all that a
real one has: keys, mandates, refunds, chargebacks.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from credits.models import SandboxMandate, SandboxNotice, SandboxPayment, SandboxRefund
from credits.store.providers.base import (
    Capability,
    Forged,
    MandateState,
    MandateStatus,
    Method,
    Money,
    Notice,
    Order,
    RefundState,
    RefundStatus,
    Refused,
    Started,
    State,
    Status,
    Unknown,
)
from hub.base import clock

PAYABLE_FOR: Final = timedelta(hours=1)
# What the page's buttons say, and what a payment is then.
OUTCOMES: Final[Mapping[str, State]] = {
    "paid": State.PAID,
    "failed": State.FAILED,
    "cancelled": State.CANCELLED,
    "expired": State.EXPIRED,
    "pending": State.PENDING,
}


class Sandbox:
    name = "sandbox"
    test = True
    capabilities = frozenset({Capability.FETCH, Capability.REFUND, Capability.MANDATE, Capability.NOTICE})

    def methods(self) -> tuple[Method, ...]:
        return (Method.IDEAL, Method.CARD, Method.SANDBOX)

    def start(self, order: Order, key: str) -> Started:
        payment = self._payment(order, key)
        url = f"{settings.PUBLIC_URL}/demo/pay/{payment.ref}/"
        return Started(payment.ref, redirect_url=url, expires_at=payment.made_at + PAYABLE_FOR)

    def fetch(self, provider_ref: str) -> Status:
        payment = _find(provider_ref)
        return Status(
            provider_ref=payment.ref,
            state=State(payment.state),
            amount=Money(payment.amount_cents, payment.currency),
            test=True,
            refunded_cents=payment.refunded_cents,
            charged_back_cents=payment.charged_back_cents,
            paid_at=payment.paid_at,
            mandate_ref=payment.mandate_ref or None,
            order_id=payment.order_id,
        )

    @transaction.atomic
    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        payment = SandboxPayment.objects.select_for_update(no_key=True).filter(ref=provider_ref).first()
        if payment is None:
            raise Unknown(provider_ref)
        made = SandboxRefund.objects.filter(key=key).first()
        if made is None:
            left = payment.amount_cents - payment.refunded_cents - payment.charged_back_cents
            if payment.state != State.PAID or amount.cents > left or amount.currency != payment.currency:
                raise Refused("not_refundable", "There is not that much left to refund.")
            made = SandboxRefund.objects.create(
                ref=f"re_{secrets.token_hex(8)}", key=key, payment=payment, amount_cents=amount.cents
            )
            SandboxPayment.objects.filter(pk=payment.pk).update(refunded_cents=F("refunded_cents") + amount.cents)
        return _refund_status(made)

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        made = SandboxRefund.objects.select_related("payment").filter(ref=refund_ref, payment__ref=provider_ref).first()
        if made is None:
            raise Unknown(refund_ref)
        return _refund_status(made)

    def refs_of(self, notice: Notice) -> list[str]:
        try:
            said = json.loads(notice.body)
        except ValueError:
            raise Forged("not JSON") from None
        ref = said.get("payment") if isinstance(said, dict) else None
        if not isinstance(ref, str) or not ref.startswith("sb_") or len(ref) > 40:
            raise Forged("no payment of the sandbox")
        return [ref]

    def verify(self, notice: Notice) -> list[str]:
        return self.refs_of(notice)

    def mandate(self, mandate_ref: str) -> MandateStatus:
        found = SandboxMandate.objects.filter(ref=mandate_ref).first()
        if found is None:
            raise Unknown(mandate_ref)
        return MandateStatus(found.ref, MandateState(found.state))

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        """Paid at once; the notice comes as one does."""
        found = SandboxMandate.objects.filter(ref=mandate_ref).first()
        if found is None:
            raise Unknown(mandate_ref)
        if found.state != MandateState.VALID or found.refuses:
            raise Refused("mandate_invalid", "The mandate cannot be charged.")
        payment = self._payment(order, key)
        decide(payment.ref, State.PAID)
        send_notices(payment.ref)
        return Started(payment.ref)

    def revoke(self, mandate_ref: str) -> None:
        SandboxMandate.objects.filter(ref=mandate_ref).update(state=MandateState.INVALID)

    def _payment(self, order: Order, key: str) -> SandboxPayment:
        payment, _ = SandboxPayment.objects.get_or_create(
            key=key,
            defaults={
                "ref": f"sb_{secrets.token_hex(8)}",
                "order_id": order.id,
                "amount_cents": order.amount.cents,
                "currency": order.amount.currency,
                "description": order.description,
                "return_url": order.return_url,
                "cancel_url": order.cancel_url,
                "notice_url": order.notice_url,
                "asks_mandate": order.mandate,
                "made_at": clock.now(),
            },
        )
        return payment


def configured() -> Sandbox | None:
    return Sandbox() if settings.SANDBOX_PAYMENTS else None


def _find(ref: str) -> SandboxPayment:
    found = SandboxPayment.objects.filter(ref=ref).first()
    if found is None:
        raise Unknown(ref)
    return found


def _refund_status(made: SandboxRefund) -> RefundStatus:
    return RefundStatus(made.ref, RefundState(made.state), Money(made.amount_cents, made.payment.currency))


# -- what happens to a payment, as its page says -----------------------------------------------------------------------


def decide(ref: str, state: State) -> None:
    """The payer decided, or the bank did. Paid stays paid; what had expired may be paid after all (banks do that)."""
    fields: dict[str, object] = {"state": state.value}
    if state == State.PAID:
        fields["paid_at"] = clock.now()
        payment = _find(ref)
        if payment.asks_mandate and not payment.mandate_ref:
            fields["mandate_ref"] = f"md_{ref}"
            SandboxMandate.objects.get_or_create(ref=f"md_{ref}")
    SandboxPayment.objects.filter(ref=ref).exclude(state=State.PAID).update(**fields)


@transaction.atomic
def take_back(ref: str, what: str) -> None:
    """`refund` (made at the provider, without us), `chargeback` or `chargeback_won`, of all that is left."""
    payment = SandboxPayment.objects.select_for_update(no_key=True).get(ref=ref)
    if payment.state != State.PAID:
        return
    left = payment.amount_cents - payment.refunded_cents - payment.charged_back_cents
    if what == "refund":
        payment.refunded_cents += left
    elif what == "chargeback":
        payment.charged_back_cents += left
    elif what == "chargeback_won":
        payment.charged_back_cents = 0
    payment.save(update_fields=["refunded_cents", "charged_back_cents"])


def send_notices(ref: str, *, delay_s: float = 0, copies: int = 1) -> None:
    """Put a notice into the queue that the worker sends."""
    payment = _find(ref)
    at = clock.now() + timedelta(seconds=delay_s)
    SandboxNotice.objects.create(payment=payment, due_at=at, copies=copies)
