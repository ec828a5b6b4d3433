"""Taking macros and rules away, and putting them in order (T13). Saving them is beside their running (ruling.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import transaction

from hub.accounts.public import audit
from hub.base.errors import NotFound
from tickets.errors import OwnerOnly
from tickets.models import Macro, Rule

if TYPE_CHECKING:
    from hub.accounts.public import Person

Row = TypeVar("Row", Macro, Rule)


@transaction.atomic
def delete_rule(actor: Person, rule_id: int) -> None:
    """The log of what it did stays. Raises OwnerOnly, NotFound."""
    _delete(actor, Rule, rule_id)
    audit.record(actor, "tickets.rule.deleted", target_kind="ticket_rule", target_id=rule_id)


@transaction.atomic
def delete_macro(actor: Person, macro_id: int) -> None:
    """The log of what it did stays. Raises OwnerOnly, NotFound."""
    _delete(actor, Macro, macro_id)
    audit.record(actor, "tickets.macro.deleted", target_kind="ticket_macro", target_id=macro_id)


def _delete(actor: Person, model: type[Row], pk: int) -> None:
    if not actor.is_owner:
        raise OwnerOnly
    if not model._default_manager.filter(pk=pk).delete()[0]:
        raise NotFound


@transaction.atomic
def move_rule(actor: Person, rule_id: int, *, up: bool) -> None:
    """Rules run in their order. Raises OwnerOnly, NotFound."""
    _move(actor, Rule, rule_id, up)
    audit.record(actor, "tickets.rule.moved", target_kind="ticket_rule", target_id=rule_id)


@transaction.atomic
def move_macro(actor: Person, macro_id: int, *, up: bool) -> None:
    """Macros are offered in their order. Raises OwnerOnly, NotFound."""
    _move(actor, Macro, macro_id, up)
    audit.record(actor, "tickets.macro.moved", target_kind="ticket_macro", target_id=macro_id)


def _move(actor: Person, model: type[Row], pk: int, up: bool) -> None:
    if not actor.is_owner:
        raise OwnerOnly
    ordered = list(model._default_manager.order_by("position", "pk"))
    at = next((index for index, one in enumerate(ordered) if one.pk == pk), None)
    if at is None:
        raise NotFound
    to = max(0, min(len(ordered) - 1, at + (-1 if up else 1)))
    ordered.insert(to, ordered.pop(at))
    for position, one in enumerate(ordered):
        if one.position != position:
            model._default_manager.filter(pk=one.pk).update(position=position)
