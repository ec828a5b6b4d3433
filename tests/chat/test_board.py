"""The board: what goes out is what changed, once per topic, and nobody learns more than they may (D2, P5)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chat import board, board_changes, presence
from chat.board_changes import EVERY_S, LOOKS_AT_AGENTS_EVERY_S, Publisher
from chat.consumers import leases
from chat.models import Lease
from chat.wire import codec, outgoing
from hub.accounts.models import Department
from hub.base.errors import Forbidden, NotFound
from tests.builders import Actor, World, committed, frames


class Screen:
    """A board somebody looks at: the snapshot, and every difference applied to it, as a client does."""

    def __init__(self, actor: Actor, topic: str) -> None:
        self.actor, self.topic = actor, topic
        self.outlet = f"b:{board.outlet_topic(actor.person, topic)}"
        self.seen = len(self._published())
        self.show(board.subscribe(actor=actor.person, topic=topic))

    def _published(self) -> list[dict[str, Any]]:
        return [one.frame for one in frames(self.actor.world.published, "board", topic=self.outlet)]

    def show(self, full: outgoing.Board) -> None:
        self.rev = full.rev
        told = decoded(full)
        assert told["full"] is True
        self.parts: dict[str, dict[str, Any]] = {name: told[name] for name in ("queue", "sessions", "agents")}

    def hears(self) -> list[dict[str, Any]]:
        """Apply what was published since; every revision follows the one before."""
        news = self._published()[self.seen :]
        self.seen += len(news)
        for frame in news:
            if frame["rev"] <= self.rev:
                continue
            assert frame["rev"] == self.rev + 1, "a gap"
            self.rev = frame["rev"]
            for name in self.parts:
                for key, row in (frame.get(name) or {}).items():
                    if row is None:
                        self.parts[name].pop(key, None)
                    else:
                        self.parts[name][key] = row
        return news

    def equals_fresh(self) -> bool:
        fresh = Screen(self.actor, self.topic)
        return without_time(self.parts) == without_time(fresh.parts)


def decoded(frame: outgoing.Board) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(codec.encode(frame))
    return told


def without_time(parts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """A running meter's reading moves by itself on every screen; its course is what must agree."""
    moving = {"elapsed_s", "charged_m", "now", "next_charge_at"}
    kept = msgspec.json.decode(msgspec.json.encode(parts))
    for row in kept["sessions"].values():
        row["meter"] = {name: value for name, value in (row.get("meter") or {}).items() if name not in moving}
    return dict(kept)


class Leader:
    """The dispatcher's part. Under test nothing commits, so what the database would tell is said to it."""

    def __init__(self) -> None:
        self.publisher = Publisher()
        self.publisher.hear(None)
        self.works()

    def works(self) -> None:
        with committed():
            self.publisher.publish()

    def hears_of(self, *chats: Any, agents: tuple[Actor, ...] = ()) -> None:
        for chat in chats:
            self.publisher.hear(f"s:{chat.pk}")
        for agent in agents:
            self.publisher.hear(f"a:{agent.id}")
        self.works()


@pytest.fixture(autouse=True)
def _no_look_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at now and then depends on how fast the test runs; here only what is said is read."""
    for name in ("LOOKS_AT_AGENTS_EVERY_S", "LOOKS_AT_ALL_EVERY_S"):
        monkeypatch.setattr(board_changes, name, 1e9)


@pytest.fixture
def support(world: World) -> Department:
    return world.department(price_m=1000)


@pytest.fixture
def leader(world: World, support: Department) -> Leader:
    return Leader()


def test_differences_applied_to_a_snapshot_are_a_new_snapshot(world: World, support: Department) -> None:
    """D2: through everything that can happen to a session."""
    marko, boss, owner = world.agent(support), world.manager(support), world.owner()
    leader = Leader()
    screens = [Screen(marko, str(support.pk)), Screen(boss, str(support.pk)), Screen(owner, "all")]
    sanne = world.customer(credits=20)

    def step(*chats: Any) -> None:
        leader.hears_of(*chats, agents=(marko,))
        for screen in screens:
            screen.hears()
            assert screen.equals_fresh(), screen.topic

    chat = sanne.starts(support, "My printer is on fire")
    step(chat)
    world.dispatches()
    step(chat)
    marko.accepts(chat)
    step(chat)
    marko.says(chat, "Hello!")
    step(chat)
    marko.pauses(chat, "looking_up")
    step(chat)
    marko.resumes(chat)
    step(chat)
    other = world.customer("Tom Visser", credits=20).starts(support, "Me too")
    step(chat, other)
    marko.ends(chat)
    step(chat, other)
    assert [screen.parts["sessions"] for screen in screens] == [{}, {}, {}]
    assert all(set(screen.parts["queue"]) == {str(other.pk)} for screen in screens)


def test_colleagues_sessions_show_name_state_and_time_only(world: World, support: Department) -> None:
    """P5: to agents; the meter is for managers and the owner."""
    marko, sara, boss = world.agent(support), world.agent(support, name="Sara Rossi"), world.manager(support)
    chat = world.customer(credits=20).starts(support, "My printer is on fire")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    (row,) = Screen(sara, str(support.pk)).parts["sessions"].values()
    assert row.keys() <= {"department", "name", "state", "reason", "agent", "since", "started_at"}
    (row,) = Screen(boss, str(support.pk)).parts["sessions"].values()
    assert row["meter"]["state"] == "running"


def test_exclusive_work_is_not_read_by_others(world: World, support: Department) -> None:
    """P6: a colleague sees that somebody waits, not what for."""
    marko, sara = world.agent(support, status="away"), world.agent(support, name="Sara Rossi")
    world.customer(agent=marko.user, exclusive=True, credits=5).starts(support, "A secret")
    (row,) = Screen(sara, str(support.pk)).parts["queue"].values()
    assert "subject" not in row


def test_who_may_look_at_what(world: World, support: Department) -> None:
    """P5, D2: departments of one's own; all of it for the owner alone."""
    other = world.department()
    marko, boss, owner = world.agent(support), world.manager(support), world.owner()
    assert board.find_outlet_topic(marko.person, str(support.pk)) == str(support.pk)
    assert board.outlet_topic(marko.person, str(support.pk)) != board.outlet_topic(boss.person, str(support.pk))
    for who in (marko, boss):
        with pytest.raises(Forbidden):
            board.outlet_topic(who.person, "all")
        with pytest.raises(NotFound):
            board.outlet_topic(who.person, str(other.pk))
    assert board.outlet_topic(owner.person, "all") == "all"
    for junk in ("", "x", "1 or 1=1", "9" * 30, "-1"):
        with pytest.raises(NotFound):
            board.outlet_topic(marko.person, junk)
    with pytest.raises(Forbidden):
        board.outlet_topic(world.customer().person, str(support.pk))


def test_a_running_meter_needs_no_traffic(world: World, support: Department, leader: Leader) -> None:
    """D2, M3: charges fall due, time passes, and nothing is sent."""
    marko = world.agent(support)
    chat = world.customer(credits=20).starts(support, "Hello?")
    marko.accepts(chat)
    marko.says(chat, "Hello!")
    leader.hears_of(chat, agents=(marko,))
    before = len(frames(world.published, "board"))
    for _ in range(6):
        world.runs(seconds=30)
        leader.hears_of(chat, agents=(marko,))
    assert len(frames(world.published, "board")) == before


def test_an_agent_whose_line_dies_is_offline_without_a_notice(world: World, support: Department) -> None:
    """D1, D2: leases notify nobody; the publisher looks each second."""
    boss, marko = world.manager(support), world.agent(support)
    leader = Leader()
    screen = Screen(boss, str(support.pk))
    assert screen.parts["agents"][str(marko.id)]["status"] == "online"
    marko.falls_silent()
    world.runs(seconds=20)
    leader.publisher._looked_at_agents = float("-inf")
    leader.works()
    screen.hears()
    assert screen.parts["agents"][str(marko.id)]["status"] == "offline"


def test_a_new_leader_shows_everything_once(world: World, support: Department) -> None:
    """D2: it cannot know what was missed; the revision goes on where the old leader was."""
    boss = world.manager(support)
    world.agent(support)
    Leader()
    screen = Screen(boss, str(support.pk))
    chat = world.customer(credits=5).starts(support, "Nobody told anybody")
    Leader()
    (full,) = [one for one in screen.hears() if one["rev"] == screen.rev]
    assert full["full"] is True
    assert str(chat.pk) in full["queue"]


def test_a_lost_notice_is_repaired(world: World, support: Department, leader: Leader) -> None:
    """D2: everything is looked at now and then, and only what differs is sent."""
    boss = world.manager(support)
    screen = Screen(boss, str(support.pk))
    chat = world.customer(credits=5).starts(support, "Nobody told anybody")
    leader.publisher._looked_at_all = float("-inf")
    leader.works()
    (news,) = screen.hears()
    assert set(news["queue"]) == {str(chat.pk)}
    assert not news.get("full")


@pytest.mark.parametrize("others", [3, 30])
def test_bytes_follow_what_changed_not_what_exists(world: World, support: Department, others: int) -> None:
    """D2: a change costs the same bytes with many sessions as with few."""
    marko, owner = world.agent(support), world.owner()
    for number in range(others):
        marko.accepts(world.customer(f"Customer {number:02}", credits=5).starts(support, "Hello?"))
    chat = world.customer(credits=5).starts(support, "Hello?")
    leader = Leader()
    screen = Screen(owner, "all")
    marko.accepts(chat)
    leader.hears_of(chat)
    (news,) = screen.hears()
    assert len(msgspec.json.encode(news)) < 500
    assert set(news["sessions"]) == {str(chat.pk)}


def test_fifty_boards_cost_what_one_costs(world: World, support: Department, leader: Leader) -> None:
    """D2: one publish per topic, whoever looks."""
    boss = world.manager(support)
    screens = [Screen(boss, str(support.pk)) for _ in range(50)]
    chat = world.customer(credits=5).starts(support, "Hello?")
    before = len(world.published)
    leader.hears_of(chat)
    topics = [topic for topic, _ in world.published[before:]]
    assert sorted(topics) == sorted({screens[0].outlet, f"b:{support.pk}", "b:all"})


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_tells_what_changed() -> None:
    """D2: no action can forget the board; the trigger notifies ids at commit."""
    from hub.dispatcher import connect
    from tests.builders import a_world

    with a_world() as world, connect() as line:
        support = world.department()
        marko = world.agent(support)
        line.execute("listen balie_wake")
        chat = world.customer().starts(support, "Hello?")
        marko.accepts(chat)
        missing = {f"board:s:{chat.pk}", f"board:a:{marko.id}"}
        for notice in line.notifies(timeout=60):
            missing.discard(notice.payload)
            if not missing:
                break
        assert not missing


def test_what_runs_out_is_on_the_board_in_time_d1() -> None:
    """D1: 5 s after a closed connection or a killed process, 15 s after the last word; a quarter is the wire's."""
    look_s = LOOKS_AT_AGENTS_EVERY_S + EVERY_S + 0.25
    assert leases.FLUSH_S + look_s <= 5
    assert presence.PROCESS_SILENT_S + look_s <= 5
    assert presence.SILENT_S[Lease.Side.STAFF] + look_s <= 15
    assert presence.PROCESS_SILENT_S > 3 * leases.FLUSH_S, "a process that misses a beat or two is not dead"
