"""A receipt or credit note as PDF (S4, S7): one page of A4, in the reader's language, from right to left in Persian.

Drawn from plain facts without a database. The same facts make the same bytes, so a mail that is sent again carries the
same file. HarfBuzz shapes the letters; the fonts are ours and go into the file (fonts/README.md).
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Literal

from django.utils import translation
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.fonts import TTFFont
from PIL import Image

from credits.store.methods import method_name
from credits.store.money_text import money_text
from credits.store.receipt_facts import ReceiptFacts, Seller
from hub.base import formats

FONTS: Final = Path(__file__).parent / "fonts"
MARGIN: Final = 20.0  # mm
WIDTH: Final = 170.0
AMOUNT_WIDTH: Final = 50.0
LOGO_WIDTH_MAX: Final = 60.0
LOGO_HEIGHT_MAX: Final = 20.0
# Beyond it a name or an address is cut: a receipt is one page.
TEXT_CHARACTERS_MAX: Final = 200
ADDRESS_LINES_MAX: Final = 6
GREY: Final = (90, 90, 90)
BLACK: Final = (20, 20, 20)
# Keep a number in its order inside text from right to left (Unicode: left-to-right isolate).
_LRI, _PDI = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_RIGHT_TO_LEFT: Final = ("fa", "ar", "he", "ur")

Side = Literal["start", "end"]


def draw_receipt(facts: ReceiptFacts, seller: Seller, language: str) -> bytes:
    """The file; nothing is fetched, and what is too long for one page is cut."""
    with translation.override(language), closing(_Sheet(language, facts, seller)) as sheet:
        sheet.head(seller, _("Credit note") if _is_credit_note(facts) else _("Receipt"))
        if facts.test:
            sheet.notice(_("Play money: nothing was paid."))
        sheet.pairs(_numbers(facts))
        sheet.parties([*_seller_lines(seller)], [*_buyer_lines(facts)])
        sheet.amounts(_amounts(facts))
        sheet.remarks(_remarks(facts))
        return bytes(sheet.output())


def _is_credit_note(facts: ReceiptFacts) -> bool:
    return facts.kind == "credit_note"


def _numbers(facts: ReceiptFacts) -> list[tuple[str, str]]:
    pairs = [(_("Number"), facts.number), (_("Date"), formats.day(facts.issued_at))]
    if facts.corrects:
        pairs.append((_("Corrects receipt"), facts.corrects))
    return [*pairs, (_("Order number"), facts.purchase_id)]


def _seller_lines(seller: Seller) -> Iterable[str]:
    yield seller.name
    yield from seller.address[:ADDRESS_LINES_MAX]
    if seller.vat_number:
        yield _("VAT number: %(number)s") % {"number": _kept(seller.vat_number)}
    if seller.registration:
        yield _("Registration: %(number)s") % {"number": _kept(seller.registration)}


def _buyer_lines(facts: ReceiptFacts) -> Iterable[str]:
    if facts.buyer_company:
        yield facts.buyer_company
    if facts.buyer_name:  # none is left of a person who was erased
        yield facts.buyer_name
    yield from facts.buyer_address[:ADDRESS_LINES_MAX]


def _amounts(facts: ReceiptFacts) -> list[tuple[str, str, bool]]:
    """What, how much, and whether it is the sum. VAT has its lines only where it is due at the sale (S7)."""
    sign = -1 if _is_credit_note(facts) else 1
    bought = _("Credits: %(amount)s") % {"amount": formats.credits(facts.credits_m)}
    net_cents = facts.amount_cents - facts.vat_cents
    rows = [(bought, money_text(sign * net_cents, facts.currency), False)]
    if not facts.vat_at_use:
        rate = _("VAT %(rate)s%%") % {"rate": formats.number(facts.vat_bp / 100)}
        rows.append((rate, money_text(sign * facts.vat_cents, facts.currency), False))
    return [*rows, (_("Total"), money_text(sign * facts.amount_cents, facts.currency), True)]


def _remarks(facts: ReceiptFacts) -> list[str]:
    method = method_name(facts.method)
    if _is_credit_note(facts):
        paid = _("Paid back by: %(method)s.") % {"method": method}
    else:
        paid = _("Paid by: %(method)s.") % {"method": method}
    if facts.vat_at_use:
        return [paid, _("VAT is not due now but when the credits are used; your statements show it.")]
    return [paid]


def _kept(number: str) -> str:
    return f"{_LRI}{number}{_PDI}"


class _Sheet(FPDF):
    """A page on which everything is placed from the side where reading starts."""

    def __init__(self, language: str, facts: ReceiptFacts, seller: Seller) -> None:
        super().__init__(format="A4")
        self._from_right = language.partition("-")[0] in _RIGHT_TO_LEFT
        self._colour = tuple(bytes.fromhex(seller.colour.removeprefix("#")))
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self._add_fonts()
        self.set_lang(language)
        self.set_title(f"{_('Receipt')} {facts.number}")
        self.set_author(seller.name)
        self.set_creation_date(facts.issued_at)
        self.add_page()
        self._use()

    def close(self) -> None:
        """The files of the fonts, which the library leaves open where one was not used."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def head(self, seller: Seller, title: str) -> None:
        top = self.get_y()
        if seller.logo is None:
            self._place(seller.name[:TEXT_CHARACTERS_MAX], size=18, bold=True, width=WIDTH / 2, own_direction=True)
        else:
            self._picture(seller.logo, top)
        self.set_y(top)
        self._place(title, size=18, bold=True, width=WIDTH / 2, at=WIDTH / 2, side="end", colour=self._colour)
        self.set_y(max(self.get_y(), top + LOGO_HEIGHT_MAX) + 2)
        self._rule(0.6, self._colour)
        self.ln(6)

    def notice(self, text: str) -> None:
        self._place(text, size=12, bold=True, colour=self._colour)
        self.ln(4)

    def pairs(self, pairs: list[tuple[str, str]]) -> None:
        for name, value in pairs:
            top = self.get_y()
            self._place(name, width=45, colour=GREY)
            self.set_y(top)
            self._place(value, width=WIDTH - 45, at=45, own_direction=True)
        self.ln(6)

    def parties(self, seller: list[str], buyer: list[str]) -> None:
        """Who sells at the start, who buys beside it."""
        top = self.get_y()
        ends = []
        for at, heading, lines in ((0.0, _("Sold by"), seller), (WIDTH / 2, _("Sold to"), buyer)):
            self.set_y(top)
            self._place(heading, width=WIDTH / 2 - 5, at=at, colour=GREY)
            for line in lines:
                self._place(line[:TEXT_CHARACTERS_MAX], width=WIDTH / 2 - 5, at=at, own_direction=True)
            ends.append(self.get_y())
        self.set_y(max(ends) + 10)

    def amounts(self, rows: list[tuple[str, str, bool]]) -> None:
        for what, amount, is_sum in rows:
            self._rule(0.5 if is_sum else 0.2, BLACK if is_sum else GREY)
            self.ln(2)
            top = self.get_y()
            self._place(what, width=WIDTH - AMOUNT_WIDTH, bold=is_sum)
            self.set_y(top)
            self._place(
                amount, width=AMOUNT_WIDTH, at=WIDTH - AMOUNT_WIDTH, side="end", bold=is_sum, own_direction=True
            )
            self.ln(2)
        self.ln(8)

    def remarks(self, texts: list[str]) -> None:
        for text in texts:
            self._place(text)
            self.ln(1)

    def _place(
        self,
        text: str,
        *,
        width: float = WIDTH,
        at: float = 0,
        side: Side = "start",
        size: float = 11,
        bold: bool = False,
        colour: tuple[int, ...] = BLACK,
        own_direction: bool = False,
    ) -> None:
        """Text in a column `at` so far from where reading starts; goes on below it.

        `own_direction`: a name, a code, an amount: it reads as its own letters do, not as the page.
        """
        self._use(size, bold, colour)
        self._turn(_reads_from_right(text) if own_direction else self._from_right)
        self.set_x(MARGIN + (WIDTH - at - width if self._from_right else at))
        to_left = (side == "start") != self._from_right
        self.multi_cell(width, size * 0.5, text, align="L" if to_left else "R", new_x="LMARGIN", new_y="NEXT")

    def _picture(self, logo: bytes, top: float) -> None:
        picture = Image.open(io.BytesIO(logo))
        scale = min(LOGO_WIDTH_MAX / picture.width, LOGO_HEIGHT_MAX / picture.height)
        width, height = picture.width * scale, picture.height * scale
        at = MARGIN + (WIDTH - width if self._from_right else 0)
        self.image(picture, x=at, y=top, w=width, h=height)

    def _rule(self, thickness: float, colour: tuple[int, ...]) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(thickness)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())

    def _use(self, size: float = 11, bold: bool = False, colour: tuple[int, ...] = BLACK) -> None:
        self.set_font("vazirmatn" if self._from_right else "atkinson", "B" if bold else "", size)
        self.set_text_color(*colour)

    def _add_fonts(self) -> None:
        for name, file in (("atkinson", "atkinson-hyperlegible-next"), ("vazirmatn", "vazirmatn")):
            for style, weight in (("", "regular"), ("B", "bold")):
                self.add_font(name, style, FONTS / f"{file}-{weight}.ttf")
        self.set_fallback_fonts(["atkinson" if self._from_right else "vazirmatn"], exact_match=True)

    def _turn(self, from_right: bool) -> None:
        direction: Any = "rtl" if from_right else "ltr"
        self.set_text_shaping(use_shaping_engine=True, direction=direction)


def _reads_from_right(text: str) -> bool:
    """By its first letter, as `dir="auto"` does."""
    kinds = (unicodedata.bidirectional(one) for one in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)
