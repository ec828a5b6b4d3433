"""Attacks around the ORM: what the database itself refuses, whoever asks (L1, L2, L3, M1, M2, M6, M7, P12)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import Error, IntegrityError, connection, transaction

import credits
from credits.ledger.accounts import house_account
from credits.ledger.holds import capture, reserve, void
from credits.metering.audit import find_offences, offences
from credits.metering.meters import end_meter
from credits.metering.pricing import Price
from credits.metering.sweep import charge_due
from credits.models import Account, Hold, Outage, Transfer
from credits.sql import read
from tests.credits.money import balance_of, everything_adds_up, make_wallet, running, top_up
from tests.credits.run_time_role import RUN_TIME_ROLE, make_run_time_role
from tests.hub_time import HubTime

_NEW = "insert into credits_transfer (key, debit_id, credit_id, amount_m, reason, actor, at"
ATTACKS = {
    "L1 update": "update credits_transfer set amount_m = 1 where id = {t}",
    "L1 update of nothing": "update credits_transfer set amount_m = 1 where false",
    "L1 delete": "delete from credits_transfer where id = {t}",
    "L1 truncate": "truncate credits_transfer cascade",
    "L1 truncate from accounts": "truncate credits_account cascade",
    "L1 upsert": _NEW + ") values ('x{t}', {c}, {w}, 1, 'a', 'a', now()) "
    "on conflict (key) where key is not null do update set amount_m = 9",
    "L1 merge": "merge into credits_transfer t using (select 1) s on t.id = {t} when matched then delete",
    "L1 zero": _NEW + ") values ('z{t}', {c}, {w}, 0, 'a', 'a', now())",
    "L1 negative": _NEW + ") values ('z{t}', {c}, {w}, -5, 'a', 'a', now())",
    "L1 to itself": _NEW + ") values ('z{t}', {w}, {w}, 5, 'a', 'a', now())",
    "L2 no key": _NEW + ") values (null, {c}, {w}, 5, 'a', 'a', now())",
    "L2 key twice": _NEW + ") select key, {c}, {w}, 5, 'a', 'a', now() from credits_transfer where id = {t}",
    "L2 key and block": _NEW + ", meter_id, block) values ('k{t}', {w}, {h}, 5, 'a', 'a', now(), {m}, 9)",
    "L3 overdraw": _NEW + ") values ('z{t}', {w}, {c}, 101, 'a', 'a', now())",
    "L3 overdraw in two rows": _NEW
    + ") values ('y{t}', {w}, {c}, 60, 'a', 'a', now()), ('z{t}', {w}, {c}, 60, 'a', 'a', now())",
    "L3 set the balance": "update credits_account set balance_m = 1000 where id = {w}",
    "L3 make a wallet a house": "update credits_account set kind = 'house', balance_m = null where id = {w}",
    "L3 born rich": "insert into credits_account (kind, balance_m) values ('wallet', 5)",
    "L3 wallet without balance": "insert into credits_account (kind) values ('wallet')",
    "L3 house with balance": "insert into credits_account (kind, balance_m) values ('debt', 0)",
    "L3 second house": "insert into credits_account (kind) values ('house')",
    "L3 remove an account": "delete from credits_account where id = {w}",
    "L3 remove a wallet": "delete from credits_wallet where account_id = {w}",
    "L3 give a wallet away": "update credits_wallet set user_id = null, organisation_id = 1 where account_id = {w}",
    "L4 grow a hold": "update credits_hold set left_m = amount_m where id = {hold}",
    "L4 reopen a hold": "update credits_hold set state = 'open', left_m = 1 where id = {closed}",
    "L4 remove a hold": "delete from credits_hold where id = {hold}",
    "L7 paid that expires": _NEW + ", lot, expires_at) values ('z{t}', {c}, {w}, 5, 'a', 'a', now(), 'paid', now())",
    "L7 another lot": _NEW + ", lot) values ('z{t}', {c}, {w}, 5, 'a', 'a', now(), 'stolen')",
    "M1 other price": "update credits_meter set price_m = 1 where id = {m}",
    "M1 other wallet": "update credits_meter set wallet_id = {w2} where id = {m}",
    "M2 charge twice": "insert into credits_transfer (debit_id, credit_id, amount_m, reason, actor, meter_id, block, "
    "at) values ({w}, {h}, 10, 'charge', 'a', {m}, 1, now())",
    "M2 blocks back": "update credits_meter set blocks_charged = 0 where id = {m}",
    "M2 less charged": "update credits_meter set charged_m = 0 where id = {m}",
    "M2 remove a meter": "delete from credits_meter where id = {m}",
    "M5 no outage": "delete from credits_outage",
    "M5 time back": "update credits_hubclock set hub_s = hub_s - 1",
    "M5 second clock": "insert into credits_hubclock values (false, 0, 0)",
    "M6 more than the charge": _NEW + ", reverses_id) values ('z{t}', {c}, {w}, 11, 'a', 'a', now(), {charge})",
    "M6 to another": _NEW + ", reverses_id) values ('z{t}', {c}, {w2}, 1, 'a', 'a', now(), {charge})",
    "M6 of a purchase": _NEW + ", reverses_id) values ('z{t}', {w}, {c}, 1, 'a', 'a', now(), {t})",
    "M6 another amount": "update credits_refund set amount_m = 1",
    "M7 other events": "update credits_meterevent set at_s = 0",
    "M7 no events": "delete from credits_meterevent",
    "M7 after the end": "update credits_meter set state = 'running', clock_from_s = 0, next_charge_s = 1 "
    "where id = {ended}",
    "P12 paid use": "insert into credits_unmeteredblock (meter_id, block, amount_m, list_price_m, at) "
    "values ({m}, 7, 5, 5, now())",
    "P12 remove use": "delete from credits_unmeteredblock",
}
PRICE = Price(price_millicredits=10, block_seconds=60)


@pytest.fixture
def world(time: HubTime) -> dict[str, int]:
    """A wallet with 100 and one charge of 10; another wallet, a hold, an ended meter."""
    wallet, other = make_wallet(), make_wallet()
    transfer = top_up(wallet, 110)
    meter, ended = running(wallet, PRICE), running(other, PRICE)
    end_meter(ended, "agent")
    time.runs(1)
    house = house_account(Account.Kind.HOUSE)
    hold = reserve(f"h{wallet}", wallet, 10, time.now, actor="a")
    capture(hold, f"c{wallet}", house, 5, final=False, actor="a")
    closed = reserve(f"h2{wallet}", wallet, 2, time.now, actor="a")
    void(closed, actor="a")
    charge = Transfer.objects.get(meter_id=meter).pk
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    return {
        "w": wallet,
        "w2": other,
        "t": transfer,
        "c": house_account(Account.Kind.CLEARING),
        "h": house,
        "m": meter,
        "ended": ended,
        "hold": hold,
        "closed": closed,
        "charge": charge,
    }


@pytest.fixture
def run_time_role(db: None) -> None:
    make_run_time_role()


def test_the_rights_of_the_running_hub_name_every_table_L1(db: None) -> None:
    """A table that is named nowhere could not be read, or by a wide grant of somebody's be written at will."""
    rights = read("ledger", "run_time_rights")
    ours = {model._meta.db_table for model in apps.get_app_config("credits").get_models(include_auto_created=True)}
    assert _tables(rights, "revoke all") ^ ours == set()
    assert _tables(rights, "grant select") ^ ours == set()


def _tables(rights: str, verb: str) -> set[str]:
    said = re.findall(rf"(?s)\b{verb}\b[^;]*? on ([^;]*?) (?:from|to) {{role}}", rights)
    return {name for names in said for name in re.findall(r"credits_\w+", names)}


def test_the_owner_of_the_tables_is_refused_L1_L2_L3_L4_M1_M2_M5_M6_M7_P12(world: dict[str, int]) -> None:
    assert [name for name in ATTACKS if not _refused(world, name)] == []


def test_the_role_of_the_running_hub_is_refused_L1_L2_L3_L4_M1_M2_M5_M6_M7_P12(
    world: dict[str, int], run_time_role: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"set local role {RUN_TIME_ROLE}")
    assert [name for name in ATTACKS if not _refused(world, name)] == []


def _refused(world: dict[str, int], name: str) -> bool:
    """Whether a rule of integrity, or the lack of the right, stops this attack and nothing changes."""
    before = _everything()
    code = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ATTACKS[name].format(**world))
            transaction.set_rollback(True)  # it went through: the attacks after it find the world as it was
    except Error as refusal:
        code = getattr(refusal.__cause__, "sqlstate", "")
    return (code[:2] == "23" or code == "42501") and _everything() == before


def _everything() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(
            """select (select array[sum(amount_m), count(*)] from credits_transfer),
                      (select array_agg(balance_m order by id) from credits_account),
                      (select array_agg((m.*)::text order by id) from credits_meter m),
                      (select count(*) from credits_meterevent), (select count(*) from credits_outage)"""
        )
        return list(cursor.fetchone())


def test_the_role_of_the_running_hub_can_do_its_work_L1(time: HubTime, run_time_role: None) -> None:
    wallet = make_wallet(1_000)
    with connection.cursor() as cursor:
        cursor.execute(f"grant select on all tables in schema public to {RUN_TIME_ROLE}")
        cursor.execute(f"set local role {RUN_TIME_ROLE}")
    meter = running(wallet, PRICE)
    time.runs(61)
    top_up(wallet, 5)
    end_meter(meter, "agent")
    for attack in ("alter table credits_transfer disable trigger all", "drop trigger immutable on credits_transfer"):
        with pytest.raises(Error) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
        assert getattr(refusal.value.__cause__, "sqlstate", "") == "42501"
    with connection.cursor() as cursor:
        cursor.execute("reset role")
    assert balance_of(wallet) == 985


def test_a_transfer_cannot_be_saved_again_or_deleted_L1(world: dict[str, int]) -> None:
    transfer = Transfer.objects.get(pk=world["t"])
    for attack in (transfer.save, transfer.delete, Transfer.objects.all().delete, Hold.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            attack()
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.all().delete()


def test_the_functions_in_the_database_are_those_of_the_files_L1(db: None) -> None:
    """A function is changed by a new file and a new migration, never by hand: the newest file has it as it is."""
    wanted: dict[str, str] = {}
    dropped: set[str] = set()
    for file in sorted(Path(credits.__file__).parent.glob("*/sql/*_[0-9][0-9][0-9][0-9].sql")):
        for made in re.split(r"(?m)^create ", file.read_text())[1:]:
            if named := re.match(r"(?:or replace )?function (credits_\w+)", made):
                wanted[named.group(1)] = made
            dropped.update(re.findall(r"(?m)^drop function (credits_\w+)", made))
    with connection.cursor() as cursor:
        cursor.execute(
            """select proname, prosrc, pg_get_functiondef(p.oid)
                 from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = 'public' and proname like 'credits\\_%' and prokind = 'f'"""
        )
        found = {name: source or definition for name, source, definition in cursor}
    assert found.keys() == wanted.keys() - dropped
    quoted = {name: source for name, source in found.items() if "$$" in wanted[name]}
    assert [name for name, source in quoted.items() if source.strip() not in wanted[name]] == []


def test_the_audit_sees_a_stolen_row_L1_M2_M7(world: dict[str, int]) -> None:
    """What only the owner of the database can do, by switching the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("alter table credits_transfer disable trigger immutable")
        cursor.execute("delete from credits_transfer where id = %s", [world["charge"]])
        cursor.execute("alter table credits_transfer enable trigger immutable")
    found = {(offence.rule, offence.subject) for offence in find_offences()}
    meter, wallet = f"meter {world['m']}", f"account {world['w']}"
    assert found >= {("credits.charged", meter), ("credits.gaps", meter), ("credits.balance", wallet)}


@pytest.mark.parametrize(
    ("rule", "tamper"),
    [
        ("balance", "update credits_account set balance_m = balance_m + 1 where id = {w}"),
        ("elapsed", "update credits_meter set ran_s = ran_s + 60 where id = {m}"),
        ("gift", "update credits_meter set gift_s = 60 where id = {m}"),
        ("charged", "update credits_meter set charged_m = charged_m + 10 where id = {m}"),
        ("charged", "update credits_transfer set amount_m = 7 where id = {charge}"),
        ("blocks", "update credits_meterevent set at_s = at_s - 120 where meter_id = {m} and kind = 'started'"),
        ("hold", "update credits_hold set left_m = 1 where id = {hold}"),
        ("outage", "update credits_hubclock set lost_s = lost_s + 1"),
        (
            "vip",
            """insert into credits_unmeteredblock (meter_id, block, amount_m, list_price_m, at)
               values ({m}, 2, 0, 10, now())""",
        ),
        (
            "waived",
            """insert into credits_meterevent (meter_id, kind, at_s, blocks, at)
               select {m}, 'waived', hub_s, 1, now() from credits_hubclock""",
        ),
    ],
)
def test_the_audit_sees_what_was_tampered_with_L1_L3_M7(world: dict[str, int], tamper: str, rule: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(tamper.format(**world))
        cursor.execute("set local session_replication_role = default")
    assert rule in {row[0] for row in offences()}


def test_a_charge_that_a_sweep_left_out_is_found_M7(world: dict[str, int], time: HubTime) -> None:
    time.beats(200)  # three more blocks begin and nobody sweeps
    assert ("blocks", world["m"]) in [(row[0], row[1]) for row in offences()]
    charge_due()
    assert everything_adds_up()
