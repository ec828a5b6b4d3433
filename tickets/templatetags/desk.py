"""What the templates of the staff's ticket pages need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import ngettext

from hub.base import formats
from hub.base.rich_text import to_text

register = template.Library()

HOUR, DAY = 3600, 86400


@register.filter
def age(seconds: float) -> str:
    """How long somebody waits, where there is little room: 42 min, 7 h, 3 days."""
    if seconds >= 2 * DAY:
        days = int(seconds // DAY)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": formats.number(days)}
    return formats.duration(seconds // HOUR * HOUR if seconds >= 2 * HOUR else max(seconds, 60))


@register.filter
def words(text: str) -> list[str]:
    """For loops over a few fixed words."""
    return text.split()


@register.filter
def at(values: Mapping[str, Any], name: str) -> Any:
    return values.get(name, "")


@register.filter
def letters(html: Any) -> str:
    """What was written, for a field without the editor."""
    return to_text(str(html or "")).strip()


@register.filter
def unlocalized(value: Any) -> str:
    """A number as a field takes it back, whatever language is read."""
    return f"{value:g}" if isinstance(value, float) else str(value)
