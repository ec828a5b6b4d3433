"""The launcher with real processes: what a person at a terminal, a crash and a killed launcher see."""

import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import psycopg
import pytest
import redis

from hub.probe import ask
from tests.running import ROOT, RunningHub, eventually, free_ports, hub_folder, is_alive

pytestmark = pytest.mark.faults


@pytest.fixture
def own_hub(hub: RunningHub) -> Iterator[RunningHub]:
    """The hub of all such tests, which kill what they like there; it is ready again for the next."""
    yield hub
    for port in (hub.port, hub.port + 1):
        eventually(lambda port=port: ask("/readyz", port=port)[0] == 200, what="ready again")  # type: ignore[misc]


def test_demo_file_says_where_everything_is(hub: RunningHub) -> None:
    demo = hub.demo
    assert demo["urls"] == [f"http://127.0.0.1:{hub.port + number}/" for number in (0, 1)]
    assert demo["url"] == demo["urls"][0]
    assert {kind: len(pids) for kind, pids in demo["pids"].items()} == {
        "web": 2,
        "worker": 1,
        "beat": 1,
        "dispatcher": 1,
        "postgres": 1,
        "redis": 1,
    }
    assert all(is_alive(pid) for pid in hub.all_pids())
    with psycopg.connect(demo["database_url"]) as connection:
        assert connection.execute("select count(*) from base_heartbeat").fetchone() == (2,)
    with redis.Redis.from_url(demo["redis_url"]) as client:
        assert client.ping()
    assert (hub.var / "demo.json").stat().st_mode & 0o077 == 0


def test_every_web_process_is_ready(hub: RunningHub) -> None:
    for port in (hub.port, hub.port + 1):
        status, answer = ask("/readyz", port=port)
        assert status == 200
        assert answer == {"status": "ok", "database": "ok", "redis": "ok", "dispatcher": "ok", "worker": "ok"}


def test_commands_find_the_hub_beside_them(own_hub: RunningHub) -> None:
    done = own_hub.manage("migrate", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_health_checks_of_containers(own_hub: RunningHub) -> None:
    environment = {**own_hub.environment, "DATABASE_URL": own_hub.demo["database_url"]}
    for words, code in (
        (["hub.launcher.seen", "dispatcher"], 0),
        (["hub.launcher.seen", "nobody"], 1),
        (["hub.probe", "/readyz"], 0),
        (["hub.probe", "/nothing-here"], 1),
    ):
        # On a machine that is full the dispatcher may not have been seen for a moment: it is soon again.
        eventually(partial(_ends_with, code, words, environment), what=f"{words} to end with {code}")


def _ends_with(code: int, words: list[str], environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == code


@pytest.mark.parametrize("kind", ["web", "worker", "beat", "dispatcher"])
def test_a_killed_process_is_started_again(own_hub: RunningHub, kind: str) -> None:
    others = {other: pids for other, pids in own_hub.demo["pids"].items() if other != kind}
    own_hub.kill(kind)
    assert {other: pids for other, pids in own_hub.demo["pids"].items() if other != kind} == others


@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_killed_services_come_back_at_the_same_address(own_hub: RunningHub, kind: str) -> None:
    before = own_hub.demo
    own_hub.kill(kind)
    after = own_hub.demo
    assert (after["database_url"], after["redis_url"]) == (before["database_url"], before["redis_url"])
    eventually(lambda: ask("/readyz", port=own_hub.port)[0] == 200, what="ready again")


def test_a_second_hub_on_the_same_folder_is_refused(own_hub: RunningHub) -> None:
    done = _launch({**own_hub.environment, "PORT": str(free_ports(1)), "WEB": "1"})
    assert done.returncode == 1
    assert "is in use by another hub" in done.stdout


def test_a_port_that_is_taken_gives_one_sentence() -> None:
    with socket.socket() as taken, hub_folder() as folder:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _launch({**RunningHub(folder).environment, "PORT": str(port)})
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"Port {port} is taken; end what uses it, or choose another: PORT={port + 1} make run"
    ]


def test_a_folder_that_cannot_be_written_gives_one_sentence() -> None:
    with hub_folder() as folder:
        (folder / "file").touch()
        done = _launch({**RunningHub(folder).environment, "VAR": str(folder / "file" / "var")})
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert "cannot be written" in done.stdout


def test_kill_9_of_the_launcher_and_ctrl_c_leave_nothing_and_data_survive() -> None:
    with hub_folder() as folder:
        hub = RunningHub(folder, from_nothing=True).start()
        pids = hub.all_pids()
        with psycopg.connect(hub.demo["database_url"]) as connection:
            connection.execute("insert into base_heartbeat values ('committed', now())")
        hub.stop(signal.SIGKILL)
        eventually(lambda: not any(is_alive(pid) for pid in pids), what="the end of every child")
        hub.log.unlink()
        hub.start()
        pids = hub.all_pids()
        with psycopg.connect(hub.demo["database_url"]) as connection:
            query = "select count(*) from base_heartbeat where name = 'committed'"
            assert connection.execute(query).fetchone() == (1,)
        _press_ctrl_c_twice(hub)
        assert [pid for pid in pids if is_alive(pid)] == []
        assert not (hub.var / "demo.json").exists()


def _press_ctrl_c_twice(hub: RunningHub) -> None:
    assert hub.process is not None
    hub.process.send_signal(signal.SIGINT)
    hub.process.send_signal(signal.SIGINT)
    assert hub.process.wait(90) == 0


def test_a_closed_terminal_ends_the_hub() -> None:
    with hub_folder() as folder:
        ours, theirs = pty.openpty()
        environment = RunningHub(folder).environment
        # In a session of its own it gets no SIGHUP from the kernel: as under a make that passes nothing on.
        process = subprocess.Popen(
            [sys.executable, "-m", "hub.launcher"],
            cwd=ROOT,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        postmaster = folder / "var" / "postgres" / "postmaster.pid"
        pid = int(eventually(lambda: _first_line(postmaster), what="PostgreSQL"))
        os.close(ours)
        process.wait(90)
        assert not is_alive(pid)


def _first_line(path: os.PathLike[str]) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return ""


def _launch(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hub.launcher"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180, check=False)
