"""What the shop's customer has and was charged, by the HTTP API: the other witness beside the screens."""

from typing import Any

from tests.faults.world import get, get_all, post, set_price
from tests.running import RunningHub

Row = dict[str, Any]


class Purse:
    """The wallet and the chats of the customer whom the demo shop signs in."""

    def __init__(self, hub: RunningHub) -> None:
        self.hub = hub
        self.customer = hub.account("customer")
        self.owner = hub.account("owner")
        departments = get_all(hub, self.customer["token"], "/departments/")
        self.department, self.department_name = str(departments[0]["id"]), str(departments[0]["name"])

    def set_price(self, *, price_m: int, block_s: int) -> None:
        set_price(self.hub, self.department, price_m=price_m, block_s=block_s)

    def wallet(self) -> Row:
        found: Row = get(self.hub, self.customer["token"], "/wallet/")
        return found

    def balance_m(self) -> int:
        return int(self.wallet()["balance_m"])

    def fill(self, balance_m: int) -> None:
        """Staff add or take away until there is so much (L6)."""
        wallet = self.wallet()
        if difference_m := balance_m - int(wallet["balance_m"]):
            asked = {"amount_m": difference_m, "reason": "test"}
            post(self.hub, self.owner["token"], f"/wallets/{wallet['id']}/adjust/", asked)

    def sessions(self) -> list[Row]:
        return get_all(self.hub, self.customer["token"], "/sessions/")

    def live_session(self) -> Row:
        return next(row for row in self.sessions() if row["state"] != "ended")

    def session(self, session: str) -> Row:
        found: Row = get(self.hub, self.customer["token"], f"/sessions/{session}/")
        return found

    def charged_m(self) -> int:
        return sum(int(charge["amount_m"]) for charge in self.charges(self.live_session()["session"]))

    def charges(self, session: str) -> list[Row]:
        return get_all(self.hub, self.customer["token"], f"/sessions/{session}/charges/")

    def lines_of(self, session: str) -> list[Row]:
        lines = get_all(self.hub, self.customer["token"], "/wallet/lines/")
        return [line for line in lines if line.get("session") == session]
