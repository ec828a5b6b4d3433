"""What getting in leaves behind, and is of no use any more after a while."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from hub.accounts.models import ApiToken, OneTimeCode, OneTimeLink, SignedInDevice
from hub.base import clock

# Codes and links that are over still say so kindly, and give a new one, for as long as this.
OVER_FOR = timedelta(days=30)


def remove_old() -> None:
    """A job: codes, links, tokens and devices that were over long ago."""
    now = clock.now()
    OneTimeCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
    OneTimeLink.objects.filter(expires_at__lt=now - OVER_FOR).delete()
    ApiToken.objects.filter(Q(expires_at__lt=now - OVER_FOR) | Q(revoked_at__lt=now - OVER_FOR)).delete()
    long_ago = now - timedelta(days=settings.DEVICES_KEPT_DAYS)
    SignedInDevice.objects.filter(last_seen_at__lt=long_ago).delete()
