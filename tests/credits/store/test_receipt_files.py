"""Receipts as they are mailed and fetched (S4, S7): the same file for everybody, and what stands on it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pypdfium2
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from credits.ledger.accounts import open_wallet
from credits.models import Purchase, Receipt, ReceiptWords
from credits.store import receipts
from credits.store.money_refunds import pay_back
from credits.store.receipts import file_of, issue_due
from credits.store.settling import settle
from hub.accounts.actions import erasure
from hub.accounts.models import CustomerProfile, User
from hub.base.models import OutboxMessage
from hub.base.outbox import Attachment
from tests.browsers import browser_of
from tests.credits.store.shop import FakeProvider, buys, make_buyer, open_shop
from tests.people import make_agent, make_customer, make_department, make_organisation, make_owner, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[FakeProvider]:
    with open_shop() as provider, override_settings(SELLER_NAME="Balie BV", SELLER_VAT_NUMBER="NL001"):
        yield provider


def bought(shop: FakeProvider, user: User) -> Receipt:
    purchase = buys(person_of(user), 50)
    shop.pays(purchase.provider_ref or "")
    settle(purchase.pk)
    issue_due()
    receipt: Receipt = Receipt.objects.get(purchase=purchase)
    return receipt


def read(file: bytes) -> str:
    with closing(pypdfium2.PdfDocument(file)) as document, closing(document[0]) as page:
        return re.sub(r"\s+", " ", page.get_textpage().get_text_bounded())


def mails_to(address: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(to=address).order_by("pk"))


def test_s4_buyer_and_owner_get_the_same_pdf_by_mail(shop: FakeProvider) -> None:
    owner = make_owner(email="owner@example.com")
    user = make_customer("Sanne de Vries", email="sanne@example.com", language="nl")
    receipt = bought(shop, user)
    files = [mail.files.get() for address in ("sanne@example.com", "owner@example.com") for mail in mails_to(address)]
    assert [file.name for file in files] == [f"receipt-{receipt.year}-000001.pdf"] * 2
    assert bytes(files[0].content) == bytes(files[1].content) == file_of(receipt).content
    said = read(bytes(files[0].content))
    for words in ("Sanne de Vries", "Balie BV", "NL001", "Totaal"):  # in the buyer's language
        assert words in said, words
    (mail,) = mails_to("sanne@example.com")
    assert f"/wallet/purchases/{receipt.purchase_id}/" in mail.text
    assert f"/receipts/{receipt.pk}/" in mails_to(str(owner.email))[0].text


def test_s4_a_file_is_drawn_while_nothing_is_locked_and_a_crash_there_goes_on_with_its_number(
    shop: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, inside = len(connection.atomic_blocks), []
    draw = receipts.file_of

    def fails_once(receipt: Receipt) -> Attachment:
        inside.append(len(connection.atomic_blocks))
        if len(inside) == 1:
            raise RuntimeError("the pen broke")
        return draw(receipt)

    monkeypatch.setattr(receipts, "file_of", fails_once)
    receipt = bought(shop, make_customer(email="sanne@example.com"))
    assert (mails_to("sanne@example.com"), receipt.purchase.receipted) == ([], False)
    assert [issue_due(), issue_due()] == [1, 0]
    assert len(mails_to("sanne@example.com")) == 1
    assert [one.number for one in Receipt.objects.all()] == [1]
    assert inside == [before, before]


def test_s4_a_new_name_or_seller_changes_no_receipt(shop: FakeProvider) -> None:
    user = make_customer("Sanne de Vries", email="sanne@example.com")
    CustomerProfile.objects.filter(pk=user.pk).update(address="Kerkstraat 12", city="Amsterdam")
    user.refresh_from_db()
    receipt = bought(shop, user)
    before = file_of(receipt).content
    User.objects.filter(pk=user.pk).update(first_name="Anna", last_name="Smit")
    CustomerProfile.objects.filter(pk=user.pk).update(address="Elsewhere 1")
    with override_settings(SELLER_NAME="Another BV", SELLER_VAT_NUMBER="NL999"):
        again = file_of(Receipt.objects.get(pk=receipt.pk)).content
    assert again == before
    assert "Kerkstraat 12" in read(again)


@pytest.mark.parametrize("column", ["seller_name", "seller_vat_number", "language", "buyer_company"])
def test_s4_the_database_keeps_what_stands_on_a_receipt(shop: FakeProvider, column: str) -> None:
    words = bought(shop, make_customer(email="a@example.com")).words
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        ReceiptWords.objects.filter(pk=words.pk).update(**{column: "other"})
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        words.delete()


def test_p10_erasure_takes_the_person_off_and_leaves_the_books(shop: FakeProvider) -> None:
    firm_name = "Bakkerij De Zon"
    user = make_customer("Sanne de Vries", email="sanne@example.com")
    receipt = bought(shop, user)
    erasure.erase_now(person_of(make_owner()), user)
    said = read(file_of(Receipt.objects.get(pk=receipt.pk)).content)
    assert "Sanne" not in said
    assert "Balie BV" in said
    assert f"{receipt.year}-000001" in said
    assert firm_name not in said


def test_s4_x1_who_may_fetch_a_receipt(shop: FakeProvider) -> None:
    department = make_department()
    buyer = make_customer(department=department, email="sanne@example.com")
    receipt = bought(shop, buyer)
    path = f"/receipts/{receipt.pk}/"
    for who in (buyer, make_owner(), make_agent(departments=[department])):
        answer = browser_of(who).get(path)
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == f'attachment; filename="receipt-{receipt.year}-000001.pdf"'
        assert answer["Cache-Control"] == "no-store"
        assert answer.content == file_of(receipt).content
    for stranger in (make_customer(), make_agent(departments=[make_department()])):
        assert browser_of(stranger).get(path).status_code == 404
    assert browser_of(buyer).get("/receipts/999999/").status_code == 404
    assert Client().get(path)["Location"].startswith("/login/")


def test_p4_of_an_organisation_the_owner_fetches_it_and_a_member_does_not(shop: FakeProvider) -> None:
    firm = make_organisation("Bakkerij De Zon")
    open_wallet(organisation_id=firm.organisation.pk)
    receipt = bought(shop, firm.owner)
    assert "Bakkerij De Zon" in read(browser_of(firm.owner).get(f"/receipts/{receipt.pk}/").content)
    assert browser_of(firm.employee).get(f"/receipts/{receipt.pk}/").status_code == 404


def test_s4_the_page_of_a_purchase_has_its_receipt_and_credit_note(shop: FakeProvider) -> None:
    user, person, _wallet = make_buyer()
    purchase = buys(person, 50)
    shop.pays(purchase.provider_ref or "")
    settle(purchase.pk)
    browser, path = browser_of(user), f"/wallet/purchases/{purchase.pk}/"
    assert "The receipt comes in a moment" in browser.get(path).content.decode()
    issue_due()
    pay_back(person_of(make_owner()), purchase.pk, 50_000, reason="goodwill", key="k")
    issue_due()
    html = browser.get(path).content.decode()
    for receipt in Receipt.objects.filter(purchase=Purchase.objects.get()):
        assert f'href="/receipts/{receipt.pk}/"' in html
    note = Receipt.objects.get(kind="credit_note")
    assert f"credit-note-{note.year}-000002.pdf" in browser.get(f"/receipts/{note.pk}/")["Content-Disposition"]
