"""A hub with many customers, made by SQL within a minute or two: for measuring pages and searches at their real size.

Names come from four languages, numbers and addresses are such as people have; every member of a company has a unit,
every customer a wallet with lines and chats with messages. Rows are made with triggers off, then the search index by its own
function. Columns that are not named here hold their field's default, so that a new column needs nothing here.
"""

# ruff: noqa: E501, SIM905 - SQL and lists of names read better unbroken
from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FIRST = (
    "Sanne Daan Emma Bram Lotte Sem Julia Lucas Tess Finn Anna Milan Eva Levi Noor Jan Piet Henk Willem Johanna "
    "Ana Marko Ivana Luka Petra Ivan Maja Josip Nikola Dora Giulia Luca Sofia Matteo Chiara Lorenzo Elena Marco "
    "Paolo Francesca Parisa Reza Nilufar Omid Leila Mehdi پریسا رضا نیلوفر امید Fatima Youssef Aylin Emre Zoë"
).split()
LAST = (
    "Jansen Bakker Visser Smit Mulder Dijkstra Kuipers Vermeulen Hendriks Brouwer Peeters Willems Maas Schouten "
    "Post Vos Koster Prins Blom Huisman Horvat Kovačević Babić Marić Jurić Novak Kovačić Knežević Vuković Marković "
    "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Greco Conti Ahmadi Karimi Hosseini Moradi Rahimi "
    "احمدی کریمی حسینی Bouazza Yılmaz Müller O'Brien Łukasz"
).split()
TRADES = "Bakkerij Garage Kapsalon Drukkerij Bouwbedrijf Autoškola Ristorante Pekara Studio Advies Fietsen".split()
CITIES = "Utrecht Assen Rotterdam Zagreb Trieste Groningen Leiden Split Bologna Arnhem".split()


@dataclass(frozen=True)
class Size:
    customers: int = 200_000
    members: int = 30_000
    big_company: int = 5_000  # the first of them
    company: int = 10
    chats_of_heavy: int = 300
    chats_of_company: int = 30_000  # of the big one, besides the first of each member: 100,000 lines in its wallet
    staff: int = 66
    departments: int = 6
    charges: int = 3  # blocks of each chat

    @property
    def companies(self) -> int:
        return 1 + (self.members - self.big_company) // self.company

    @property
    def heavy(self) -> int:
        """A private customer who has been here for years."""
        return self.customers - 5


def seed_once(size: Size) -> bool:
    """Whether there was anything to do: a database that was kept has its people."""
    from hub.accounts.models import User

    if User.objects.filter(pk=size.customers + size.staff).exists():
        return False
    seed(size)
    return True


def seed(size: Size) -> None:
    """Fill an empty, migrated database."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        _people(size)
        _companies(size)
        _wallets(size)
        _chats(size)
        cursor.execute("set session_replication_role = default")
        _next_ids(cursor)
        cursor.execute("select accounts_index_people(array(select id from accounts_user where kind = 'customer'))")
        cursor.execute("vacuum analyze")


def _people(size: Size) -> None:
    from hub.accounts.models import CustomerProfile, Department, DepartmentStaff, StaffProfile, User

    _fill(Department, size.departments, id="n", name="'Department ' || n", position="n", is_active="true")
    customers, everybody = size.customers, size.customers + size.staff
    level = f"case when n <= {customers} then '' when n = {everybody} then 'owner' when n > {everybody - 6} then 'manager' else 'agent' end"
    _fill(
        User, everybody,
        id="n", login_number=f"case when n <= {customers} then (20000000 + n)::text else (10000000 + n)::text end",
        first_name=_one_of(FIRST, "n * 7"), last_name=_one_of(LAST, "n * 13 + n / 61"),
        email="'person' || n || case n % 3 when 0 then '@example.com' when 1 then '@mail.example' else '@werk.example' end",
        mobile="case when n % 4 = 0 then null else '+316' || lpad(((n::bigint * 7919) % 90000000 + 10000000)::text, 8, '0') end",
        kind=f"case when n <= {customers} then 'customer' else 'staff' end", level=level,
        is_active="n % 50 > 0", vip="n % 500 = 0", password="'!'", created_at=_at("n % 1500"),
    )  # fmt: skip
    _fill(
        CustomerProfile, customers,
        user_id="n", phone="case when n % 3 = 0 then '+3130' || lpad((n % 10000000)::text, 7, '0') else '' end",
        address="'Kade ' || n % 200", postcode="(1000 + n % 9000) || ' AB'", city=_one_of(CITIES, "n"),
        computer_brand="'Dell'", computer_model="'XPS 13'", operating_system="'Windows 11'",
        bound_department_id=f"case when n % 10 = 0 then 1 + n % {size.departments} end",
        bound_agent_id=f"case when n % 20 = 0 then {customers} + 1 + n % {size.staff - 6} end",
    )  # fmt: skip
    _fill(StaffProfile, size.staff, user_id=f"{customers} + n")
    _fill(
        DepartmentStaff, size.staff - 1,
        id="n", user_id=f"{customers} + n",
        department_id=f"case when n > {size.staff - 6} then n - {size.staff - 6} else 1 + n % {size.departments} end",
        is_manager=f"n > {size.staff - 6}",
    )  # fmt: skip


def _companies(size: Size) -> None:
    """Members are the first customers: the first of a company owns it, each tenth manages a unit."""
    from hub.accounts.models import Membership, Organisation, Unit

    company = _company(size, "n")
    place = f"case when n <= {size.big_company} then n - 1 else (n - {size.big_company} - 1) % {size.company} end"
    role = f"case when {place} = 0 then 'owner' when {place} % 10 = 1 then 'manager' else 'employee' end"
    _fill(
        Organisation, size.companies,
        id="n", name=f"{_one_of(TRADES, 'n')} || ' ' || {_one_of(LAST, 'n * 3')} || ' ' || n", created_at=_at("900"),
    )  # fmt: skip
    _fill(
        Unit,
        2 * size.companies,
        id="n",
        organisation_id="(n + 1) / 2",
        name="case n % 2 when 0 then 'Kantoor' else 'Winkel' end",
    )
    _fill(
        Membership, size.members,
        id="n", user_id="n", organisation_id=company, role=role,
        unit_id=f"case when {place} = 0 then null else 2 * ({company}) - n % 2 end",
        monthly_limit_millicredits="case when n % 3 = 0 then 50000 end",
    )  # fmt: skip


def _company(size: Size, member: str) -> str:
    return f"case when {member} <= {size.big_company} then 1 else 2 + ({member} - {size.big_company} - 1) / {size.company} end"


def _wallets(size: Size) -> None:
    """Wallet n is customer n's; after them those of the companies. The hold account of each comes as far behind again."""
    from credits.models import Account, Transfer, Wallet

    count = size.customers + size.companies
    owner = f"case when n > {size.customers} then n - {size.customers} end"
    _fill(Account, count, id="n", kind="'wallet'", balance_m="500000 + n % 90000")
    _fill(Account, count, id=f"{count} + n", kind="'hold'", wallet_id="n", balance_m="0")
    _fill(Account, 1, id=f"{2 * count + 1}", kind="'house'")
    _fill(Account, 1, id=f"{2 * count + 2}", kind="'clearing'")
    _fill(
        Wallet, count,
        account_id="n", user_id=f"case when n <= {size.customers} then n end", organisation_id=owner, opened_at=_at("900"),
    )  # fmt: skip
    _fill(
        Transfer, count,
        debit_id=f"{2 * count + 2}", credit_id="n", amount_m="1000000", key="'bench:' || n", reason="'purchase'",
        actor="'bench'", reference="''", lot="'paid'", at=_at("800"),
    )  # fmt: skip


def _chats(size: Size) -> None:
    """One chat of each customer, more of the heavy one and of the big company: with meter, charges and four messages."""
    from chat.models import Counter, Member, Message, Session
    from credits.models import Meter, Transfer

    extra, count = size.chats_of_heavy + size.chats_of_company, size.customers + size.companies
    heavy_until = size.customers + size.chats_of_heavy
    who = f"case when n <= {size.customers} then n when n <= {heavy_until} then {size.heavy} else 1 + n % {size.big_company} end"
    pays = f"case when ({who}) > {size.members} then {who} else {size.customers} + ({_company(size, f'({who})')}) end"
    key = "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid"
    agent, total = f"{size.customers} + 1 + n % {size.staff - 6}", size.customers + extra
    day = f"case when n <= {size.customers} then 30 + n % 700 else n % 300 end"
    _fill(
        Session, total,
        id=key, kind="'chat'", state="'ended'", end_reason="'customer'", department_id=f"1 + n % {size.departments}",
        customer_id=who, agent_id=agent, subject="'My printer ' || n", price_millicredits="2000", meter_id="n",
        organisation_id=f"case when n <= {size.members} then {_company(size, 'n')} when n > {heavy_until} then 1 end",
        opened_at=_at(day), accepted_at=_at(day), started_at=_at(day), ended_at=_at(day), queued_at="null",
        summary="""'{"elapsed_s": 170, "free_s": 0, "charged_m": 6000, "paused": []}'::jsonb""",
        rating="1 + n % 5", solved="'yes'",
    )  # fmt: skip
    _fill(Counter, total, session_id=key, last_seq="4", last_staff_seq="0", last_at=_at(day))
    _fill(Member, total, id="n", session_id=key, user_id=who, side="'customer'")
    _fill(Member, total, id=f"{total} + n", session_id=key, user_id=agent, side="'agent'")
    _fill(
        Meter, total,
        id="n", wallet_id=pays, house_id=f"{2 * count + 1}", reference=f"({key})::text", spender_id=who, price_m="2000",
        block_s="60", free_s="0", min_blocks="1", state="'ended'", blocks_charged=f"{size.charges}",
        charged_m=f"{2000 * size.charges}", opened_at=_at(day),
    )  # fmt: skip
    _fill(
        Transfer, total,
        f", generate_series(1, {size.charges}) block order by ({day}) desc, n, block",  # lines come in the order of their ids
        debit_id=pays, credit_id=f"{2 * count + 1}", amount_m="2000", reason="'charge'", actor="'sweep'",
        reference=f"({key})::text", meter_id="n", block="block", at=_at(day),
    )  # fmt: skip
    for number in range(1, 5):
        _fill(
            Message, total,
            session_id=key, seq=f"{number}", client_id="gen_random_uuid()", author_id=who if number % 2 else agent,
            author_kind="'visitor'" if number % 2 else "'agent'", kind="'text'", text="'My printer does not print ' || n",
            request_hash="'\\x00'::bytea", at=_at(day),
        )  # fmt: skip


def _fill(model: type[Model], count: int, more: str = "", **columns: str) -> None:
    """So many rows; `columns` are SQL in terms of n, all others the field's default. `more` stands behind the rows n."""
    names, expressions, values = [], [], []
    for field in model._meta.concrete_fields:
        if field.attname in columns:
            names.append(field.column)
            expressions.append(columns[field.attname].replace("%", "%%"))
        elif not field.primary_key and (field.has_default() or not field.has_db_default()):
            names.append(field.column)
            expressions.append("%s")
            values.append(field.get_db_prep_save(field.get_default(), connection))
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {model._meta.db_table} ({quoted}) select {', '.join(expressions)} from generate_series(1, {count}) n"
            + more.replace("%", "%%"),
            values,
        )


def _one_of(words: list[str], index: str) -> str:
    listed = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    return f"(array[{listed}])[1 + ({index}) % {len(words)}]"


def _at(days_ago: str) -> str:
    return f"timestamptz '{NOW.isoformat()}' - ({days_ago}) * interval '1 day' - n % 1000 * interval '1 minute'"


def _next_ids(cursor: Any) -> None:
    """Sequences go on behind what was written with ids of its own."""
    cursor.execute(
        "select s.seqrelid::regclass::text, d.refobjid::regclass::text, a.attname from pg_sequence s"
        " join pg_depend d on d.objid = s.seqrelid and d.deptype in ('a', 'i')"
        " join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid"
    )
    for sequence, table, column in cursor.fetchall():
        cursor.execute(f"select setval('{sequence}', (select coalesce(max({column}), 0) + 1 from {table}))")
