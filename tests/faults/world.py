"""A customer and an agent of a running hub, and the chat between them, through what any integration may use."""

import asyncio
import contextlib
import itertools
import json
import urllib.request
import uuid
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.checker import Bill, Entry, charge_offences, message_offences
from tests.faults.client import Client, Frame
from tests.faults.history import History
from tests.running import RunningHub


@dataclass(frozen=True, slots=True)
class Pair:
    """A funded customer and the agent the customer is bound to, by their tokens (manage.py demo_tokens)."""

    visitor: str
    staff: str
    department: str


AHEAD = 12  # pairs that are made at once, since a command takes longer than all of them
_made: Counter[Path] = Counter()  # of each hub, by its folder
_left: defaultdict[Path, list[Pair]] = defaultdict(list)


def make_pairs(hub: RunningHub, count: int) -> list[Pair]:
    """Pairs that no test has had before: who has just ended a chat is busy with its wrap-up."""
    left = _left[hub.var]
    if len(left) < count:
        before, _made[hub.var] = _made[hub.var], _made[hub.var] + max(count, AHEAD)
        done = hub.manage("demo_tokens", "--pairs", str(_made[hub.var]))
        assert done.returncode == 0, done.stderr[-2000:]
        rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        left += [Pair(row["visitor"], row["staff"], str(row["department"])) for row in rows[before:]]
    taken = left[:count]
    del left[:count]
    return taken


def set_price(hub: RunningHub, department: str, *, price_m: int, block_s: int) -> None:
    """Short blocks, so that a short test crosses many of them. Sessions that run keep their price (M1)."""
    with psycopg.connect(hub.demo["database_url"]) as connection:
        changed = connection.execute(
            "update credits_departmentprice set price_millicredits = %s, block_seconds = %s, free_seconds = 0,"
            " minimum_blocks = 1 where department_id = %s",
            [price_m, block_s, int(department)],
        )
        assert changed.rowcount == 1


def get(hub: RunningHub, token: str, path: str) -> Any:
    """One answer of the HTTP API."""
    request = urllib.request.Request(
        f"{hub.url.rstrip('/')}/api/v1{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def post(hub: RunningHub, token: str, path: str, body: dict[str, Any]) -> None:
    """One change by the HTTP API, with an Idempotency-Key of its own."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    request = urllib.request.Request(f"{hub.url.rstrip('/')}/api/v1{path}", json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60):
        return


def get_all(hub: RunningHub, token: str, path: str) -> list[dict[str, Any]]:
    """All results of a list, page by page."""
    rows: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        page = get(hub, token, following)
        rows += page["results"]
        following = page["next"] and page["next"].split("/api/v1", 1)[1]
    return rows


def audit_offences(hub: RunningHub) -> str:
    """What `manage.py audit` has to say; empty when everything adds up."""
    done = hub.manage("audit")
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-3000:]


@dataclass
class Chat:
    hub: RunningHub
    pair: Pair
    customer: Client
    agent: Client
    session: str
    history: History

    async def talk(self, *, every_s: float) -> None:
        """Both say something every so often, without waiting for answers, until cancelled."""
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        for number in itertools.count(1):
            self.customer.send(self.session, f"customer {number}")
            self.agent.send(self.session, f"agent {number}")
            await asyncio.sleep(max(0.0, started_s + number * every_s - loop.time()))

    async def settle(self) -> int:
        """Until everything is answered and shown on both sides; the last seq."""
        await asyncio.gather(self.customer.settle(), self.agent.settle())
        last_seq = max([fact.seq or 0 for fact in self.history.of(self.session)], default=0)
        await asyncio.gather(self.customer.shows(self.session, last_seq), self.agent.shows(self.session, last_seq))
        return last_seq

    async def end(self) -> Frame:
        """End it as the customer; the session frame with its summary."""
        await self.customer.ask("session.end", session=self.session)
        await self.customer.until(lambda: self.customer.sessions[self.session].get("summary"), what="the cost summary")
        last_seq = (await asyncio.to_thread(self.stored))[-1].seq  # that it ended is an entry too
        await asyncio.gather(*(one.shows(self.session, last_seq) for one in (self.customer, self.agent)))
        return self.customer.sessions[self.session]

    def stored(self) -> list[Entry]:
        """The transcript over HTTP, from the first entry on."""
        rows = get_all(self.hub, self.pair.visitor, f"/sessions/{self.session}/messages/?after_seq=0&limit=200")
        return [Entry.of_frame(row) for row in rows]

    def offences(self) -> list[str]:
        """C5: what is wrong with the messages, as both windows show them and as a newcomer reads them."""
        views: Mapping[str, Sequence[Entry]] = {
            "customer": self.customer.timeline(self.session).shown,
            "agent": self.agent.timeline(self.session).shown,
            "stored": self.stored(),
        }
        conflicts = self.customer.timeline(self.session).conflicts + self.agent.timeline(self.session).conflicts
        return conflicts + message_offences(self.history.of(self.session), views)

    def money_offences(self, ended: Frame) -> list[str]:
        """M2: what is wrong with the charges of this ended session, by the API and by the wallet's lines."""
        charges = get_all(self.hub, self.pair.visitor, f"/sessions/{self.session}/charges/")
        lines = get_all(self.hub, self.pair.visitor, "/wallet/lines/")
        mine = [line for line in lines if line.get("session") == self.session]
        summary = ended["summary"]
        bill = Bill(ended["price_m"], ended["block_s"], ended["free_s"], summary["elapsed_s"], summary["charged_m"])
        return charge_offences(charges, bill, mine)


@contextlib.asynccontextmanager
async def open_chat(
    hub: RunningHub, pair: Pair, *, customer_url: str = "", agent_url: str = "", history: History | None = None
) -> AsyncIterator[Chat]:
    """A chat that runs: asked, offered, accepted, and answered for the first time, so that the meter goes.

    Unless told otherwise the customer is on the first web process and the agent on the second; each goes to the other
    when its own does not answer.
    """
    urls = hub.demo["urls"]
    notes = history or History()
    customer = Client([customer_url] if customer_url else urls, pair.visitor, "visitor", name="customer", history=notes)
    agent = Client([agent_url] if agent_url else urls[::-1], pair.staff, "staff", name="agent", history=notes)
    async with customer, agent:
        await asyncio.gather(customer.opened(), agent.opened())
        await agent.ask("presence.set", status="online", capacity=8)
        started = await customer.ask("session.start", department=pair.department)
        session = started["session"]
        await agent.frame("session.offer", session=session)
        await agent.ask("session.accept", session=session)
        await agent.send(session, "Good morning, how can I help?")
        await customer.until(
            lambda: customer.meters.get(session, {}).get("state") in ("free", "running"), what="a meter that runs"
        )
        yield Chat(hub, pair, customer, agent, session, notes)
