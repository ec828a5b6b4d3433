"""Commands typed beside a running `make run` use its database, Redis and secret without being told."""

import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def var_folder(environment: Mapping[str, str]) -> Path:
    """Where a hub keeps its data: VAR, relative to the checkout, `var/` unless told otherwise."""
    return ROOT / environment.get("VAR", "var")


def adopt_running_hub(environment: MutableMapping[str, str]) -> bool:
    """Fill in what is missing from VAR/demo.json; what the environment says stays. Answers whether a hub was found."""
    var = var_folder(environment)
    try:
        demo = json.loads((var / "demo.json").read_text(encoding="utf-8"))
        secret = (var / "secret").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return False
    if environment.get("DATABASE_URL") not in (None, "", demo["database_url"]):
        return False
    found = {"DATABASE_URL": demo["database_url"], "REDIS_URL": demo["redis_url"], "SECRET_KEY": secret, "DEBUG": "1"}
    for name, value in found.items():
        environment[name] = environment.get(name) or value
    return True
