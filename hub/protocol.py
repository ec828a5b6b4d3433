"""All frames of all apps, joined: what hub.asgi decodes, and the JSON Schema of it all.

`python -m hub.protocol` writes frontend/shared/protocol.schema.json, from which the TypeScript types are made. A test
fails while the file is stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import json

from chat.wire import codec, incoming, outgoing, vocabulary

SCHEMA_FILE: Final = Path(__file__).resolve().parent.parent / "frontend" / "shared" / "protocol.schema.json"

# One union per direction and side. When a second app has frames, its unions are joined to these.
FromVisitor = incoming.FromVisitor
FromStaff = incoming.FromStaff
ToVisitor = outgoing.ToVisitor
ToStaff = outgoing.ToStaff
decode_visitor = codec.decode_visitor
decode_staff = codec.decode_staff
UNIONS: Final = {"FromVisitor": FromVisitor, "FromStaff": FromStaff, "ToVisitor": ToVisitor, "ToStaff": ToStaff}


def schema() -> dict[str, object]:
    """JSON Schema 2020-12: `$defs` holds every frame and part, and the four unions by name."""
    tops, definitions = json.schema_components(list(UNIONS.values()), ref_template="#/$defs/{name}")
    named = dict(zip(UNIONS, tops, strict=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Balie live protocol, version {vocabulary.PROTOCOL_VERSION}",
        "description": "Made by `python -m hub.protocol` from the frames of the apps. Do not edit.",
        "$defs": {**dict(sorted(definitions.items())), **named},
    }


def schema_text() -> str:
    return json.format(json.encode(schema(), order="sorted"), indent=2).decode() + "\n"


def main() -> None:
    SCHEMA_FILE.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
