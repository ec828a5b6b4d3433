"""All that stands on a receipt or credit note (S4, S7); what draws it (a mail, a PDF) asks nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """`vat_cents` is in `amount_cents`; 0 where VAT comes due at the use of the credits (S7), then `vat_at_use`.

    `corrects` is the number of the receipt that a credit note takes back, in whole or in part.
    """

    number: str
    kind: str
    issued_at: datetime
    buyer_name: str
    buyer_company: str
    buyer_address: tuple[str, ...]
    credits_m: int
    amount_cents: int
    currency: str
    vat_bp: int
    vat_cents: int
    vat_at_use: bool
    provider: str
    method: str
    purchase_id: str
    test: bool
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells. `logo` is a PNG of our own making (hub/site/logos.py); without one the name stands in its place."""

    name: str
    address: tuple[str, ...] = ()
    vat_number: str = ""
    registration: str = ""
    colour: str = "#264e9c"
    logo: bytes | None = None
