"""How many more chats each department has room for (C14). Most set no limit, and cost nothing here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q

from chat.models import Session
from chat.states import State
from hub.site.public import hours_of


class Rooms:
    """What is left, counted down while sessions are offered. Agents who take one themselves are not held back."""

    def __init__(self, department_ids: Iterable[int]) -> None:
        limits = {pk: hours_of(pk).capacity for pk in set(department_ids)}
        self._left = {pk: capacity for pk, capacity in limits.items() if capacity is not None}
        if self._left:
            for pk, taken in _taken(self._left).items():
                self._left[pk] -= taken

    def has_room(self, department_id: int) -> bool:
        return self._left.get(department_id, 1) > 0

    def take(self, department_id: int) -> None:
        if department_id in self._left:
            self._left[department_id] -= 1


def _taken(departments: Iterable[int]) -> dict[int, int]:
    given = Q(agent__isnull=False) | Q(offered_to__isnull=False)
    live = Session.objects.filter(given, department__in=list(departments)).exclude(state=State.ENDED)
    return dict(live.order_by().values_list("department").annotate(n=Count("pk")))
