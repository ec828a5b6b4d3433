"""Paying by a call to a premium number: TargetPay's old "pay per call" (S2).

Its own page is gone; as its clients speak it (github.com/TPWeb/targetpay, src/TargetPay.php, src/transactions/IVR.php):
- /payment/startpayment.asp: rtlo, ct=PC (one price per call), co (country calling code), tb (cents), iphash, adult,
  test; answered by `000 OK|<paycode>|<number>`, else a code 001 to 010 for what is wrong with the request.
- /payment/checkpayment.asp: rtlo, paycode, payline, country, test; `000 OK|<cents>|PC|<seconds>` once the call was made
  and the code typed, anything else as long as it was not.
A call cannot be cancelled or given back. Nobody tells us: it is asked for until the order is given up.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from credits.store.providers.base import (
    Method,
    Money,
    Order,
    ProviderDown,
    Refused,
    Started,
    State,
    Status,
    Unknown,
)
from credits.store.providers.http import Api

_REF: Final = re.compile(r"phone-([0-9A-Za-z]{1,20})-([0-9]{3,20})-([0-9]{1,7})")
# What the documents give for the Netherlands (targetpay.com/info/plugandpay3: 0.35 to 40.00).
CENTS_MIN: Final = 35
CENTS_MAX: Final = 4000


class PhoneCalls:
    def __init__(self, outlet: str, api: Api, country: str, *, test: bool) -> None:
        self._outlet = outlet
        self._api = api
        self._country = country
        self._test = test

    def owns(self, provider_ref: str) -> bool:
        return provider_ref.startswith("phone-")

    def start(self, order: Order) -> Started:
        """Answers no page but what to call, what to type and what it costs. Raises Refused."""
        cents = order.amount.cents
        if not CENTS_MIN <= cents <= CENTS_MAX:
            raise Refused("AMOUNT", f"From {CENTS_MIN} to {CENTS_MAX} cents.")
        caller = hashlib.sha256(order.id.encode()).hexdigest()[:16]  # it wants to know callers apart, not who they are
        parts = self._ask("start", co=self._country, ct="PC", tb=str(cents), iphash=caller, adult="0")
        if not parts[0].startswith("000") or len(parts) < 3:
            raise Refused(parts[0][:3], self._api.strike_out(parts[0]))
        code, number = parts[1].strip(), re.sub(r"[ .-]", "", parts[2])
        ref = f"phone-{code}-{number}-{cents}"
        if not _REF.fullmatch(ref):
            raise ProviderDown("The answer cannot be read.")
        return Started(ref, instructions={"number": number, "code": code, "cents": str(cents)})

    def fetch(self, provider_ref: str) -> Status:
        found = _REF.fullmatch(provider_ref)
        if found is None:
            raise Unknown
        parts = self._ask("check", paycode=found[1], payline=found[2], country=self._country)
        paid = parts[0].startswith("000")
        return Status(
            provider_ref=provider_ref,
            state=State.PAID if paid else State.OPEN,
            amount=Money(_cents(parts) if paid else int(found[3]), "EUR"),
            test=self._test,
            method=Method.PHONE,
        )

    def close(self) -> None:
        self._api.close()

    def _ask(self, what: str, **fields: str) -> list[str]:
        form = {"rtlo": self._outlet, "test": "1" if self._test else "0"} | fields
        answer = self._api.ask("POST", f"/payment/{what}payment.asp", again=what == "check", data=form)
        text = answer.text()
        if answer.status >= 400 or not re.match(r"[0-9]{3}\b", text):
            raise ProviderDown("The answer cannot be read.")
        return text.split("|")


def _cents(parts: list[str]) -> int:
    """What the call cost, which is compared with the order as any amount."""
    if len(parts) < 2 or not re.fullmatch(r"[0-9]{1,7}", parts[1].strip()):
        raise ProviderDown("The answer holds an amount that cannot be read.")
    return int(parts[1])
