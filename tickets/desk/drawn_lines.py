"""A ticket's conversation for staff, as HTML: up to two hundred entries at once (drawn.py says why not a template)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.base import formats
from hub.site.public import avatar, icon

if TYPE_CHECKING:
    from tickets.conversation import EntryShown


def draw_lines(entries: Iterable[EntryShown], split: tuple[str, str] | None = None) -> SafeString:
    """`split`: the two halves of split_form(), between which each reply's own number goes."""
    language = get_language() or "en"
    drawn = (_happened(one) if one.is_event else _post(one, split, language) for one in entries)
    return mark_safe("\n".join(drawn))  # noqa: S308 - each part is ours, escaped, or clean (X3)


def split_form(ticket_id: int, csrf_token: str, form_key: str) -> tuple[str, str]:
    """By which a reply becomes a ticket of its own; the same for all but the number of the reply."""
    label = escape(_("More with this message"))
    begun = (
        f'<details class="more" name="menu"><summary class="ibtn sm" aria-label="{label}">'
        f'{icon("ellipsis", "sm")}</summary><form class="pop form" method="post" '
        f'action="{reverse("desk-ticket-join", args=[ticket_id])}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(csrf_token)}">'
        f'<input type="hidden" name="do" value="split"><input type="hidden" name="form_key" value="{escape(form_key)}-s'
    )
    ended = (
        f'<label class="field"><span>{escape(_("Subject of a ticket of its own"))}</span><input class="input" '
        'name="subject" maxlength="200" required dir="auto" autocomplete="off"></label><div class="acts">'
        f'<button class="btn sm">{icon("split", "sm")}{escape(_("Split off"))}</button></div></form></details>'
    )
    return begun, ended


def _happened(one: EntryShown) -> str:
    inside = "" if one.is_public else " inside"
    who = f'<span dir="auto">{escape(one.who)}</span>' if one.who else ""
    return (
        f'<li class="happened{inside}" id="entry-{one.pk}" data-seq="{one.seq}">{icon("history", "sm")}'
        f"<span>{escape(one.event)}</span>{who}{_time(one)}</li>"
    )


def _post(one: EntryShown, split: tuple[str, str] | None, language: str) -> str:
    marks = (" data-reply" if one.is_public else "") + (" data-mine" if one.mine else "")
    of = " note" if one.is_note else " ours" if one.of_staff else ""
    sign = icon("lock", "sm") if one.is_note else ""
    who = _("You") if one.mine else one.who or "–"
    menu = _menu(one.seq, split) if split is not None and one.is_public else ""
    files = render_to_string("tickets/files.html", {"files": one.files}) if one.files else ""
    return (
        f'<li id="entry-{one.pk}" data-seq="{one.seq}"{marks}><article class="post{of}" tabindex="-1" '
        f'aria-labelledby="by-{one.pk}">{_face(one)}<header>{sign}<b id="by-{one.pk}" dir="auto">{escape(who)}</b>'
        f"{_side(one.is_note, one.of_staff, language)}<small>{_time(one)}</small>{menu}</header>"
        f'<div class="rich" dir="auto">{one.html}</div>{files}</article></li>'
    )


def _menu(seq: int, split: tuple[str, str]) -> str:
    begun, ended = split
    return f'{begun}{seq}"><input type="hidden" name="seq" value="{seq}">{ended}'


def _face(one: EntryShown) -> str:
    if one.is_automatic:
        return f'<span class="av sm auto" aria-hidden="true">{icon("zap", "sm")}</span>'
    return avatar(one.who, one.user_id, staff=one.of_staff, size="sm")


def _time(one: EntryShown) -> str:
    return f'<time datetime="{one.at.isoformat()}">{escape(formats.moment(one.at))}</time>'


@lru_cache(maxsize=64)
def _side(is_note: bool, of_staff: bool, _language: str) -> str:
    if is_note:
        return f'<span class="pill">{escape(_("Note among staff"))}</span>'
    return f'<span class="pill brand">{escape(_("Staff"))}</span>' if of_staff else ""
