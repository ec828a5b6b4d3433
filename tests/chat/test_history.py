"""P4: the chats that somebody sees are the same, however they are found."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from chat import history
from chat.history import Wanted, read_history
from chat.models import Session
from hub.accounts.access import Person
from hub.accounts.models import Membership, Unit, User
from hub.base import clock
from tests.chat.live.world import end, make_chat
from tests.people import join, make_customer, make_department, make_organisation, person_of

pytestmark = pytest.mark.django_db


def read(person: Person, limit: int) -> list[UUID]:
    found: list[UUID] = []
    cursor: str | None = None
    while True:
        page = read_history(person, Wanted(), cursor=cursor, limit=limit)
        found += [row.id for row in page.rows]
        cursor = page.older
        if cursor is None:
            return found


def test_a_managers_chats_are_the_units_and_the_own_wherever_they_stand_P4(monkeypatch: pytest.MonkeyPatch) -> None:
    office, other = make_organisation(), make_organisation()
    shop = Unit.objects.create(organisation=office.organisation, name="Winkel")
    colleague = join(make_customer(), office.organisation, Membership.Role.EMPLOYEE, shop)
    department = make_department()
    people = [office.employee, colleague, office.manager, office.owner, other.employee] * 3
    made = [_chat(user, department, number) for number, user in enumerate(people)]
    before = _chat(office.manager, department, 99, member=False)  # before they joined
    seen = [row.pk for row in made if row.customer_id in (office.employee.pk, office.manager.pk)] + [before.pk]
    newest_first = sorted(seen, key=[*(row.pk for row in made), before.pk].index, reverse=True)
    for reach in (0, 3, 500):
        monkeypatch.setattr(history, "NEWEST", reach)
        for limit in (1, 2, 25):
            assert read(person_of(office.manager), limit) == newest_first


def _chat(user: User, department: object, number: int, *, member: bool = True) -> Session:
    chat = make_chat(customer=user, department=department)  # type: ignore[arg-type]
    end(chat)
    organisation = user.membership.organisation_id if member else None
    at = clock.now() + timedelta(minutes=number)
    Session.objects.filter(pk=chat.session.pk).update(organisation=organisation, opened_at=at)
    return chat.session
