"""What the fields of frames may hold, and their bounds."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

PROTOCOL_VERSION: Final = 1
TEXT_CHARACTERS_MAX: Final = 8000
FRAME_BYTES_MAX: Final = 64 * 1024
BACKLOG_MAX: Final = 200
RESUME_SESSIONS_MAX: Final = 200
FILES_MAX: Final = 10
FIELDS_MAX: Final = 50
INTEGER_MAX: Final = 2**53 - 1  # what a browser can count

Text = Annotated[str, Meta(max_length=TEXT_CHARACTERS_MAX)]
SomeText = Annotated[str, Meta(min_length=1, max_length=TEXT_CHARACTERS_MAX)]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Line = Annotated[str, Meta(max_length=200)]
Comment = Annotated[str, Meta(max_length=2000)]
Address = Annotated[str, Meta(max_length=2048)]
SomeId = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Position = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]
Mark = Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)] | float | Annotated[str, Meta(max_length=40)]
Scalar = Annotated[str, Meta(max_length=2000)] | Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)] | float | bool
Fields = Annotated[dict[Name, Scalar | None], Meta(max_length=FIELDS_MAX)]

SessionState = Literal["queued", "offered", "active", "waiting", "ended"]
WaitReason = Literal["payment", "handover", "customer_away", "agent_away", "grace"]
EndReason = Literal["customer", "agent", "inactive", "empty", "left_queue", "error"]
MessageKind = Literal["text", "file", "note", "whisper", "event"]
AuthorKind = Literal["visitor", "agent", "bot", "system"]
PresenceStatus = Literal["online", "away", "busy", "offline"]
PurchaseStatus = Literal["open", "pending", "paid", "failed", "cancelled", "expired"]
MeterState = Literal["ready", "free", "running", "paused", "grace", "ended"]
ErrorCode = Literal[
    "bad_frame",
    "too_large",
    "too_fast",
    "not_found",
    "forbidden",
    "taken",
    "no_credits",
    "closed_hours",
    "ended",
    "conflict",
    "busy",
    "internal",
]

# What protocol 1 did not have from the beginning.
FEATURES: Final = ("limit.ask", "purchases", "files", "tickets", "price.terms")
