"""Looking at macros and rules (T13): which tickets a rule would meet now, whose macros one may use, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from hub.base import clock
from tickets import rules
from tickets.models import Macro, RuleRun, Ticket
from tickets.rules import Condition
from tickets.states import LIVE

if TYPE_CHECKING:
    from hub.accounts.public import Person

SHOWN_MAX: Final = 20
COUNTED_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Matches:
    """`count` is COUNTED_MAX where there are as many or more."""

    rows: list[Ticket]
    count: int


def matching_now(person: Person, conditions: Sequence[Condition], after_hours: int | None) -> Matches:
    """The open and waiting tickets for which all conditions hold, the newest first. Nothing is done to them."""
    found = Ticket.objects.visible_to(person).filter(rules.all_of(conditions), status__in=LIVE)
    if after_hours is not None:
        found = found.filter(status_since__lte=clock.now() - timedelta(hours=after_hours))
    ids = list(found.order_by("-updated_at", "-pk").values_list("pk", flat=True)[:COUNTED_MAX])
    rows = Ticket.objects.filter(pk__in=ids[:SHOWN_MAX]).select_related("customer", "department", "agent")
    return Matches(sorted(rows, key=lambda row: ids.index(row.pk)), len(ids))


def macros_of(person: Person) -> QuerySet[Macro]:
    """Those that this person may use, in their order; the owner sees those that are off, too."""
    if person.is_owner:
        return Macro.objects.order_by("position", "pk")
    if not person.is_staff:
        return Macro.objects.none()
    own = Q(department=None) | Q(department__in=person.departments)
    return Macro.objects.filter(own, is_active=True).order_by("position", "pk")


def runs(*, rule_id: int | None = None, macro_id: int | None = None, refused: bool = False) -> QuerySet[RuleRun]:
    """What was done or refused, the newest first. For the hub owner."""
    found = RuleRun.objects.select_related("ticket", "by").order_by("-pk")
    if rule_id is not None:
        found = found.filter(rule=rule_id)
    if macro_id is not None:
        found = found.filter(macro=macro_id)
    return found.exclude(outcome="done") if refused else found
