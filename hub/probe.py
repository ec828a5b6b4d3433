"""Asks a web process how it is (`python -m hub.probe [/readyz]`): for containers' health checks and the launcher."""

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

TIMEOUT_S = 3.0


def ask(path: str, *, port: int, host: str = "127.0.0.1") -> tuple[int, dict[str, Any]]:
    """Status and answer of one look at this machine's web process; (0, {}) when nothing answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 - the address above
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _json(error.read())
    except (OSError, ValueError):
        return 0, {}


def own_host() -> str:
    """A host name that this hub's ALLOWED_HOSTS accepts."""
    return (os.environ.get("ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].strip()


def _json(body: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(body)
    except ValueError:
        return {}
    return found


def main() -> int:
    path = sys.argv[1] if len(sys.argv) > 1 else "/readyz"
    status, answer = ask(path, port=int(os.environ.get("PORT") or 8000), host=own_host())
    sys.stdout.write(f"{status} {json.dumps(answer)}\n")
    return 0 if status == 200 else 1


if __name__ == "__main__":
    raise SystemExit(main())
