"""What happened in a chat, as pages and files tell it; the widget says the same (frontend/shared/words.ts).

`own`: whoever reads is the customer of that chat; staff and managers read of a third person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hub.base import formats

_AGENT_PAUSED: Final = gettext_noop("Paused by the agent")
_COLLEAGUE: Final = gettext_noop("Waiting for a colleague")
_OUTAGE: Final = gettext_noop("Our system was down")
_USED_UP: Final = gettext_noop("Credit used up")
_LIMIT: Final = gettext_noop("Your limit was reached")
PAUSES: Final = {
    "agent": _AGENT_PAUSED,
    "by_agent": _AGENT_PAUSED,
    "manual": _AGENT_PAUSED,
    "agent_away": gettext_noop("The agent's connection was lost"),
    "customer_away": gettext_noop("Your connection was lost"),
    "handover": _COLLEAGUE,
    "requeued": _COLLEAGUE,
    "hub_down": _OUTAGE,
    "outage": _OUTAGE,
    "hub": _OUTAGE,
    "empty": _USED_UP,
    "grace": _USED_UP,
    "payment": _USED_UP,
    "most_to_spend": _LIMIT,
    "limit": _LIMIT,
    "looking_up": gettext_noop("The agent is looking something up"),
    "customer_asked": gettext_noop("You asked for a pause"),
    "our_fault": gettext_noop("Our mistake"),
    "break": gettext_noop("A short break"),
}
_PAUSES_OF_OTHERS: Final = {
    "customer_away": gettext_noop("The customer's connection was lost"),
    "most_to_spend": gettext_noop("The customer's limit was reached"),
    "limit": gettext_noop("The customer's limit was reached"),
    "customer_asked": gettext_noop("The customer asked for a pause"),
}
ENDS: Final = {
    "customer": gettext_noop("The customer ended the chat"),
    "agent": gettext_noop("The agent ended the chat"),
    "inactive": gettext_noop("Ended because nobody wrote any more"),
    "empty": gettext_noop("Ended because the credit was used up"),
    "left_queue": gettext_noop("The queue was left"),
    "error": gettext_noop("Ended by a fault of ours"),
}
_OWN_ENDS: Final = {
    "customer": gettext_noop("You ended the chat"),
    "left_queue": gettext_noop("You left the queue"),
}
EVENTS: Final = {
    "joined": gettext_noop("%(name)s joined"),
    "left": gettext_noop("%(name)s left"),
    "paused": gettext_noop("Meter off: %(reason)s"),
    "resumed": gettext_noop("Meter on again"),
    "granted": gettext_noop("%(name)s gave %(time)s extra"),
    "waived": gettext_noop("%(name)s made time free of charge"),
    "agent_away": gettext_noop("The agent's connection was lost. Meter off."),
    "agent_back": gettext_noop("The agent is back"),
    "customer_away": gettext_noop("Your connection was lost. Meter off."),
    "customer_back": gettext_noop("You are back"),
    "inactive": gettext_noop("Nobody wrote for a while"),
    "grace": gettext_noop("The credit is used up. Meter off."),
    "goes_on": gettext_noop("There is credit again. The chat goes on."),
    "limit_asked": gettext_noop("%(name)s asked the manager to raise the spending limit."),
    "limit_declined": gettext_noop("The spending limit is not raised this time."),
    "limit_raised": gettext_noop("The spending limit was raised. The chat goes on."),
    "reopened": gettext_noop("The chat was opened again"),
    "ticket": gettext_noop("Ticket %(number)s was made of this chat"),
}
_GRACE_AT: Final = {
    "limit": gettext_noop("The spending limit was reached. Meter off."),
    "most_to_spend": gettext_noop("Your limit was reached. Meter off."),
}
_GRACE_OF_OTHERS_AT: Final = {"most_to_spend": gettext_noop("The customer's limit was reached. Meter off.")}
OUTCOMES: Final = {
    "solved": gettext_noop("Solved"),
    "partly": gettext_noop("Partly solved"),
    "not_solved": gettext_noop("Not solved"),
    "no_answer": gettext_noop("Customer gone"),
}
_EVENTS_OF_OTHERS: Final = {
    "customer_away": gettext_noop("The customer's connection was lost. Meter off."),
    "customer_back": gettext_noop("The customer is back"),
}


def pause_text(reason: str, *, own: bool) -> str:
    """Why the meter stood."""
    text = PAUSES.get(reason) if own else _PAUSES_OF_OTHERS.get(reason, PAUSES.get(reason))
    return _(text) if text else _("Meter off")


def end_text(reason: str, *, own: bool) -> str:
    text = _OWN_ENDS.get(reason, ENDS.get(reason)) if own else ENDS.get(reason)
    return _(text) if text else _("The chat ended")


def outcome_text(outcome: str) -> str:
    """What an agent said came of it; another program's own word as it stands."""
    return _(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome


def event_text(event: Mapping[str, object], *, own: bool) -> str:
    """A line of the transcript that nobody wrote; '' for what only programs need."""
    kind, reason = str(event.get("type", "")), str(event.get("reason", ""))
    if kind == "ended":
        return end_text(reason, own=own)
    if kind not in EVENTS:
        return ""
    stopped_by = str(event.get("stopped_by", ""))
    if kind == "grace" and stopped_by in _GRACE_AT:
        return _(_GRACE_AT[stopped_by] if own else _GRACE_OF_OTHERS_AT.get(stopped_by, _GRACE_AT[stopped_by]))
    seconds = event.get("seconds")
    said = {
        "name": str(event.get("name") or event.get("by") or ""),
        "reason": pause_text(reason, own=own),
        "number": str(event.get("number", "")),
        "time": formats.exact_duration(seconds if isinstance(seconds, (int, float)) else 0),
    }
    text = EVENTS[kind] if own else _EVENTS_OF_OTHERS.get(kind, EVENTS[kind])
    return _(text) % said
