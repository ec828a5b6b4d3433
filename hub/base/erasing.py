"""Emptying a person out of every table that was declared (P10; docs/how/privacy.md)."""

from __future__ import annotations

from functools import partial

from django.db import models, transaction

from hub.base import personal_data
from hub.base.personal_data import PersonalColumns, Subject


def find_obstacles(subject: Subject) -> list[str]:
    """Why this person cannot be erased now, in words; nothing when they can."""
    return [why for obstacle in personal_data.obstacles if (why := obstacle.find(subject)) is not None]


def find_losses(subject: Subject) -> list[str]:
    """What this person gives up, in words."""
    return [what for loss in personal_data.losses if (what := loss.find(subject)) is not None]


def begin(subject: Subject) -> None:
    """What has to be done while nothing is locked yet, in the transaction in which the rest follows."""
    _run(subject, first=True)


def erase(subject: Subject) -> None:
    """Empty what is about this person, everywhere, in the caller's transaction. Twice is the same as once.

    The parts at the top of the ladder come first: they find their rows through those below.
    """
    _run(subject, first=False)
    for declared in reversed(list(personal_data.tables)):
        if declared.of is not None:
            _empty(declared, subject)


def _run(subject: Subject, *, first: bool) -> None:
    for eraser in reversed(list(personal_data.erasers)):
        if eraser.first == first:
            eraser.run(subject)


def _empty(declared: PersonalColumns, subject: Subject) -> None:
    assert declared.of is not None  # noqa: S101 - asked by erase()
    rows = declared.model._default_manager.filter(declared.of(subject))
    _forget_files(declared, rows)
    if declared.removed:
        rows.delete()
    else:
        rows.update(**declared.values_of_nothing())


def _forget_files(declared: PersonalColumns, rows: models.QuerySet[models.Model]) -> None:
    """Files go once the rows are gone for good."""
    for column in declared.model._meta.concrete_fields:
        if isinstance(column, models.FileField) and column.name in declared.emptied():
            for name in rows.exclude(**{column.name: ""}).values_list(column.name, flat=True):
                transaction.on_commit(partial(column.storage.delete, name), robust=True)
