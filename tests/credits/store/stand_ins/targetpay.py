"""DigiWallet and TargetPay's phone payment as their documents have them (credits/store/providers/targetpay*.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.credits.store.stand_ins.server import Asked, Reply, StandIn

OUTLET = "93393"
VERSIONS = {"ideal": "4", "mrcash": "2"}


@dataclass
class TargetPayStandIn(StandIn):
    """`codes` are what a check answers, by transaction or by paycode."""

    codes: dict[str, str] = field(default_factory=dict)
    started: list[dict[str, str]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        if asked.form.get("rtlo") != OUTLET:
            return Reply("DW_SE_0001 No layoutcode entered")
        match (asked.method, *asked.path.strip("/").split("/")):
            case ("POST", "ideal" | "mrcash" as method, "start"):
                return self._start(method, asked.form)
            case ("POST", "ideal" | "mrcash" as method, "check"):
                trxid = asked.form["trxid"]
                return Reply(self.codes.get(trxid, "DW_SE_0016 Transaction not found"))
            case ("POST", "payment", "startpayment.asp"):
                return self._offer_call(asked.form)
            case ("POST", "payment", "checkpayment.asp"):
                return Reply(self.codes.get(asked.form["paycode"], "011 unknown paycode"))
        return Reply("not found", 404)

    def _start(self, method: str, form: dict[str, str]) -> Reply:
        if form["ver"] != VERSIONS[method] or not re.fullmatch(r"[0-9A-Za-z ]{1,32}", form["description"]):
            return Reply('DW_XE_0003 Validation failed, details: {"description":["invalid"]}')
        trxid = f"3045{len(self.started):05}"
        self.started.append(form)
        self.codes[trxid] = "DW_SE_0020 Transaction has not been completed, try again later"
        return Reply(f"000000 {trxid}|https://pay.digiwallet.nl/{method}/{trxid}")

    def _offer_call(self, form: dict[str, str]) -> Reply:
        if form["co"] != "31":
            return Reply("007 Invalid country code")
        code = f"{7000 + len(self.started)}"
        self.started.append(form)
        self.codes[code] = "012 not paid yet"
        return Reply(f"000 OK|{code}|0909-1234")
