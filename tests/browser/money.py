"""What the shop's customer has and was charged, by the HTTP API: the other witness beside the screens."""

import json
import urllib.request
import uuid
from typing import Any

from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.faults.client import new_id
from tests.faults.world import get, get_all, set_price
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
            self._post(f"/wallets/{wallet['id']}/adjust/", {"amount_m": difference_m, "reason": "test"})

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

    def end_chats(self) -> None:
        """Whatever the test left: the customer ends the chat, and the agent wraps it up (until then: no new ones)."""
        sessions = [row["session"] for row in self.sessions()[:3]]
        for side, kind, fields in (("visitor", "session.end", {}), ("staff", "session.wrapup", {"outcome": "solved"})):
            account = self.customer if side == "visitor" else self.hub.account("agent")
            protocols = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{account['token']}")]
            address = f"{self.hub.url.replace('http', 'ws', 1)}ws/{side}/"
            with connect(address, subprotocols=protocols, proxy=None) as line:
                line.send(json.dumps({"type": "hello", "protocol": 1, "resume": []}))
                for session in sessions:
                    request_id = new_id()
                    line.send(json.dumps({"type": kind, "id": request_id, "session": session, **fields}))
                    while json.loads(line.recv(10)).get("re") != request_id:
                        pass

    def _post(self, path: str, body: Row) -> None:
        request = urllib.request.Request(
            f"{self.hub.url.rstrip('/')}/api/v1{path}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.owner['token']}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        with urllib.request.urlopen(request, timeout=10):
            return
