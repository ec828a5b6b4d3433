"""A1: customers from a file and as a file, and merging, on the admin's pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hub.accounts.actions import customer_import, data_exports
from hub.accounts.errors import Invalid
from hub.accounts.models import AuditEntry, DataExport, User
from hub.base.errors import Forbidden
from hub.base.models import OutboxMessage
from tests import people
from tests.browsers import browser_of
from tests.builders import World, a_world

GOOD = """first_name;Achternaam;E-mail;Mobile number;City;date of birth;Colour
Sanne;de Vries;Sanne@Example.com;06 12345678;Utrecht;31-12-1980;red
مریم;احمدی;;+39 347 1234567;تهران;;
"""


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with a_world() as made:
        yield made


def uploaded(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("customers.csv", text if isinstance(text, bytes) else text.encode())


def test_a1_p3_a_file_becomes_customers_without_passwords(world: World) -> None:
    """Columns by their usual names, numbers in any notation, any script; nobody gets a message or a password."""
    owner = world.owner().person
    found = customer_import.check(owner, GOOD)
    assert (len(found.good), found.unknown) == (2, ["Colour"])
    assert User.objects.filter(kind="customer").count() == 0
    assert customer_import.import_customers(owner, GOOD) == 2
    sanne = User.objects.get(email="sanne@example.com")
    assert (sanne.first_name, sanne.last_name, sanne.mobile) == ("Sanne", "de Vries", "+31612345678")
    assert (sanne.customer_profile.city, str(sanne.customer_profile.birth_date)) == ("Utrecht", "1980-12-31")
    assert not sanne.has_usable_password()
    assert User.objects.get(mobile="+393471234567").first_name == "مریم"
    assert not OutboxMessage.objects.exists()
    assert AuditEntry.objects.get(fact="people.customers.imported").detail == {"count": 2}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (",,a@example.com,", "last_name"),
        ("Tom,Visser,,", "email"),
        ("Tom,Visser,not an address,", "email"),
        ("Tom,Visser,,12", "mobile"),
        ("Tom,Visser,taken@example.com,", "email"),
        ("Tom,Visser,TAKEN@EXAMPLE.COM,", "email"),
        ("Tom,Visser,same@example.com,", "email"),
        ("<b>Tom</b>,Visser,tom@example.com,", "first_name"),
        ("Tom,Visser,tom@example.com,,,,,", "line"),
        (f"Tom,{'x' * 600},tom@example.com,", "line"),
    ],
)
def test_a1_a_line_that_is_wrong_is_left_out_and_said(world: World, line: str, column: str) -> None:
    people.make_customer("Willem Bakker", email="taken@example.com")
    text = f"first_name,last_name,email,mobile\nAna,Kovač,same@example.com,\n{line}\n"
    found = customer_import.check(world.owner().person, text)
    assert [row.line for row in found.good] == [2]
    assert column in found.rows[1].faults
    assert customer_import.import_customers(world.owner().person, text) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "name,colour\nTom,red\n", "last_name\nVisser\n", "PK\x03\x04 no table"])
def test_a1_what_is_no_table_of_customers_is_said(world: World, text: str) -> None:
    with pytest.raises(Invalid):
        customer_import.check(world.owner().person, text)


def test_a1_too_many_lines_are_refused(world: World) -> None:
    text = "last_name,email\n" + "".join(f"Visser,{n}@example.com\n" for n in range(customer_import.ROWS_MAX + 1))
    with pytest.raises(Invalid):
        customer_import.check(world.owner().person, text)
    with pytest.raises(Invalid):
        customer_import.decode(b"x" * (customer_import.BYTES_MAX + 1))


def test_a1_x1_only_who_is_in_charge_imports_and_exports(world: World) -> None:
    department = world.department()
    agent, customer = world.agent(department), world.customer(password=people.PASSWORD)
    for who in (agent, customer):
        with pytest.raises(Forbidden):
            customer_import.check(who.person, GOOD)
    page = browser_of(agent.user)
    for address in ("/admin/customers/import/", "/admin/customers/customers.csv"):
        assert page.get(address).status_code == 404


def test_a1_the_pages_show_first_and_do_it_once(world: World) -> None:
    page = browser_of(world.owner().user)
    assert page.get("/admin/customers/import/").status_code == 200
    assert page.post("/admin/customers/import/").status_code == 400
    report = page.post("/admin/customers/import/", {"file": uploaded(GOOD + "Tom;Visser;wrong;;;;\n")})
    shown = report.content.decode()
    assert "Add 2 customers" in shown
    assert "Colour" in shown
    assert User.objects.filter(kind="customer").count() == 0
    sent = {"content": report.context["content"], "form_key": report.context["form"].key}
    for _ in range(2):
        assert page.post("/admin/customers/import/", sent).status_code == 302
    assert User.objects.filter(kind="customer").count() == 2
    from_excel = uploaded(GOOD.encode("cp1252", "replace"))
    assert page.post("/admin/customers/import/", {"file": from_excel}).status_code == 200


def test_a1_x4_the_export_is_safe_for_spreadsheets_and_can_be_read_in_again(world: World) -> None:
    people.make_customer('=HYPERLINK("http://x")', email="a@example.com", mobile="+31612345678")
    people.make_customer("Tom Visser", email="b@example.com")
    page = browser_of(world.owner().user)
    text = page.get("/admin/customers/customers.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert AuditEntry.objects.get(fact="people.customers.exported").detail == {"count": 2}
    User.objects.filter(kind="customer").update(email=None, mobile=None)
    again = customer_import.check(world.owner().person, text)
    assert [(row.kept["mobile"], bool(row.faults)) for row in again.rows] == [("+31612345678", True), ("", False)]


def test_a1_x1_a_manager_exports_whom_they_see(world: World) -> None:
    here, elsewhere = world.department(), world.department()
    people.make_customer("Tom Visser", department=here, email="here@example.com")
    people.make_customer("Ana Kovač", department=elsewhere, email="elsewhere@example.com")
    text = browser_of(world.manager(here).user).get("/admin/customers/customers.csv").content.decode()
    assert "here@example.com" in text
    assert "elsewhere@example.com" not in text


def test_a1_the_page_of_merging_shows_and_then_does_it(world: World) -> None:
    kept, gone = world.customer("Sanne de Vries"), world.customer("S. de Vries", credits=3, email="sanne@example.com")
    page = browser_of(world.owner().user)
    address = f"/admin/customers/{kept.id}/merge/"
    assert page.get(address).status_code == 200
    assert page.get(address, {"other": "nobody@example.com"}).status_code == 400
    shown = page.get(address, {"other": "SANNE@example.com"}).content.decode()
    assert gone.user.login_number in shown
    assert "3.0 credits" in shown
    assert User.objects.get(pk=gone.id).merged_into is None
    sent = {"other": gone.user.login_number, "form_key": "one"}
    for _ in range(2):
        assert page.post(address, sent).status_code in (302, 400)
    assert User.objects.get(pk=gone.id).merged_into_id == kept.id
    assert kept.balance_m == 3_000
    assert page.get(address, {"other": kept.user.login_number}).status_code == 400


def test_p10_the_owner_makes_the_complete_copy(world: World, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    customer = world.customer("Sanne de Vries")
    page = browser_of(world.owner().user)
    address = f"/admin/customers/{customer.id}/export/"
    assert page.get(address).status_code == 200
    assert page.post(address).status_code == 302
    data_exports.make_exports()
    export = DataExport.objects.get(complete=True)
    assert f"/profile/privacy/export/{export.pk}/" in page.get(address).content.decode()
    assert page.get(f"/profile/privacy/export/{export.pk}/").status_code == 200
    assert browser_of(world.manager(world.department()).user).get(address).status_code in (403, 404)
