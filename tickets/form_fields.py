"""What a department or category asks on its form (T10): read from what was sent, kept as structured data by key."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Q

from tickets.errors import BadField
from tickets.models import Category, FormField

TEXT_CHARACTERS_MAX: Final = 300
LONG_CHARACTERS_MAX: Final = 5000


def fields_of(department_id: int, category: Category | None) -> list[FormField]:
    """Those of the department, then those of the category."""
    asked = Q(category=None) | Q(category=category) if category is not None else Q(category=None)
    return list(FormField.objects.filter(asked, department=department_id).order_by("category", "position", "pk"))


def answers(
    department_id: int, category: Category | None, said: Mapping[str, Any], *, strict: bool = True
) -> dict[str, Any]:
    """The answers by key. Raises BadField: one that is required and missing (if `strict`), or of another kind.

    What nobody asks is left out.
    """
    found: dict[str, Any] = {}
    for one in fields_of(department_id, category):
        value = _read(one, said.get(one.key))
        if value is None and one.required and strict:
            raise BadField(one.key, one.label)
        if value is not None:
            found[one.key] = value
    return found


def _read(asked: FormField, value: Any) -> Any:
    """None for what was not answered."""
    if value is None or value == "":
        return None
    try:
        return _READ[asked.kind](asked, value)
    except (TypeError, ValueError, OverflowError):
        raise BadField(asked.key, asked.label) from None


def _text(asked: FormField, value: Any) -> str | None:
    most = LONG_CHARACTERS_MAX if asked.kind == FormField.Kind.LONG else TEXT_CHARACTERS_MAX
    if not isinstance(value, str) or len(value) > most:
        raise ValueError
    return value.strip() or None


def _choice(asked: FormField, value: Any) -> str:
    if value not in asked.choices:
        raise ValueError
    return str(value)


def _check(asked: FormField, value: Any) -> bool | None:
    """A required one must be ticked."""
    ticked = value in (True, "on", "true", "1")
    return None if asked.required and not ticked else ticked


def _date(asked: FormField, value: Any) -> str:
    return date.fromisoformat(value).isoformat()


def _number(asked: FormField, value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


_READ: Final[dict[str, Callable[[FormField, Any], Any]]] = {
    FormField.Kind.TEXT: _text,
    FormField.Kind.LONG: _text,
    FormField.Kind.CHOICE: _choice,
    FormField.Kind.CHECK: _check,
    FormField.Kind.DATE: _date,
    FormField.Kind.NUMBER: _number,
}
