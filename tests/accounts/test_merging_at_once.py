"""A1: two who merge the same accounts at the same moment, each the other way around, or erase one of them (P10)."""

from __future__ import annotations

from functools import partial

import pytest

from hub.accounts.actions import erasure
from hub.accounts.actions.merging import merge
from hub.accounts.models import User
from hub.base.errors import DomainError
from hub.base.registries import audits
from tests.builders import a_world
from tests.chat.test_accept_race import at_once


@pytest.mark.django_db(transaction=True)
def test_a1_of_two_merges_at_once_one_is_done_and_one_account_goes_on() -> None:
    with a_world() as world:
        owner = world.owner().person
        for _ in range(4):
            one, other = world.customer(credits=10), world.customer("Tom Visser", credits=5)
            answers = at_once([partial(merge, owner, one.id, other.id), partial(merge, owner, other.id, one.id)] * 2)
            assert sum(isinstance(answer, User) for answer in answers) == 1
            assert sum(isinstance(answer, DomainError) for answer in answers) == 3
            people = User.objects.in_bulk([one.id, other.id])
            assert sorted(user.is_active for user in people.values()) == [False, True]
            assert one.balance_m + other.balance_m == 15_000
        assert [offence for audit in audits for offence in audit.find()] == []


@pytest.mark.django_db(transaction=True)
def test_a1_p10_what_is_merged_while_its_new_owner_is_erased_does_not_survive() -> None:
    with a_world() as world:
        owner = world.owner().person
        for _ in range(4):
            kept, gone = world.customer("Kept Canary"), world.customer("Gone Canary")
            erased = User.objects.get(pk=kept.id)
            at_once([partial(erasure.carry_out, owner, erased), partial(merge, owner, kept.id, gone.id)])
            people = User.objects.in_bulk([kept.id, gone.id])
            assert people[kept.id].erased_at is not None
            merged = people[gone.id].merged_into_id is not None
            assert (people[gone.id].erased_at is not None) == merged
            assert "Canary" not in people[kept.id].name
