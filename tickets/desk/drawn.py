"""The rows of a table of tickets and the pills in them, as HTML: a template takes ten times as long for each row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.base import formats
from hub.site.public import avatar, icon
from tickets.desk.words import CHANNELS, PRIORITIES, STATUSES, waited
from tickets.states import Initiator, Status

if TYPE_CHECKING:
    from tickets.desk.rows import Row
    from tickets.listed import Listed

TAGS_SHOWN: Final = 3
_PILLS: Final = {  # class and icon
    Status.OPEN: ("pill brand", "clock"),
    Status.PENDING: ("pill clay", "hourglass"),
    Status.SOLVED: ("pill ok", "check"),
    Status.CLOSED: ("pill", "lock"),
}
_OF_PRIORITY: Final = {"urgent": "pill danger", "high": "pill caution"}
_NOTHING: Final = '<span class="muted">–</span>'


def draw_rows(rows: Sequence[Row], *, picks: bool, shows_who: bool) -> SafeString:
    """`picks`: with a box before each; `shows_who`: with the customer."""
    language = get_language() or "en"
    before, after = reverse("desk-ticket", args=[0]).rsplit("0", 1)
    choose = _("Choose ticket %(number)s") if picks else ""
    drawn = []
    for row in rows:
        one, number = row.ticket, row.ticket.number
        pick = _pick(number, choose % {"number": number}) if picks else ""
        drawn.append(
            f'<tr class="whole" id="row-{number}" data-ticket="{number}">{pick}'
            f'\n<td class="nw"><span class="ltr num">{number}</span></td>'
            f'\n<td class="name"><span class="who-cell">{_begun_by(one.initiator, language)}<span>'
            f'<a class="open" href="{before}{number}{after}" dir="auto">{escape(one.subject)}</a>'
            f"<small>{_who(one) if shows_who else ''}{_about(one.channel, row.priority, language)}{_tags(one)}</small>"
            f"</span></span></td>"
            f'\n<td class="nw">{_age(row, language)}</td>\n<td class="nw opt-col">{_due(row)}</td>'
            f'\n<td class="opt-col" dir="auto">{escape(one.department_name)}</td>'
            f'\n<td class="opt-col">{_agent(one)}</td>\n<td>{_status_pill(one.status, language)}</td></tr>'
        )
    return mark_safe("\n".join(drawn))  # noqa: S308 - each part is ours or escaped


def status_pill(status: str) -> SafeString:
    return mark_safe(_status_pill(status, get_language() or "en"))  # noqa: S308 - of our own words


def _pick(number: str, said: str) -> str:
    box = f'<input type="checkbox" name="numbers" value="{number}" form="many" aria-label="{escape(said)}">'
    return f'<td class="pick">{box}</td>'


def _who(one: Listed) -> str:
    company = f' · <span dir="auto">{escape(one.organisation_name)}</span>' if one.organisation_name else ""
    return f'<span dir="auto">{escape(one.customer_name)}</span>{company} · '


def _tags(one: Listed) -> str:
    return "".join(f' <span class="pill" dir="auto">{escape(tag)}</span>' for tag in one.tags[:TAGS_SHOWN])


def _age(row: Row, language: str) -> str:
    if row.age:
        return f'<span class="age {row.age}">{escape(waited(row.waited_s))}{_waits(row.age, language)}</span>'
    at = row.ticket.updated_at
    return f'<span class="muted"><time datetime="{at.isoformat()}">{escape(formats.since(at))}</time></span>'


def _due(row: Row) -> str:
    if row.due_at is None:
        return _NOTHING
    late = ' class="late"' if row.is_late else ""
    sign = icon("triangle-alert", "sm") if row.is_late else ""
    moment = escape(formats.moment(row.due_at))
    return f'<span{late}>{sign}<time datetime="{row.due_at.isoformat()}">{moment}</time></span>'


def _agent(one: Listed) -> str:
    if one.agent_id is None:
        return f'<span class="muted">{_("Nobody yet")}</span>'
    who = avatar(one.agent_name, one.agent_id, staff=True, size="sm")
    return f'<span class="who-cell">{who}<span dir="auto">{escape(one.agent_name)}</span></span>'


# -- The same in many rows ---------------------------------------------------------------------------------------------
@lru_cache(maxsize=64)
def _begun_by(initiator: str, _language: str) -> str:
    by_staff = initiator == Initiator.STAFF
    said = _("Begun by staff") if by_staff else _("Begun by the customer")
    sign = icon("headset" if by_staff else "user-round", "sm")
    return f'<span class="by" title="{escape(said)}">{sign}<span class="sr">{escape(said)}</span></span>'


@lru_cache(maxsize=256)
def _about(channel: str, priority: str, _language: str) -> str:
    shown = _OF_PRIORITY.get(priority)
    pill = f' <span class="{shown}">{escape(str(PRIORITIES[priority]))}</span>' if shown else ""
    return escape(str(CHANNELS[channel])) + pill


@lru_cache(maxsize=64)
def _waits(age: str, _language: str) -> str:
    said = {
        "fresh": _("waiting, not long"),
        "ageing": _("waiting for a while"),
        "overdue": _("waiting too long"),
    }
    return f'<span class="sr"> {escape(said[age])}</span>'


@lru_cache(maxsize=64)
def _status_pill(status: str, _language: str) -> str:
    classes, sign = _PILLS[Status(status)]
    return f'<span class="{classes}">{icon(sign, "sm")}{escape(str(STATUSES[status]))}</span>'
