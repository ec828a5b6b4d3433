"""Macros, triggers and scheduled rules at work (T13), and what the owner sets up of them.

Loops are impossible: what a rule does sets off no rule, and a rule runs on a ticket once per cause (a row of its log).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Exists, IntegerField, Max, OuterRef, Q
from django.db.models.functions import Cast, Extract

from hub.accounts.public import Department, audit
from hub.base import clock, locking
from hub.base.errors import DomainError, NotFound
from hub.base.rich_text import clean
from tickets import mails, rules
from tickets.actions import telling
from tickets.actions.assigning import hand_to, locked_for_staff
from tickets.actions.changing import UNSET, Changes, apply, change
from tickets.actions.replying import Reply, note, reply
from tickets.entries import BY_THE_HUB, keep, say
from tickets.errors import BadRule, NotAnAgent, OwnerOnly
from tickets.models import Macro, Rule, RuleRun, Ticket, TicketEntry
from tickets.permissions import agents_of, exclusive_agent
from tickets.rule_objects import require_all_there
from tickets.rules import Deed
from tickets.states import LIVE, PRIORITIES

if TYPE_CHECKING:
    from hub.accounts.public import Person

DONE: Final = "done"
AT_ONCE: Final = 200
HOURS_MAX: Final = 9000


@transaction.atomic
def run_macro(actor: Person, number: int | str, macro_id: int) -> Ticket:
    """All its deeds by this agent, with their own rights; or none of them. Raises NotFound, and as the deeds do."""
    ticket = locked_for_staff(actor, number)
    seen = Q(department=None) | Q(department=ticket.department_id)
    macro = Macro.objects.filter(seen, pk=macro_id, is_active=True).first()
    if macro is None:
        raise NotFound
    deeds = rules.read_deeds(macro.deeds, by_hand=True)
    cause = ticket.last_seq
    for deed in deeds:
        if deed.do == "note":
            note(actor, ticket.pk, deed.value)
        elif deed.do == "reply":
            reply(actor, ticket.pk, Reply(html=deed.value))
    ticket.refresh_from_db()
    change(actor, ticket.pk, _changes(ticket, deeds, me=actor.user_id))
    ticket.refresh_from_db()
    _log(ticket, deeds, cause, DONE, macro=macro, by=actor.user_id)
    return ticket


def run_triggers(ticket: Ticket, entry: TicketEntry, event: str) -> None:
    """Hears what happened on a locked and saved ticket. What the rules do is no cause for another one."""
    for rule in Rule.objects.filter(is_active=True, events__contains=[event]).order_by("position", "pk"):
        _run(rule, ticket, entry.seq)


def run_scheduled() -> None:
    """A job: rules for tickets that stand still in their status; once per rule and stretch of time."""
    for rule in Rule.objects.filter(is_active=True, after_hours__isnull=False).order_by("position", "pk"):
        for ticket_id in _standing_still(rule):
            with transaction.atomic():
                for ticket in locking.lock(Ticket.objects.filter(pk=ticket_id), skip_locked=True):
                    _run(rule, ticket, int(ticket.status_since.timestamp()))


def _standing_still(rule: Rule) -> list[int]:
    since = Cast(Extract("status_since", "epoch"), IntegerField())
    still = Ticket.objects.filter(
        status_since__lte=clock.now() - timedelta(hours=rule.after_hours or 0), status__in=LIVE, deleted_at=None
    ).annotate(stretch=since)
    ran = RuleRun.objects.filter(rule=rule, ticket=OuterRef("pk"), cause=OuterRef("stretch"))
    wanted = still.filter(~Exists(ran), rules.all_of(rules.read_conditions(rule.conditions)))
    return list(wanted.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _run(rule: Rule, ticket: Ticket, cause: int) -> None:
    """If all its conditions hold, and it has not run for this cause; a deed that is refused undoes the others."""
    conditions = rules.all_of(rules.read_conditions(rule.conditions))
    if not Ticket.objects.filter(conditions, pk=ticket.pk).exists():
        return
    if RuleRun.objects.filter(rule=rule, ticket=ticket, cause=cause).exists():
        return
    deeds = rules.read_deeds(rule.deeds, by_hand=False)
    try:
        with transaction.atomic():
            _do(ticket, deeds, rule.name)
    except DomainError as refusal:
        ticket.refresh_from_db()
        _log(ticket, deeds, cause, refusal.code[:16], rule=rule)
    else:
        _log(ticket, deeds, cause, DONE, rule=rule)


def _do(ticket: Ticket, deeds: Sequence[Deed], rule: str) -> None:
    """By the hub itself, in the name of a rule. The ticket is locked."""
    for deed in deeds:
        if deed.do == "assign":
            _assign(ticket, deed.value)
        elif deed.do in ("note", "reply"):
            entry = say(ticket, BY_THE_HUB, clean(deed.value), is_public=deed.do == "reply", rule=rule)
            if deed.do == "reply":
                mails.tell_reply(ticket, entry)
    apply(ticket, BY_THE_HUB, _changes(ticket, deeds, me=None))
    keep(ticket)


def _assign(ticket: Ticket, agent_id: int | None) -> None:
    """Only to whom a person could give it, too (P6)."""
    if agent_id == ticket.agent_id:
        return
    if agent_id is not None and not agents_of(ticket.department_id).filter(user=agent_id).exists():
        raise NotAnAgent(field="agent")
    if agent_id is None or exclusive_agent(ticket.customer_id) in (None, agent_id):
        hand_to(ticket, BY_THE_HUB, agent_id)


def _changes(ticket: Ticket, deeds: Sequence[Deed], *, me: int | None) -> Changes:
    """What they set; whose it becomes only where somebody does it by hand."""
    said: dict[str, Any] = {}
    tags = list(ticket.tags)
    for deed in deeds:
        if deed.do == "status":
            said["status"] = deed.value
        elif deed.do == "priority":
            said["priority"] = int(PRIORITIES[deed.value])
        elif deed.do == "category":
            said["category_id"] = deed.value
        elif deed.do == "tag":
            tags = [*tags, deed.value]
        elif deed.do == "untag":
            tags = [one for one in tags if one != deed.value]
        elif deed.do == "assign" and me is not None:
            said["agent_id"] = me if deed.value == "me" else deed.value
    return Changes(**said, tags=tags if tags != ticket.tags else UNSET)


def _log(
    ticket: Ticket,
    deeds: Sequence[Deed],
    cause: int,
    outcome: str,
    *,
    rule: Rule | None = None,
    macro: Macro | None = None,
    by: int | None = None,
) -> None:
    RuleRun.objects.create(
        ticket=ticket,
        rule=rule,
        macro=macro,
        name=rule.name if rule is not None else macro.name if macro is not None else "",
        by_id=by,
        cause=cause,
        outcome=outcome,
        done=[deed.do for deed in deeds],
        at=clock.now(),
    )


@transaction.atomic
def save_rule(
    actor: Person,
    *,
    rule_id: int | None = None,
    name: str,
    events: Any = (),
    after_hours: int | None = None,
    conditions: Any = (),
    deeds: Any = (),
    is_active: bool = True,
    position: int | None = None,
) -> Rule:
    """By the hub owner. Raises OwnerOnly, NotFound, BadRule."""
    _require_owner(actor)
    rule = Rule() if rule_id is None else Rule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    rule.name = rules.name_of(name)
    rule.events = rules.read_events(list(events))
    rule.after_hours = None if rule.events else after_hours
    if not rule.events and after_hours is None:
        raise BadRule(field="events")
    if rule.after_hours is not None and not 0 <= rule.after_hours <= HOURS_MAX:
        raise BadRule(field="after_hours")
    asked, wanted = rules.read_conditions(list(conditions)), rules.read_deeds(list(deeds), by_hand=False)
    require_all_there(asked, wanted)
    rule.conditions, rule.deeds = rules.plain_conditions(asked), rules.plain_deeds(wanted)
    rule.is_active = is_active
    rule.position = _position(Rule, rule, position)
    rule.save()
    audit.record(actor, "tickets.rule.saved", target_kind="ticket_rule", target_id=rule.pk)
    return rule


@transaction.atomic
def save_macro(
    actor: Person,
    *,
    macro_id: int | None = None,
    name: str,
    deeds: Any = (),
    department_id: int | None = None,
    is_active: bool = True,
    position: int | None = None,
) -> Macro:
    """By the hub owner. Raises OwnerOnly, NotFound, BadRule."""
    _require_owner(actor)
    macro = Macro() if macro_id is None else Macro.objects.filter(pk=macro_id).first()
    if macro is None:
        raise NotFound
    macro.name = rules.name_of(name)
    wanted = rules.read_deeds(list(deeds), by_hand=True)
    require_all_there((), wanted)
    if department_id is not None and not Department.objects.filter(pk=department_id).exists():
        raise BadRule(field="department")
    macro.deeds = rules.plain_deeds(wanted)
    macro.department_id, macro.is_active = department_id, is_active
    macro.position = _position(Macro, macro, position)
    macro.save()
    audit.record(actor, "tickets.macro.saved", target_kind="ticket_macro", target_id=macro.pk)
    return macro


def _position(model: type[Macro] | type[Rule], row: Macro | Rule, wanted: int | None) -> int:
    """Where it stands; a new one comes last."""
    if wanted is not None:
        return wanted
    if not row._state.adding:
        return int(row.position)
    last = model._default_manager.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _require_owner(actor: Person) -> None:
    if not actor.is_owner:
        raise OwnerOnly


def listen() -> None:
    telling.listeners.append(run_triggers)
