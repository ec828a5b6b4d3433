"""What one person may add, take away or give back by themselves (L6, M6); more needs a second person (approvals.py)."""

from __future__ import annotations

from django.conf import settings

from hub.base.hub_settings import hub_settings


def adjust_limit_m(level: str) -> int | None:
    """Millicredits; None is no limit."""
    return _limit_m(settings.ADJUST_LIMITS_MILLICREDITS, level)


def refund_limit_m(level: str) -> int | None:
    """For all refunds of one session together."""
    return _limit_m(settings.REFUND_LIMITS_MILLICREDITS, level)


def is_within(amount_m: int, limit_m: int | None) -> bool:
    return limit_m is None or abs(amount_m) <= limit_m


def _limit_m(limits: dict[str, int | None], level: str) -> int | None:
    """A hub owner has the limit that the owner sets on screen, if any."""
    if level == "owner":
        return hub_settings().owner_credits_max * 1000 or None
    return limits.get(level, 0)
