"""Mandates of people who were erased are revoked at their providers (P10, S6).

Erasure is one transaction, and no provider is asked in one: what is to be revoked is written down in it, and done
afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import structlog
from django.db.models import Q

from credits.models import AutoTopUp, MandateToRevoke, Purchase
from credits.store.outside import require_no_transaction
from credits.store.providers import registry
from credits.store.providers.base import NotOffered, ProviderDown, Refused, Unknown
from hub.base import clock

log = structlog.get_logger(__name__)

BATCH: Final = 50
TRIES_MAX: Final = 100
AGAIN_MAX: Final = timedelta(hours=6)


def revoke_later(user_id: int, wallet_ids: list[int]) -> None:
    """All that this person permitted, and what their own wallets buy by. In the transaction of the erasure."""
    theirs = Q(buyer=user_id) | Q(wallet__in=wallet_ids)
    refs = set(Purchase.objects.filter(theirs).exclude(mandate_ref="").values_list("provider", "mandate_ref"))
    own = Q(user=user_id) | Q(wallet__in=wallet_ids)
    refs |= set(AutoTopUp.objects.filter(own).exclude(mandate_ref="").values_list("provider", "mandate_ref"))
    now = clock.now()
    MandateToRevoke.objects.bulk_create(
        [MandateToRevoke(provider=provider, mandate_ref=ref, next_try_at=now) for provider, ref in sorted(refs)],
        ignore_conflicts=True,
    )


def revoke_due(batch: int = BATCH) -> int:
    """Ask the providers; what is done is gone from here. How many were asked."""
    require_no_transaction()
    due = list(MandateToRevoke.objects.filter(next_try_at__lte=clock.now()).order_by("next_try_at")[:batch])
    for row in due:
        _revoke(row)
    return len(due)


def _revoke(row: MandateToRevoke) -> None:
    """To revoke twice is to revoke once, so that two workers harm nobody."""
    provider = registry.find_stored(row.provider)
    try:
        if provider is None:  # nor can we charge by it any more; the owner revokes it in the provider's own pages
            log.error("store.mandate_provider_gone", provider=row.provider)
        else:
            provider.revoke(row.mandate_ref)
    except (Unknown, NotOffered):
        pass  # there is none any more
    except (ProviderDown, Refused) as down:
        _later(row, down)
        return
    MandateToRevoke.objects.filter(pk=row.pk).delete()


def _later(row: MandateToRevoke, why: Exception) -> None:
    log.warning("store.mandate_not_revoked", provider=row.provider, reason=str(why), tries=row.tries)
    wait = min(AGAIN_MAX, timedelta(minutes=2) * (row.tries + 1))
    if row.tries + 1 >= TRIES_MAX:
        log.error("store.mandate_given_up", provider=row.provider)
        MandateToRevoke.objects.filter(pk=row.pk).delete()
        return
    MandateToRevoke.objects.filter(pk=row.pk).update(tries=row.tries + 1, next_try_at=clock.now() + wait)
