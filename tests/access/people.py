"""Who stands around somebody's chat and has no business there."""

import json
import urllib.request
from dataclasses import dataclass

from tests.faults.client import Side
from tests.faults.world import Pair, get, make_pairs
from tests.running import RunningHub


@dataclass(frozen=True, slots=True)
class Role:
    name: str
    side: Side
    token: str
    departments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cast:
    """A customer with an agent, and everybody who may not see their chat."""

    pair: Pair
    strangers: tuple[Role, ...]


def cast_of(hub: RunningHub) -> Cast:
    pair, other = make_pairs(hub, 2)
    strangers = [
        Role("a visitor", "visitor", visitor_token(hub)),
        Role("another customer", "visitor", other.visitor),
        Role("a colleague", "staff", other.staff, frozenset({other.department})),
    ]
    for account in hub.demo["accounts"]:
        if account["role"] in ("agent", "manager") and pair.department not in (seats := departments_of(hub, account)):
            strangers.append(Role(f"{account['role']} {account['name']}", "staff", account["token"], seats))
        elif account["role"] in ("customer", "vip"):
            strangers.append(Role(f"{account['role']} {account['name']}", "visitor", account["token"]))
    return Cast(pair, tuple(strangers))


def departments_of(hub: RunningHub, account: dict[str, str]) -> frozenset[str]:
    me = get(hub, account["token"], "/me/")
    return frozenset(str(row["id"] if isinstance(row, dict) else row) for row in me["departments"])


def visitor_token(hub: RunningHub) -> str:
    """What the widget gets for somebody who has not said who they are."""
    request = urllib.request.Request(
        f"{hub.url.rstrip('/')}/api/v1/widget/session/",
        data=json.dumps({"site_key": hub.demo["site_key"]}).encode(),
        headers={"Content-Type": "application/json", "Origin": hub.url.rstrip("/")},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return str(json.load(response)["token"])
