"""What the templates of the staff's ticket pages need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hub.base.rich_text import to_text
from tickets.desk.drawn import draw_rows, status_pill
from tickets.desk.drawn_lines import draw_lines, split_form
from tickets.desk.words import waited

if TYPE_CHECKING:
    from tickets.conversation import EntryShown

register = template.Library()

register.filter("age", waited)
register.simple_tag(draw_rows, name="ticket_rows")
register.simple_tag(status_pill)


@register.simple_tag(takes_context=True)
def ticket_lines(context: Context, lines: Iterable[EntryShown], *, splits: bool) -> SafeString:
    """`splits`: a reply can become a ticket of its own."""
    if not splits:
        return draw_lines(lines)
    return draw_lines(lines, split_form(context["ticket"].pk, str(context["csrf_token"]), context["empty"].key))


@register.simple_tag
def desk_keys(of: str) -> SafeString:
    """The window that tells the keys of a `list` or a `ticket`: the same for every reader of a language."""
    return _keys(of, get_language() or "en")


@lru_cache(maxsize=64)
def _keys(of: str, _language: str) -> SafeString:
    return render_to_string("tickets/desk_keys.html", {"of": of})


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
