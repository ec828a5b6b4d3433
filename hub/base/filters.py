"""What narrows a list, as it stands in an address: ids and days. What is none of ours narrows nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def number_of(text: str | None) -> int | None:
    """An id; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None


def moments_of(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day to the end of the last, where the reader is; None where there is no day."""
    first, last = _day(since), _day(until)
    return (
        None if first is None else _midnight(first),
        None if last is None else _midnight(last + timedelta(days=1)),
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
