"""Putting away what a test left, for the next one: chats ended, wrap-ups done (an agent in one gets no new chats)."""

import json

import psycopg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.faults.client import new_id
from tests.faults.world import post
from tests.running import RunningHub

LEFT = """
select session.id::text, session.state, staff.login_number
  from chat_session session left join accounts_user staff on staff.id = session.agent_id
 where session.state <> 'ended' or session.wrapup_until is not null
"""


def end_all_chats(hub: RunningHub) -> None:
    """The owner ends each, its agent wraps it up."""
    owner, agent = hub.account("owner"), hub.account("agent")
    with psycopg.connect(hub.demo["database_url"]) as line:
        left = line.execute(LEFT).fetchall()
    for session, state, _ in left:
        if state != "ended":
            post(hub, owner["token"], f"/sessions/{session}/end/", {})
    mine = [session for session, _, login in left if login == agent["login"]]
    if mine:
        protocols = [Subprotocol("balie.v1"), Subprotocol(f"bearer.{agent['token']}")]
        with connect(f"{hub.url.replace('http', 'ws', 1)}ws/staff/", subprotocols=protocols, proxy=None) as line:
            line.send(json.dumps({"type": "hello", "protocol": 1, "resume": []}))
            for session in mine:
                _wrap_up(line, session)


def _wrap_up(line: ClientConnection, session: str) -> None:
    request_id = new_id()
    asked = {"type": "session.wrapup", "id": request_id, "session": session, "outcome": "solved"}
    line.send(json.dumps(asked))
    while json.loads(line.recv(60)).get("re") != request_id:
        pass
