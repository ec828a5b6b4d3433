"""A PostgreSQL cluster with a migrated database, made once and copied by every run and hub that wants one.

Migrations take longer than most tests. The cluster is kept in .make under a name made from all that migrations read, so
a new migration makes a new cluster; and whoever starts on a copy still runs `migrate`, which finds nothing to do.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hub.launcher.postgres import Postgres
from hub.launcher.reach import account, reachable_home

ROOT = Path(__file__).resolve().parent.parent
SHELF = ROOT / ".make" / "clusters"
PARTS = ("postgres", "postgres.password")  # as Postgres lays them out
KEPT = 2  # of this branch and of the one before it
KINDS = ("migrations/*.py", "*.sql")
APPS = ("chat", "credits", "hub", "tickets")
READ_BY_MIGRATIONS = ("requirements.txt", "hub/settings.py", *(f"{app}/**/{kind}" for app in APPS for kind in KINDS))


def lay_out(folder: Path) -> None:
    """Put a copy where `Postgres(folder, ...)` looks for its data."""
    home = reachable_home(folder, account())
    with _on_shelf() as made:
        for part in PARTS:
            subprocess.run(["cp", "-Rp", made / part, home / part], check=True)


@contextlib.contextmanager
def _on_shelf() -> Iterator[Path]:
    """The cluster of these migrations. One at a time: what comes second finds it made."""
    try:
        SHELF.mkdir(parents=True, exist_ok=True)
        lock = os.open(SHELF / f"lock-{os.getuid()}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:  # a checkout that is not ours: make one for this run alone
        with tempfile.TemporaryDirectory(prefix="balie-cluster-") as folder:
            yield _make(Path(folder))
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = SHELF / f"{os.getuid()}-{key()}"
        if not made.exists():
            _make_on_shelf(made)
        yield made
    finally:
        os.close(lock)


def key() -> str:
    """The content of every file that has a part in what a migrated database is."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for pattern in READ_BY_MIGRATIONS for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _make_on_shelf(made: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="balie-cluster-") as folder:
        fresh = _make(Path(folder))
        partial = made.with_suffix(".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for part in PARTS:
            subprocess.run(["cp", "-Rp", fresh / part, partial / part], check=True)
    partial.rename(made)
    others = sorted(SHELF.glob(f"{os.getuid()}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def _make(folder: Path) -> Path:
    """A cluster from nothing, and all migrations in its database `hub`; where its parts lie."""
    folder.chmod(0o755)
    postgres = Postgres(folder, fast=True)
    try:
        postgres.start()
        environment = {**os.environ, "DATABASE_URL": postgres.url(), "DATABASE_POOL": "0"}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
            raise RuntimeError("The migrations failed; see above.")
    finally:
        postgres.stop()
    return postgres.home
