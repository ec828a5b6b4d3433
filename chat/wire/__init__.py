"""Every frame of the live protocol, version 1: one tagged union per direction and side. See docs/how/live-core.md.

| | |
|---|---|
| `vocabulary` | what a field may hold, and its bounds |
| `incoming` | what clients send: `FromVisitor`, `FromStaff` |
| `outgoing` | what the server sends: `ToVisitor`, `ToStaff` |
| `codec` | text to frame and back |

A frame is parsed once, here, into a frozen structure that refuses unknown fields and everything out of bounds; behind
it the types are trusted. JSON Schema and the TypeScript types are made from these classes (hub/protocol.py).

Units: `_m` is millicredits, `_s` seconds, `_ms` milliseconds; times are RFC 3339 in UTC; ids of people, departments and
sessions are opaque strings. What an answer may leave out has the default None and is then not sent.
"""
