"""S4, S7: receipts as PDF say what was paid, in five languages, from the side where reading starts."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image, UnidentifiedImageError

from credits.store.receipt_facts import ReceiptFacts, Seller
from credits.store.receipt_pdf import _Sheet, draw_receipt

SELLER = Seller(
    "Balie B.V.", ("Oudegracht 1", "3511 AA Utrecht"), vat_number="NL123456789B01", registration="KvK 12345678"
)
FACTS = ReceiptFacts(
    number="2026-000123",
    kind="receipt",
    issued_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
    buyer_name="Sanne de Vries",
    buyer_company="",
    buyer_address=("Kerkstraat 12", "1017 GP Amsterdam"),
    credits_m=150_000,
    amount_cents=14_250,
    currency="EUR",
    vat_bp=2100,
    vat_cents=2473,
    vat_at_use=False,
    provider="mollie",
    method="card",
    purchase_id="3f2b8c1e-7d54-4c7e-9a51-0f6c1f4b2a77",
    test=False,
)
CREDIT_NOTE = replace(FACTS, kind="credit_note", number="2026-000124", corrects="2026-000123")


@contextmanager
def _page(file: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(file)
    try:
        assert len(document) == 1
        page = document[0]
        yield page
        page.close()
    finally:
        document.close()


def _text(file: bytes) -> str:
    """What a reader copies out of it, on one line, without marks that nobody sees."""
    with _page(file) as page:
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        text_page.close()
    for mark in "\u200c\u200e\u2066\u2069\ufffe":
        text = text.replace(mark, "")
    return " ".join(text.split())


def _places_of(file: bytes, letter: str) -> list[float]:
    """How far from the left each of these letters stands, in parts of the page's width."""
    with _page(file) as page:
        text_page = page.get_textpage()
        letters = enumerate(text_page.get_text_range())
        places = [text_page.get_charbox(at)[0] / page.get_width() for at, one in letters if one == letter]
        text_page.close()
    assert places, letter
    return places


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Receipt", "22 November 2026", "€117.77", "VAT 21%", "€24.73", "€142.50", "Credit or debit card"]),
        ("nl", ["Kwitantie", "22 november 2026", "€ 117,77", "Btw 21%", "€ 24,73", "€ 142,50", "Creditcard"]),
        ("hr", ["Potvrda", "22. studenoga 2026.", "117,77 €", "PDV 21 %", "24,73 €", "142,50 €", "kartica"]),
        ("it", ["Ricevuta", "22 novembre 2026", "117,77 €", "IVA 21%", "24,73 €", "142,50 €", "Carta di credito"]),
        ("fa", ["رسید", "آذر", "۱۱۷٫۷۷", "۲۴٫۷۳", "۱۴۲٫۵۰", "کارت"]),
    ],
)  # fmt: skip
def test_s4_a_receipt_says_it_all_in_the_readers_language(language: str, words: list[str]) -> None:
    text = _text(draw_receipt(FACTS, SELLER, language))
    plain = ["2026-000123", FACTS.purchase_id, "Sanne de Vries", "1017 GP Amsterdam", "Balie B.V."]
    assert [word for word in (*words, *plain) if word not in text] == []


def test_s7_vat_due_at_the_use_has_no_line_and_says_so() -> None:
    text = _text(draw_receipt(replace(FACTS, vat_at_use=True, vat_cents=0), SELLER, "en"))
    assert "VAT 21" not in text
    assert "VAT is not due now but when the credits are used" in text
    assert text.count("€142.50") == 2  # the credits and the total


def test_s7_vat_due_at_the_sale_adds_up() -> None:
    text = _text(draw_receipt(replace(FACTS, vat_bp=900), SELLER, "en"))
    assert "VAT 9%" in text
    assert "when the credits are used" not in text


def test_s4_a_credit_note_takes_back_and_names_what() -> None:
    text = _text(draw_receipt(CREDIT_NOTE, SELLER, "en"))
    words = ("Credit note", "2026-000124", "Corrects receipt 2026-000123", "Paid back by")
    assert [word for word in words if word not in text] == []
    assert text.count("-€142.50") == 1


def test_s4_play_money_says_so() -> None:
    assert "nothing was paid" in _text(draw_receipt(replace(FACTS, test=True), SELLER, "en"))
    assert "nothing was paid" not in _text(draw_receipt(FACTS, SELLER, "en"))


def test_s4_persian_reads_from_the_right() -> None:
    persian, english = draw_receipt(FACTS, SELLER, "fa"), draw_receipt(FACTS, SELLER, "en")
    assert max(_places_of(english, "T")) < 0.5 < min(_places_of(english, "€"))  # Total, and what it is
    assert max(_places_of(persian, "€")) < 0.5 < min(_places_of(persian, "ج"))


def test_s4_latin_names_and_numbers_keep_their_order_in_persian_and_the_other_way() -> None:
    persian = _text(draw_receipt(FACTS, SELLER, "fa"))
    assert "3511 AA Utrecht" in persian  # (mixed lines are left out: readers take them apart in their own ways)
    assert "Balie B.V." in persian
    english = _text(draw_receipt(replace(FACTS, buyer_name="شیرین عبادی"), SELLER, "en"))
    assert "شیرین عبادی" in english


def test_s4_persian_letters_are_joined() -> None:
    """Five letters in a row are narrower than five times the letter alone: those within have their joined forms."""
    with closing(_Sheet("fa", FACTS, SELLER)) as sheet:
        sheet._turn(True)
        assert sheet.get_string_width("ببببب") < 4 * sheet.get_string_width("ب")


def test_s4_no_file_stays_open_when_drawing_fails() -> None:
    open_before = len(os.listdir("/dev/fd"))
    for _ in range(3):
        with pytest.raises(UnidentifiedImageError):
            draw_receipt(FACTS, replace(SELLER, logo=b"no picture"), "en")
    assert len(os.listdir("/dev/fd")) <= open_before


@pytest.mark.parametrize("language", ["en", "fa"])
def test_s4_the_fonts_are_in_the_file(language: str) -> None:
    with _page(draw_receipt(FACTS, SELLER, language)) as page:
        fonts = [text.get_font() for text in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])]
        assert fonts
        assert all(font.is_embedded for font in fonts)
        names = " ".join(font.get_base_name() for font in fonts)
    assert ("Vazirmatn" if language == "fa" else "Atkinson") in names


def test_s4_the_same_receipt_is_the_same_file() -> None:
    assert draw_receipt(FACTS, SELLER, "nl") == draw_receipt(FACTS, SELLER, "nl")


def test_s4_a_logo_stands_where_reading_starts() -> None:
    picture = io.BytesIO()
    Image.new("RGBA", (480, 160), (20, 120, 90, 255)).save(picture, "PNG")
    seller = replace(SELLER, logo=picture.getvalue())
    for language, on_the_left in (("en", True), ("fa", False)):
        with _page(draw_receipt(FACTS, seller, language)) as page:
            (image,) = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
            left, _, right, _ = image.get_bounds() if hasattr(image, "get_bounds") else image.get_pos()
            assert (right < page.get_width() / 2) is on_the_left
            assert left > 0


def test_s4_what_is_long_stays_on_one_page_with_its_total() -> None:
    long = replace(
        FACTS,
        buyer_name="Wolfeschlegelsteinhausenbergerdorff " * 20,
        buyer_company="Donaudampfschifffahrtsgesellschaft" * 20,
        buyer_address=("Laan van de Lange Naam " * 20,) * 20,
    )
    assert "€142.50" in _text(draw_receipt(long, SELLER, "en"))


@settings(max_examples=15, deadline=None)
@given(some.text(max_size=60), some.sampled_from(["en", "fa"]))
def test_s4_any_name_can_be_on_a_receipt(name: str, language: str) -> None:
    assert draw_receipt(replace(FACTS, buyer_name=name), SELLER, language).startswith(b"%PDF-")
