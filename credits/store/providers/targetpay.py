"""DigiWallet, which was TargetPay: bank methods for accounts that still have them, and paying by a phone call (S2).

It ended bank payments on 28 April 2024 and kept its mobile services (its own letter, in
github.com/pronamic/wp-pronamic-pay-digiwallet/blob/main/DEPRECATED.md), so nothing is offered until it is configured.

As documented at digiwallet.nl/en/documentation/paymethods/ideal and …/mistercash:
- {method}/start: ver, rtlo (the outlet), amount in cents, a description of letters and digits (32), returnurl,
  cancelurl, reporturl, test; answered by the text `000000 <trxid>|<url>`, or a code and words.
- {method}/check: rtlo, trxid, once, test; `000000 OK` is paid, DW_SE_0020 not completed, 0021 cancelled, 0022 expired,
  0023 failed, 0016 not found, 0019 of another outlet; older accounts answer TP0010 to TP0013, TP0022 and TP0023 alike.
  A code that is not in the table is an open payment. `once` stays 0: that a payment counts once is our own affair.
- The reporturl gets a POST with trxid, not signed: always check.
No answer tells an amount: a trxid is bound to the one it was started with, which is therefore part of our ref.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NoReturn
from urllib.parse import parse_qs, urlencode

from django.conf import settings

from credits.store.providers.base import (
    Capability,
    Forged,
    MandateStatus,
    Method,
    Money,
    Notice,
    NotOffered,
    Order,
    ProviderDown,
    RefundStatus,
    Refused,
    Started,
    State,
    Status,
    Unknown,
)
from credits.store.providers.http import Api, require_page
from credits.store.providers.targetpay_phone import PhoneCalls

# Path, version of the API, least and most cents.
_BANKS: Final = {Method.IDEAL: ("ideal", "4", 84, 1_000_000), Method.BANCONTACT: ("mrcash", "2", 49, 500_000)}
_STATES: Final = {
    "000000": State.PAID,
    "DW_SE_0021": State.CANCELLED,
    "DW_SE_0022": State.EXPIRED,
    "DW_SE_0023": State.FAILED,
    "TP0011": State.CANCELLED,
    "TP0012": State.EXPIRED,
    "TP0013": State.FAILED,
}
_NOT_OURS: Final = ("DW_SE_0016", "DW_SE_0019", "TP0022", "TP0023")
_REF: Final = re.compile(r"(ideal|mrcash)-([0-9A-Za-z]{1,40})-([0-9]{1,7})")
_NOT_PLAIN: Final = re.compile(r"[^0-9A-Za-z]+")


class TargetPay:
    name = "targetpay"
    capabilities = frozenset({Capability.FETCH, Capability.NOTICE})

    def __init__(self, outlet: str, banks: Api, methods: tuple[Method, ...], phone: PhoneCalls, *, test: bool) -> None:
        self.test = test
        self._outlet = outlet
        self._banks = banks
        self._methods = methods
        self._phone = phone

    def methods(self) -> tuple[Method, ...]:
        return self._methods

    def start(self, order: Order, key: str) -> Started:
        """The key is of no use here: a start whose answer is lost makes a payment that nobody sees, and expires."""
        if order.amount.currency != "EUR":
            raise Refused("CURRENCY", "Only euros are taken.")
        if order.method is Method.PHONE:
            return self._phone.start(order)
        path, version, least, most = _BANKS[order.method]
        if not least <= order.amount.cents <= most:
            raise Refused("AMOUNT", f"From {least} to {most} cents.")
        report = {"method": path, "cents": order.amount.cents}
        text = self._ask(
            f"/{path}/start",
            ver=version,
            amount=str(order.amount.cents),
            description=_plain(order.description) or order.id[:32],
            returnurl=order.return_url,
            cancelurl=order.cancel_url,
            reporturl=f"{order.notice_url}?{urlencode(report)}",
        )
        code, _, rest = text.partition(" ")
        if code != "000000":
            raise Refused(code[:20], self._banks.strike_out(rest))
        trxid, _, page = rest.partition("|")
        return Started(
            _checked(f"{path}-{trxid}-{order.amount.cents}")[0],
            redirect_url=require_page(page.partition("|")[0].strip(), self._banks.base_url),
        )

    def fetch(self, provider_ref: str) -> Status:
        if self._phone.owns(provider_ref):
            return self._phone.fetch(provider_ref)
        _, path, trxid, cents = _checked(provider_ref)
        code = self._ask(f"/{path}/check", trxid=trxid, once="0").partition(" ")[0]
        if code in _NOT_OURS:
            raise Unknown
        return Status(
            provider_ref=provider_ref,
            state=_STATES.get(code, State.OPEN),
            amount=Money(cents, "EUR"),
            test=self.test,
            method=next(method for method, bank in _BANKS.items() if bank[0] == path),
        )

    def refs_of(self, notice: Notice) -> list[str]:
        """The report names the transaction; method and amount stand in the address that we gave ourselves."""
        try:
            form = parse_qs(notice.body.decode("ascii"), max_num_fields=30)
        except ValueError:
            raise Forged("Not a report of DigiWallet.") from None
        trxid = form.get("trxid", [notice.query.get("trxid", "")])[0]
        try:
            return [_checked(f"{notice.query.get('method', '')}-{trxid}-{notice.query.get('cents', '')}")[0]]
        except Unknown:
            raise Forged("Not a report of DigiWallet.") from None

    def verify(self, notice: Notice) -> list[str]:
        return self.refs_of(notice)

    def refund(self, provider_ref: str, amount: Money, key: str) -> RefundStatus:
        _not_offered()

    def fetch_refund(self, provider_ref: str, refund_ref: str) -> RefundStatus:
        _not_offered()

    def mandate(self, mandate_ref: str) -> MandateStatus:
        _not_offered()

    def charge(self, mandate_ref: str, order: Order, key: str) -> Started:
        _not_offered()

    def revoke(self, mandate_ref: str) -> None:
        _not_offered()

    def close(self) -> None:
        self._banks.close()
        self._phone.close()

    def _ask(self, path: str, **fields: str) -> str:
        form = {"rtlo": self._outlet, "test": "1" if self.test else "0"} | fields
        answer = self._banks.ask("POST", path, again=path.endswith("/check"), data=form)
        text = answer.text()
        if answer.status >= 400 or not re.match(r"[0-9A-Z_]{3,20}\b", text):
            raise ProviderDown("The answer cannot be read.")
        return text


def configured() -> TargetPay | None:
    if not settings.TARGETPAY_OUTLET:
        return None
    outlet, test, timeout_s = settings.TARGETPAY_OUTLET, settings.PAYMENTS_TEST, settings.PAYMENTS_TIMEOUT_S
    phone = PhoneCalls(outlet, Api(settings.TARGETPAY_PHONE_URL, timeout_s), settings.COUNTRY_CALLING_CODE, test=test)
    methods = tuple(Method(name) for name in settings.TARGETPAY_METHODS)
    return TargetPay(outlet, Api(settings.TARGETPAY_URL, timeout_s), methods, phone, test=test)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub(" ", letters)[:32].strip()


def _checked(provider_ref: str) -> tuple[str, str, str, int]:
    found = _REF.fullmatch(provider_ref)
    if found is None:
        raise Unknown
    return found[0], found[1], found[2], int(found[3])


def _not_offered() -> NoReturn:
    raise NotOffered("DigiWallet takes payments and does nothing else.")
