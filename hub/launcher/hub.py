"""The launcher itself: services, preparation, processes, the ready line, and the way down. See docs/how/launcher.md."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from hub.launcher import terminal
from hub.launcher.beside import ROOT, var_folder
from hub.launcher.children import kill_session, start_child
from hub.launcher.demo import describe_hub
from hub.launcher.folder import Folder, Refused
from hub.launcher.postgres import Postgres
from hub.launcher.procfile import read_procfile
from hub.launcher.service import ServiceFailed
from hub.launcher.supervisor import RESTARTS_MAX, GaveUp, RestartBudget, Worker
from hub.launcher.valkey import Valkey
from hub.probe import ask, own_host

TICK_S = 0.1
STOP_SECONDS_MAX = 10.0
READY_ASK_EVERY_S = 0.3


class Hub:
    """One hub in one terminal. `run()` returns the exit code."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.environment["PYTHONUNBUFFERED"] = "1"
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
        self.environment.setdefault("DEBUG", "1")
        self.ports = self._choose_ports()
        self.folder = Folder(var_folder(environment))
        self.environment["VAR"] = str(self.folder.path)
        if self._is_demo() and not self.environment.get("SECRET_KEY"):
            self.environment["SECRET_KEY"] = self.folder.secret()
        self.stopping = threading.Event()
        self.services: dict[str, Postgres | Valkey] = {}
        self.budgets = {"postgres": RestartBudget(), "redis": RestartBudget()}
        self.workers: list[Worker] = []
        self.seed: dict[str, object] = {}

    # -- from start to end ---------------------------------------------------------------------------------------------
    def run(self) -> int:
        """Bring everything up, keep it up until told to stop, take everything down."""
        self._listen_for_signals()
        try:
            self.folder.end_leftovers()
            self._forget_demo_file()
            self._start_services()
            self._prepare()
            self._start_workers()
            self._watch()
        except (GaveUp, ServiceFailed, Refused) as error:
            terminal.say(f"Balie stops. {error}")
            return 1
        finally:
            self._stop_all()
        return 0

    def _listen_for_signals(self) -> None:
        """Said explicitly: a shell's `make run &` would have us ignore SIGINT. A second Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def _choose_ports(self) -> list[int]:
        first, count = (self._whole_number(name, default) for name, default in (("PORT", 8000), ("WEB", 1)))
        ports = list(range(first, first + count))
        for port in ports:
            _require_free(port)
        return ports

    def _whole_number(self, name: str, default: int) -> int:
        text = self.environment.get(name) or str(default)
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise Refused(f"{name} must be a whole number, not {text!r}.")
        return int(text)

    def _is_demo(self) -> bool:
        return self.environment["DEBUG"].lower() in ("1", "true", "yes", "on")

    # -- services ------------------------------------------------------------------------------------------------------
    def _start_services(self) -> None:
        if not self.environment.get("REDIS_URL"):
            valkey = Valkey(self.folder.path, fast=False)
            self.services["redis"] = valkey
            valkey.start()
            self.environment["REDIS_URL"] = valkey.url
        if not self.environment.get("DATABASE_URL") and not self.stopping.is_set():
            postgres = Postgres(self.folder.path, fast=False)
            self.services["postgres"] = postgres
            postgres.start()
            self.environment["DATABASE_URL"] = postgres.url()

    def _revive_services(self) -> bool:
        """Start again what died, at its old address; whether anything was."""
        revived = False
        for name, service in self.services.items():
            if service.process is None or service.process.poll() is None:
                continue
            if not self.budgets[name].spend(time.monotonic()):
                raise GaveUp(
                    f"{name} died {RESTARTS_MAX + 1} times within a minute. Its last words:\n{service.last_words()}"
                )
            terminal.say(f"{name:<12}| ended with {service.process.returncode}, starting it again")
            service.start()
            revived = True
        return revived

    # -- preparation ---------------------------------------------------------------------------------------------------
    def _prepare(self) -> None:
        """Migrations and demo data, in a process of its own that a Ctrl-C ends as well."""
        if self.stopping.is_set():
            return
        process = start_child(
            [sys.executable, "-m", "hub.launcher.prepare"],
            environment=self.environment,
            output=subprocess.PIPE,
            errors=None,
            cwd=ROOT,
        )
        try:
            while not self._should_stop():
                try:
                    answer, _ = process.communicate(timeout=TICK_S)
                except subprocess.TimeoutExpired:
                    continue
                if process.returncode:
                    raise GaveUp("The database could not be made ready; see above.")
                self.seed = json.loads(answer)
                return
        finally:
            if process.poll() is None:
                kill_session(process.pid)
                process.wait()

    # -- processes -----------------------------------------------------------------------------------------------------
    def _start_workers(self) -> None:
        if self.stopping.is_set():
            return
        for entry in read_procfile(ROOT / "Procfile"):
            ports = self.ports if entry.name == "web" else self.ports[:1]
            for number, port in enumerate(ports, start=1):
                label = f"{entry.name}.{number}" if len(ports) > 1 else entry.name
                environment = {**self.environment, "PORT": str(port), "BALIE_PROCESS": label}
                self.workers.append(Worker(entry.name, label, entry.words(environment), environment, ROOT))
        for worker in self.workers:
            worker.start()

    def _watch(self) -> None:
        """Until told to stop: start again what died; once everything answers, say so."""
        is_ready, ask_at = False, 0.0
        while not self._should_stop():
            self.stopping.wait(TICK_S)
            changed = self._revive_services()
            for worker in self.workers:
                if worker.has_died() and not self.stopping.is_set():
                    worker.revive()
                    changed = True
            if changed and is_ready:
                self._write_demo_file()
            if not is_ready and time.monotonic() >= ask_at:
                is_ready = self._all_answer()
                ask_at = time.monotonic() + READY_ASK_EVERY_S
                if is_ready:
                    self._write_demo_file()
                    terminal.say(f"Balie is ready: {self._urls()[0]}")

    def _should_stop(self) -> bool:
        if terminal.is_gone():
            self.stopping.set()
        return self.stopping.is_set()

    def _all_answer(self) -> bool:
        return all(
            status == 200 and answer.get("worker") == "ok"
            for status, answer in (ask("/readyz", port=port, host=own_host()) for port in self.ports)
        )

    def _urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}/" for port in self.ports]

    def _write_demo_file(self) -> None:
        pids: dict[str, list[int]] = {}
        for worker in self.workers:
            pids.setdefault(worker.kind, []).append(worker.pid)
        for name in ("postgres", "redis"):
            service = self.services.get(name)
            pids[name] = [service.pid] if service and service.pid else []
        self.folder.remember(pid for numbers in pids.values() for pid in numbers)
        text = describe_hub(
            urls=self._urls(),
            database_url=self.environment["DATABASE_URL"],
            redis_url=self.environment["REDIS_URL"],
            pids=pids,
            seed=self.seed,
        )
        self.folder.write("demo.json", text)

    # -- the way down --------------------------------------------------------------------------------------------------
    def _stop_all(self) -> None:
        """Processes first, all at once, then what they stand on; nothing is left, whatever does not listen."""
        self._stop_workers()
        for name in ("redis", "postgres"):
            if name in self.services:
                self.services[name].stop()
        self._forget_demo_file()

    def _forget_demo_file(self) -> None:
        """While it exists a hub runs (or was killed): commands beside it believe what it says."""
        (self.folder.path / "demo.json").unlink(missing_ok=True)

    def _stop_workers(self) -> None:
        running = [worker.process for worker in self.workers if worker.process and worker.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        for process in running:
            try:
                process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                kill_session(process.pid)
                process.wait()


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Refused(
                f"Port {port} is taken; end what uses it, or choose another: PORT={port + 1} make run"
            ) from None


def main() -> int:
    try:
        return Hub(os.environ).run()
    except (Refused, ServiceFailed) as error:
        terminal.say(str(error))
        return 1
    finally:
        terminal.flush()
