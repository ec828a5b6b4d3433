"""What the templates of the staff's ticket pages need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from hub.base.rich_text import to_text
from tickets.desk.drawn import draw_rows, status_pill
from tickets.desk.words import waited

register = template.Library()

register.filter("age", waited)
register.simple_tag(draw_rows, name="ticket_rows")
register.simple_tag(status_pill)


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
