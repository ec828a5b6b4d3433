"""Mails to who asked for the credits of a chat back: they were given, or they were not and why (M6)."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from chat.models import Session
from hub.base.outbox import put_mail


def mail_granted(session: Session, refund_id: int, amount_m: int) -> None:
    _put(session, "refund_granted", {"amount_m": amount_m}, key=f"refund_granted:{refund_id}")


def mail_declined(session: Session) -> None:
    _put(session, "refund_declined", {"why": session.refund_answer}, key=f"refund_declined:{session.pk}")


def _put(session: Session, template: str, said: dict[str, object], *, key: str) -> None:
    """To nobody, where there is no address: it stands on the page of the chat as well."""
    customer = session.customer
    if not customer.email:
        return
    put_mail(
        to=customer.email,
        template=template,
        language=customer.language or settings.LANGUAGE_CODE,
        context={
            "reader": customer,
            "title": session.subject or session.department.name,
            "path": reverse("chat-page", args=[session.pk]),
            **said,
        },
        about=f"user:{customer.pk}",
        key=key,
    )
