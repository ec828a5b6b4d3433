"""What a provider sent about one purchase, as long as it is kept: for support, and for a dispute (S3)."""

from __future__ import annotations

from django.db import connection

from credits.models import PaymentNotice, Purchase

NOTICES_SHOWN = 50
CHARACTERS_MAX = 20_000

_NOTICES = """
select id from credits_paymentnotice
 where provider = %s and at >= %s and (position(convert_to(%s, 'UTF8') in body) > 0 or position(%s in query::text) > 0)
 order by id desc limit %s"""


def notices_of(purchase: Purchase) -> list[PaymentNotice]:
    """Those in which the provider's id stands, the newest first: nothing else says what a notice is about."""
    ref = purchase.provider_ref
    if not ref:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NOTICES, [purchase.provider, purchase.created_at, ref, ref, NOTICES_SHOWN])
        ids = [pk for (pk,) in cursor]
    return list(PaymentNotice.objects.filter(pk__in=ids).order_by("-pk"))


def body_of(notice: PaymentNotice) -> str:
    """As text, and not all of what somebody may have sent."""
    return bytes(notice.body).decode(errors="replace")[:CHARACTERS_MAX]
