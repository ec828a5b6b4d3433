"""What is written to VAR/demo.json, for people and programs that use the running hub (a promise to integrations)."""

import json
from collections.abc import Mapping, Sequence

PAGES = {
    "demo_site": "/demo/",
    "console": "/console/",
    "board": "/board/",
    "portal": "/",
    "login": "/login/",
    "admin": "/admin/",
    "outbox": "/demo/outbox/",
}


def describe_hub(
    *,
    urls: Sequence[str],
    database_url: str,
    redis_url: str,
    pids: Mapping[str, Sequence[int]],
    seed: Mapping[str, object],
) -> str:
    """The file's text. `seed` is what demo_seed answered: `accounts` and `site_key`."""
    hub = {
        "url": urls[0],
        "urls": list(urls),
        "database_url": database_url,
        "redis_url": redis_url,
        "smtp": None,
        "pids": {kind: list(numbers) for kind, numbers in pids.items()},
        "accounts": seed.get("accounts", []),
        "site_key": seed.get("site_key"),
        "pages": PAGES,
    }
    return json.dumps(hub, indent=2, ensure_ascii=False) + "\n"
