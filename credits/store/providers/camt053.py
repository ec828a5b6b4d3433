"""A bank's statement as a file: camt.053 of ISO 20022 in any of its versions, and .052 and .054, which look alike.

Anybody may have made the file: no DTD and no entities are read (defusedxml), and everything is bounded. Only what was
booked and came in is told; what is reversed, pending or another account's is not.
https://www.iso20022.org/catalogue-messages/iso-20022-messages-archive (BankToCustomerStatement)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from credits.store.providers.bank_lines import Unreadable
from credits.store.providers.base import Money

FILE_BYTES_MAX: Final = 5_000_000
ENTRIES_MAX: Final = 5_000
DEPTH_MAX: Final = 40
TEXT_CHARACTERS_MAX: Final = 500
_MESSAGES: Final = ("BkToCstmrStmt/Stmt", "BkToCstmrAcctRpt/Rpt", "BkToCstmrDbtCdtNtfctn/Ntfctn")
_AMOUNT: Final = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A payment that came in. `identity` is the bank's own id of it within the account, '' where it gives none."""

    amount: Money
    text: str
    payer: str
    day: date | None
    identity: str


def looks_like_xml(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def read_statement(data: bytes, iban: str = "") -> list[Entry]:
    """What came in on this account (of `iban`, where it is given). Raises Unreadable: "length", "file", "account"."""
    root = _root(data)
    found: list[Entry] = []
    for path in _MESSAGES:
        for statement in root.findall(path):
            _require_account(statement, iban)
            for entry in statement.findall("Ntry"):
                found += _payments(entry)
                if len(found) > ENTRIES_MAX:
                    raise Unreadable("length")
    if not any(root.find(path) is not None for path in _MESSAGES):
        raise Unreadable("file")
    return found


def _root(data: bytes) -> Element:
    """With names that have lost their namespace: each version of the format has its own."""
    if len(data) > FILE_BYTES_MAX:
        raise Unreadable("length")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable("file") from error
    todo = [(root, 1)]
    while todo:
        one, depth = todo.pop()
        if depth > DEPTH_MAX:
            raise Unreadable("file")
        one.tag = str(one.tag).rpartition("}")[2]
        todo += [(child, depth + 1) for child in one]
    return root


def _require_account(statement: Element, iban: str) -> None:
    """Another account's money pays no order of ours."""
    theirs = _text(statement, "Acct/Id/IBAN").replace(" ", "").upper()
    if iban and theirs and theirs != iban.replace(" ", "").upper():
        raise Unreadable("account")


def _payments(entry: Element) -> Iterator[Entry]:
    """Those of one entry: a bank may have put many together."""
    booked = (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK"
    came_in = _text(entry, "CdtDbtInd") == "CRDT" and _text(entry, "RvslInd") != "true"
    if not booked or not came_in:
        return
    details = entry.findall("NtryDtls/TxDtls")
    if len(details) < 2:
        yield _payment(entry, details[0] if details else entry, entry.find("Amt"), number=0)
        return
    for number, detail in enumerate(details, start=1):
        if _text(detail, "CdtDbtInd") in ("", "CRDT"):
            amount = detail.find("Amt")
            yield _payment(entry, detail, detail.find("AmtDtls/TxAmt/Amt") if amount is None else amount, number=number)


def _payment(entry: Element, detail: Element, amount: Element | None, *, number: int) -> Entry:
    references = [_text(detail, path) for path in ("RmtInf/Strd/CdtrRefInf/Ref", "Refs/EndToEndId")]
    said = [one.text or "" for one in detail.findall("RmtInf/Ustrd")] + [_text(entry, "AddtlNtryInf")]
    text = " ".join(part.strip() for part in (*references, *said) if part.strip() and part.strip() != "NOTPROVIDED")
    payer = _text(detail, "RltdPties/Dbtr/Pty/Nm") or _text(detail, "RltdPties/Dbtr/Nm")
    ids = [_text(detail, "Refs/AcctSvcrRef") or _text(entry, "AcctSvcrRef"), _text(entry, "NtryRef")]
    return Entry(
        amount=_money(amount),
        text=text[:TEXT_CHARACTERS_MAX],
        payer=payer[:TEXT_CHARACTERS_MAX],
        day=_day(_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm")),
        identity=":".join((*ids, str(number))) if any(ids) else "",
    )


def _money(amount: Element | None) -> Money:
    """To the cent, or not at all."""
    text = "" if amount is None else (amount.text or "").strip()
    currency = "" if amount is None else amount.get("Ccy", "")
    if not _AMOUNT.fullmatch(text):
        raise Unreadable("amount")
    try:
        cents = Decimal(text) * 100
        if cents != int(cents) or cents <= 0:
            raise Unreadable("amount")
        return Money(int(cents), currency)
    except (InvalidOperation, ValueError) as error:
        raise Unreadable("currency") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else (found.text or "").strip()
