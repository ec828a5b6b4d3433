"""How a department handles tickets (A2): rules, prices (T2, T9), targets (T12), categories and form (T10).

The hub owner does all of it; a department's manager what concerns how it works, not what things cost or whether
strangers come in (P5). What is changed holds for what happens from now on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts.public import Department, Invalid, audit
from hub.base import formats, locking
from hub.base.errors import Forbidden
from tickets import billing
from tickets.models import Category, FormField, SlaTarget, Ticket, TicketRules
from tickets.permissions import require_department_manager
from tickets.states import PRIORITIES

if TYPE_CHECKING:
    from hub.accounts.public import Person

# What may be set, from and to.
NUMBERS: Final[dict[str, tuple[int, int]]] = {
    "remind_days": (0, 365),
    "close_days": (0, 365),
    "reopen_days": (0, 365),
    "yellow_hours": (0, 2000),
    "red_hours": (0, 2000),
    "warn_minutes": (0, 10_000),
    "work_block_minutes": (1, 480),
    "work_block_cents": (0, 1_000_000),
}
SWITCHES: Final = ("takes_guests", "chooses_agent")
OWNERS: Final = frozenset({"takes_guests", "work_paid_in", "work_block_minutes", "work_block_cents"})
PRICES: Final = (billing.TICKET, billing.REPLY, billing.MAIL, billing.WORK)
PRICE_MILLICREDITS_MAX: Final = 100_000_000
TARGET_MINUTES_MAX: Final = 60_000
CATEGORIES_MAX: Final = 50
FIELDS_MAX: Final = 40
CHOICES_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Target:
    """Office minutes; None is no target."""

    first_reply_minutes: int | None = None
    solve_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryIn:
    """`id` 0 is a new one."""

    id: int
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class FieldIn:
    """`key` '' is a new one; that of one which is there never changes, nor its kind."""

    label: str
    kind: str
    key: str = ""
    choices: Sequence[str] = ()
    required: bool = False
    category_id: int | None = None


@transaction.atomic
def set_rules(actor: Person, department: Department, changes: Mapping[str, int | bool | str]) -> TicketRules:
    """What is named; the rest stays. Raises Forbidden (also for what is the owner's), Invalid."""
    require_department_manager(actor, department.pk)
    rows = _lock(department)
    changed = {name: value for name, value in changes.items() if getattr(rows, name) != value}
    if changed.keys() & OWNERS and not actor.is_owner:
        raise Forbidden
    for name, value in changed.items():
        setattr(rows, name, value)
    _require_sense(rows)
    rows.save()
    if changed:
        about = {"fields": sorted(changed)}
        audit.record(actor, "tickets.setup.rules", target_kind="department", target_id=department.pk, detail=about)
    return rows


def _lock(department: Department) -> TicketRules:
    """The row, made at the first change; whoever changes something of the department waits for it."""
    TicketRules.objects.get_or_create(department=department)
    return locking.lock_one(TicketRules, department.pk)


def _require_sense(rules: TicketRules) -> None:
    wrong: dict[str, str] = {}
    for name, (least, most) in NUMBERS.items():
        if not least <= getattr(rules, name) <= most:
            said = {"least": formats.number(least), "most": formats.number(most)}
            wrong[name] = _("Please fill in a whole number from %(least)s to %(most)s.") % said
    if rules.work_paid_in not in TicketRules.PaidIn.values:
        wrong["work_paid_in"] = _("Choose how it is paid.")
    if 0 < rules.close_days < rules.remind_days:
        wrong["close_days"] = _("A ticket is closed after the reminder, not before it.")
    if rules.red_hours < rules.yellow_hours:
        wrong["red_hours"] = _("Red comes after yellow.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def set_prices(actor: Person, department: Department, prices_m: Mapping[str, int]) -> None:
    """By kind, in millicredits (T2, T9); of work per block that was begun. Raises Forbidden, Invalid."""
    wrong = {
        f"price_{kind}": _("Please fill in an amount of credits, for instance 2.0.")
        for kind, amount_m in prices_m.items()
        if kind not in PRICES or not 0 <= amount_m <= PRICE_MILLICREDITS_MAX
    }
    if not actor.is_owner:
        raise Forbidden
    if wrong:
        raise Invalid(fields=wrong)
    for kind, amount_m in prices_m.items():
        if billing.price_m(department.pk, kind) != amount_m:
            billing.set_price_m(actor, department.pk, kind, amount_m)


@transaction.atomic
def set_targets(actor: Person, department: Department, targets: Mapping[str, Target]) -> None:
    """By the word of the priority; what is not named stays. Raises Forbidden, Invalid."""
    require_department_manager(actor, department.pk)
    _lock(department)
    for word, target in targets.items():
        _require_target(word, target)
        priority = PRIORITIES[word]
        if target == Target():
            SlaTarget.objects.filter(department=department, priority=priority).delete()
        else:
            values = {"first_reply_minutes": target.first_reply_minutes, "solve_minutes": target.solve_minutes}
            SlaTarget.objects.update_or_create(department=department, priority=priority, defaults=values)
    audit.record(actor, "tickets.setup.targets", target_kind="department", target_id=department.pk)


def _require_target(word: str, target: Target) -> None:
    if word not in PRIORITIES:
        raise Invalid(fields={"targets": _("There is no such priority.")})
    wrong = {
        f"{name}_{word}": _("Please fill in hours, for instance 4 or 0:30.")
        for name, minutes in (("first_reply", target.first_reply_minutes), ("solve", target.solve_minutes))
        if minutes is not None and not 1 <= minutes <= TARGET_MINUTES_MAX
    }
    first, solve = target.first_reply_minutes, target.solve_minutes
    if not wrong and first is not None and solve is not None and solve < first:
        wrong[f"solve_{word}"] = _("Solving takes no less than the first reply.")
    if wrong:
        raise Invalid(fields=wrong)


@transaction.atomic
def set_categories(actor: Person, department: Department, wanted: Sequence[CategoryIn]) -> None:
    """All of them, in order. One that is left out goes; if a ticket has it, it is only offered no more.

    Raises Forbidden, Invalid.
    """
    require_department_manager(actor, department.pk)
    _lock(department)
    there = {row.pk: row for row in Category.objects.filter(department=department)}
    _require_categories(wanted, set(there))
    left_out = there.keys() - {one.id for one in wanted}
    used = set(Ticket.objects.filter(category__in=left_out).values_list("category", flat=True).distinct())
    Category.objects.filter(pk__in=left_out - used).delete()
    for number, pk in enumerate(sorted(used), start=len(wanted)):
        Category.objects.filter(pk=pk).update(is_active=False, position=number)
    _write_categories(department, wanted, there)
    audit.record(actor, "tickets.setup.categories", target_kind="department", target_id=department.pk)


def _require_categories(wanted: Sequence[CategoryIn], known: set[int]) -> None:
    names = [" ".join(one.name.split()) for one in wanted]
    if len(wanted) > CATEGORIES_MAX:
        raise Invalid(fields={"categories": _("There can be %(most)s categories at most.") % {"most": CATEGORIES_MAX}})
    if any(not name or len(name) > 80 for name in names):
        raise Invalid(fields={"categories": _("Please fill in a name of at most 80 characters.")})
    if len({name.casefold() for name in names}) < len(names):
        raise Invalid(fields={"categories": _("Two categories have the same name.")})
    ids = [one.id for one in wanted if one.id]
    if len(set(ids)) < len(ids) or set(ids) - known:
        raise Invalid(fields={"categories": _("One of these categories is not there any more.")})


def _write_categories(department: Department, wanted: Sequence[CategoryIn], there: Mapping[int, Category]) -> None:
    """Names that change places would meet on the way, so those that change are named after their number first."""
    for one in wanted:
        if one.id and there[one.id].name != one.name:
            Category.objects.filter(pk=one.id).update(name=f"#{one.id}")
    for position, one in enumerate(wanted):
        row = there.get(one.id) or Category(department=department)
        row.name, row.is_active, row.position = " ".join(one.name.split()), one.is_active, position
        _require_free_name(row)
        row.save()


def _require_free_name(row: Category) -> None:
    """One that was left out, and that tickets have, keeps its name."""
    if Category.objects.filter(department=row.department_id, name=row.name).exclude(pk=row.pk).exists():
        raise Invalid(fields={"categories": _("Tickets still have a category of this name; take it back instead.")})


@transaction.atomic
def set_fields(actor: Person, department: Department, wanted: Sequence[FieldIn]) -> None:
    """All that the form asks, in order (T10). What is left out is asked no more; old answers stay with their tickets.

    Raises Forbidden, Invalid.
    """
    require_department_manager(actor, department.pk)
    _lock(department)
    if len(wanted) > FIELDS_MAX:
        raise Invalid(fields={"fields": _("There can be %(most)s questions at most.") % {"most": FIELDS_MAX}})
    there = {row.key: row for row in FormField.objects.filter(department=department)}
    categories = set(Category.objects.filter(department=department).values_list("pk", flat=True))
    taken = set(there)
    rows = [_field(department, number, one, there, categories, taken) for number, one in enumerate(wanted)]
    FormField.objects.filter(department=department).exclude(pk__in=[row.pk for row in rows if row.pk]).delete()
    for row in rows:
        row.save()
    audit.record(actor, "tickets.setup.fields", target_kind="department", target_id=department.pk)


def _field(
    department: Department,
    number: int,
    one: FieldIn,
    there: Mapping[str, FormField],
    categories: set[int],
    taken: set[str],
) -> FormField:
    label = " ".join(one.label.split())
    choices = list(dict.fromkeys(text for text in (" ".join(said.split()) for said in one.choices) if text))
    row = there.get(one.key)
    wrong = _wrong_in(one, label, choices, categories)
    if not wrong and row is not None and row.kind != one.kind:
        wrong = _("A question keeps its kind. Take it away and add another one.")
    if wrong:
        raise Invalid(fields={f"field_{number}": wrong})
    if row is None:
        row = FormField(department=department, key=_free_key(label, taken), kind=one.kind)
    row.label, row.required, row.position = label, one.required, number
    row.category_id = one.category_id
    row.choices = choices if one.kind == FormField.Kind.CHOICE else []
    return row


def _wrong_in(one: FieldIn, label: str, choices: Sequence[str], categories: set[int]) -> str:
    if not label or len(label) > 120:
        return _("A question has 1 to 120 characters.")
    if one.kind not in FormField.Kind.values:
        return _("There is no such kind of question.")
    if one.kind == FormField.Kind.CHOICE and not 2 <= len(choices) <= CHOICES_MAX:
        return _("A question with answers to choose from needs 2 to %(most)s of them.") % {"most": CHOICES_MAX}
    if any(len(choice) > 80 for choice in choices):
        return _("This is too long.")
    if one.category_id is not None and one.category_id not in categories:
        return _("One of these categories is not there any more.")
    return ""


def _free_key(label: str, taken: set[str]) -> str:
    """Never one that another question of this department has or had in this change."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:30] or "field"
    key, number = plain, 2
    while key in taken:
        key, number = f"{plain}_{number}", number + 1
    taken.add(key)
    return key
