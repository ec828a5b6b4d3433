"""VIP on and off while meters run (P12)."""

from __future__ import annotations

import pytest

from credits.adjustments import adjust
from credits.ledger.accounts import find_wallet, open_wallet
from credits.metering.meters import open_meter, start_meter
from credits.models import Meter, UnmeteredBlock
from credits.vip import align_astray, set_vip
from hub.accounts.models import AuditEntry, Organisation, User
from hub.base.errors import Forbidden, NotFound
from tests.credits.money import MINUTE, everything_adds_up, state_of
from tests.hub_time import HubTime
from tests.people import (
    make_agent,
    make_customer,
    make_department,
    make_manager,
    make_organisation,
    make_owner,
    person_of,
)

pytestmark = pytest.mark.django_db


def talks(user: User, wallet_id: int) -> int:
    meter = open_meter(wallet_id=wallet_id, price=MINUTE, reference=f"of-{user.pk}-{wallet_id}", spender_id=user.pk)
    start_meter(meter)
    return meter


def funded(**owner: int) -> int:
    wallet = open_wallet(**owner)
    adjust(wallet, 50_000, reason="test", actor_id=None, key=f"fund-{wallet}")
    return wallet


def test_a_running_meter_is_free_from_the_block_after_the_switch_P12(time: HubTime) -> None:
    customer = make_customer()
    meter = talks(customer, funded(user_id=customer.pk))
    time.runs(30)
    set_vip(person_of(make_owner()), True, user_id=customer.pk)
    time.runs(60)
    assert state_of(meter) == ("running", 2, 2_000)
    assert UnmeteredBlock.objects.get(meter=meter).list_price_m == 2_000
    set_vip(person_of(make_owner()), False, user_id=customer.pk)
    time.runs(60)
    assert state_of(meter) == ("running", 3, 4_000)
    assert AuditEntry.objects.filter(fact__startswith="credits.vip").count() == 2
    assert everything_adds_up()


def test_an_organisations_vip_is_for_its_wallet_P12_P4(time: HubTime) -> None:
    firm = make_organisation()
    shared, own = funded(organisation_id=firm.organisation.pk), funded(user_id=firm.employee.pk)
    on_shared, on_own = talks(firm.employee, shared), talks(firm.employee, own)
    time.runs(30)
    set_vip(person_of(make_owner()), True, organisation_id=firm.organisation.pk)
    time.runs(60)
    assert (state_of(on_shared)[2], state_of(on_own)[2]) == (2_000, 4_000)
    wallet = find_wallet(firm.employee.pk)
    assert wallet is not None
    assert wallet.unmetered
    set_vip(person_of(make_owner()), True, user_id=firm.employee.pk)
    set_vip(person_of(make_owner()), False, organisation_id=firm.organisation.pk)
    assert all(Meter.objects.filter(pk__in=[on_shared, on_own]).values_list("unmetered", flat=True))  # by themselves
    set_vip(person_of(make_owner()), False, user_id=firm.employee.pk)
    assert not any(Meter.objects.filter(pk__in=[on_shared, on_own]).values_list("unmetered", flat=True))
    assert everything_adds_up()


def test_a_meter_that_was_opened_at_the_same_moment_is_put_right_P12(time: HubTime) -> None:
    firm = make_organisation()
    meter = talks(firm.employee, funded(organisation_id=firm.organisation.pk))
    Organisation.objects.filter(pk=firm.organisation.pk).update(vip=True)  # as if the switch had not seen it
    align_astray()
    assert Meter.objects.get(pk=meter).unmetered
    align_astray()  # again changes nothing
    assert Meter.objects.get(pk=meter).unmetered


def test_only_managers_and_the_owner_switch_it_and_only_for_whom_they_see_P12_P5() -> None:
    department = make_department()
    customer = make_customer(department=department)
    with pytest.raises(Forbidden):
        set_vip(person_of(make_agent(departments=[department])), True, user_id=customer.pk)
    with pytest.raises(NotFound):
        set_vip(person_of(make_manager(departments=[make_department()])), True, user_id=customer.pk)
    set_vip(person_of(make_manager(departments=[department])), True, user_id=customer.pk)
    assert User.objects.get(pk=customer.pk).vip
    with pytest.raises(Forbidden):
        set_vip(person_of(customer), False, user_id=customer.pk)
