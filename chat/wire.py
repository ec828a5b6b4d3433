"""Every frame of the live protocol, version 1: one tagged union per direction and side. See docs/how/live-core.md.

A frame is parsed once, here, into a frozen structure that refuses unknown fields and everything out of bounds; behind
it the types are trusted. JSON Schema and the TypeScript types are made from these classes (hub/protocol.py).

Units: `_m` is millicredits, `_s` seconds, `_ms` milliseconds; times are RFC 3339 in UTC; ids of people, departments and
sessions are opaque strings. What an answer may leave out has the default None and is then not sent.
"""

from __future__ import annotations

import json as stdlib_json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import Meta, MsgspecError, Struct, json

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

FEATURES: Final = ("limit.ask",)  # what protocol 1 did not have from the beginning


class FromClient(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, omit_defaults=True):
    """What a client may send. Unknown fields are refused; new ones are announced in `welcome.features` first."""


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a frame."""


class View(Struct, frozen=True, omit_defaults=True):
    """A part of what the server sends."""


class ToClient(Struct, frozen=True, tag_field="type", omit_defaults=True):
    """What the server sends. Clients ignore what they do not know."""


# -- Both sides to the server -----------------------------------------------------------


class Resume(Part, frozen=True):
    session: SomeId
    after_seq: Count
    after_staff_seq: Count | None = None


class Hello(FromClient, frozen=True, tag="hello"):
    protocol: Literal[1]
    resume: Annotated[list[Resume], Meta(max_length=RESUME_SESSIONS_MAX)] = []


class MessageSend(FromClient, frozen=True, tag="message.send"):
    id: UUID
    session: SomeId
    text: Text = ""
    files: Annotated[list[SomeId], Meta(max_length=FILES_MAX)] = []
    kind: Literal["note", "whisper"] | None = None
    reply_to: Position | None = None

    def __post_init__(self) -> None:
        if not self.text and not self.files:
            raise ValueError("a message has a text or files")


class MessageEdit(FromClient, frozen=True, tag="message.edit"):
    id: UUID
    session: SomeId
    seq: Position
    text: SomeText


class MessageDelete(FromClient, frozen=True, tag="message.delete"):
    id: UUID
    session: SomeId
    seq: Position


class React(FromClient, frozen=True, tag="react"):
    id: UUID
    session: SomeId
    seq: Position
    emoji: Annotated[str, Meta(min_length=1, max_length=16)]
    on: bool


class Backlog(FromClient, frozen=True, tag="backlog"):
    """What came after a seq, or the newest before one; with neither, the newest. Staff also page by staff_seq."""

    id: UUID
    session: SomeId
    limit: Annotated[int, Meta(ge=1, le=BACKLOG_MAX)]
    after_seq: Count | None = None
    before_seq: Position | None = None
    after_staff_seq: Count | None = None

    def __post_init__(self) -> None:
        if self.before_seq is not None and (self.after_seq is not None or self.after_staff_seq is not None):
            raise ValueError("after or before, not both")


class Typing(FromClient, frozen=True, tag="typing"):
    session: SomeId
    on: bool


class Read(FromClient, frozen=True, tag="read"):
    session: SomeId
    seq: Count


class Ping(FromClient, frozen=True, tag="ping"):
    at: Mark | None = None


class SessionEnd(FromClient, frozen=True, tag="session.end"):
    id: UUID
    session: SomeId
    reason: Line | None = None


class SessionReopen(FromClient, frozen=True, tag="session.reopen"):
    id: UUID
    session: SomeId


# -- Visitors to the server -----------------------------------------------------------


class Page(Part, frozen=True):
    """What the visitor's browser tells (C15)."""

    url: Address = ""
    title: Line = ""
    referrer: Address = ""
    language: Annotated[str, Meta(max_length=40)] = ""
    browser: Line = ""
    system: Line = ""


class SessionStart(FromClient, frozen=True, tag="session.start"):
    id: UUID
    department: SomeId | None = None
    subject: Line | None = None
    text: SomeText | None = None
    fields: Fields = {}
    page: Page | Address | None = None
    price_m: Count | None = None
    most_to_spend_m: Position | None = None


class LimitAsk(FromClient, frozen=True, tag="limit.ask"):
    """A feature of this name in `welcome`: the manager is asked for a higher spending limit (P4)."""

    id: UUID
    session: SomeId


class SessionRate(FromClient, frozen=True, tag="session.rate"):
    id: UUID
    session: SomeId
    score: Annotated[int, Meta(ge=1, le=5)]
    solved: Literal["yes", "partly", "no"] | None = None
    comment: Comment | None = None


class Consent(FromClient, frozen=True, tag="consent"):
    id: UUID
    session: SomeId
    offer: SomeId
    agree: bool


# -- Staff to the server -----------------------------------------------------------


class PresenceSet(FromClient, frozen=True, tag="presence.set"):
    id: UUID
    status: PresenceStatus
    capacity: Annotated[int, Meta(ge=0, le=50)] | None = None


class SessionAccept(FromClient, frozen=True, tag="session.accept"):
    id: UUID
    session: SomeId


class SessionDecline(FromClient, frozen=True, tag="session.decline"):
    id: UUID
    session: SomeId


class Receiver(Part, frozen=True):
    agent: SomeId | None = None
    department: SomeId | None = None


class SessionTransfer(FromClient, frozen=True, tag="session.transfer"):
    id: UUID
    session: SomeId
    to: Receiver
    note: Comment | None = None


class SessionInvite(FromClient, frozen=True, tag="session.invite"):
    id: UUID
    session: SomeId
    agent: SomeId | None = None


class SessionWatch(FromClient, frozen=True, tag="session.watch"):
    id: UUID
    session: SomeId
    agent: SomeId | None = None


class SessionJoin(FromClient, frozen=True, tag="session.join"):
    id: UUID
    session: SomeId
    agent: SomeId | None = None


class SessionTakeover(FromClient, frozen=True, tag="session.takeover"):
    id: UUID
    session: SomeId
    agent: SomeId | None = None


class SessionLeave(FromClient, frozen=True, tag="session.leave"):
    id: UUID
    session: SomeId
    agent: SomeId | None = None


class SessionWrapup(FromClient, frozen=True, tag="session.wrapup"):
    id: UUID
    session: SomeId
    outcome: Annotated[str, Meta(min_length=1, max_length=40)]
    tags: Annotated[list[Annotated[str, Meta(min_length=1, max_length=40)]], Meta(max_length=20)] = []
    next: Line | None = None


class MeterPause(FromClient, frozen=True, tag="meter.pause"):
    id: UUID
    session: SomeId
    reason: Line | None = None


class MeterResume(FromClient, frozen=True, tag="meter.resume"):
    id: UUID
    session: SomeId
    reason: Line | None = None


class MeterGrant(FromClient, frozen=True, tag="meter.grant"):
    id: UUID
    session: SomeId
    seconds: Annotated[int, Meta(ge=1, le=86_400)]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class MeterWaive(FromClient, frozen=True, tag="meter.waive"):
    id: UUID
    session: SomeId
    reason: Annotated[str, Meta(min_length=1, max_length=200)]
    blocks: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class Escalate(FromClient, frozen=True, tag="escalate"):
    id: UUID
    session: SomeId
    to: Literal["ticket", "remote_help"]
    department: SomeId | None = None
    subject: Line | None = None
    html: Text | None = None
    fields: Fields = {}
    price_m: Count | None = None


class BoardSubscribe(FromClient, frozen=True, tag="board.subscribe"):
    id: UUID
    topic: SomeId


class BoardUnsubscribe(FromClient, frozen=True, tag="board.unsubscribe"):
    id: UUID
    topic: SomeId


FromEither = (
    Hello
    | MessageSend
    | MessageEdit
    | MessageDelete
    | React
    | Backlog
    | Typing
    | Read
    | Ping
    | SessionEnd
    | SessionReopen
)
FromVisitor = FromEither | SessionStart | LimitAsk | SessionRate | Consent
FromStaff = (
    FromEither
    | PresenceSet
    | SessionAccept
    | SessionDecline
    | SessionTransfer
    | SessionInvite
    | SessionWatch
    | SessionJoin
    | SessionTakeover
    | SessionLeave
    | SessionWrapup
    | MeterPause
    | MeterResume
    | MeterGrant
    | MeterWaive
    | Escalate
    | BoardSubscribe
    | BoardUnsubscribe
)

# -- The server to both sides -----------------------------------------------------------


class You(View, frozen=True):
    id: str
    kind: str
    name: str


class Limits(View, frozen=True):
    frame_bytes: int
    text_characters: int
    burst: int
    per_second: float
    backlog: int
    edit_window_s: int
    reopen_window_s: int


class Welcome(ToClient, frozen=True, tag="welcome"):
    protocol: int
    features: list[str]
    you: You
    now: datetime
    server: str
    epoch: str
    beat_s: float
    sessions: list[str]
    limits: Limits


class Ok(ToClient, frozen=True, tag="ok"):
    """`re` is the request's id; the rest is what protocol.md names for that request."""

    re: UUID
    seq: int | None = None
    staff_seq: int | None = None
    at: datetime | None = None
    session: str | None = None
    state: SessionState | None = None
    reason: WaitReason | None = None
    status: PresenceStatus | None = None
    capacity: int | None = None
    ticket: str | None = None
    offer: str | None = None


class Error(ToClient, frozen=True, tag="error"):
    """`by` (with `taken`): who has it. `price_m`, `session`: with `conflict`, the price of now or the live session.

    `opens_at`: with `closed_hours`, when the department opens again, where that is in sight.
    """

    code: ErrorCode
    message: str
    re: UUID | None = None
    retry_after_ms: int | None = None
    by: str | None = None
    reference: str | None = None
    session: str | None = None
    price_m: int | None = None
    most: int | None = None
    reason: str | None = None
    opens_at: str | None = None


class Author(View, frozen=True):
    id: str | None
    kind: AuthorKind
    name: str


class FileView(View, frozen=True):
    id: str
    name: str
    size: int
    type: str
    url: str
    preview_url: str | None = None


class Message(ToClient, frozen=True, tag="message"):
    """One entry of the transcript: the same shape live, in `backlog` and over the API. Either `seq` or `staff_seq`."""

    session: str
    id: UUID
    kind: MessageKind
    author: Author
    at: datetime
    seq: int | None = None
    staff_seq: int | None = None
    text: str | None = None
    files: list[FileView] | None = None
    event: dict[str, str | int | float | bool | None] | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    reply_to: int | None = None


class BacklogPage(ToClient, frozen=True, tag="backlog"):
    """Messages as they are now, in the order of `seq`, then staff-only ones in the order of `staff_seq`."""

    re: UUID
    session: str
    messages: list[Message]
    more: bool


class Paused(View, frozen=True):
    reason: str
    seconds: int


class Summary(View, frozen=True):
    """What a session cost and what was not charged, and why (C12)."""

    elapsed_s: int
    free_s: int
    charged_m: int
    paused: list[Paused]


class PersonView(View, frozen=True):
    id: str
    name: str


class Computer(View, frozen=True):
    brand: str = ""
    model: str = ""
    system: str = ""


class CustomerView(View, frozen=True):
    """The customer as staff see them beside a session (C15)."""

    id: str
    name: str
    kind: str
    login: str | None = None
    email: str | None = None
    mobile: str | None = None
    language: str | None = None
    vip: bool = False
    organisation: str | None = None
    computer: Computer | None = None
    wallet: str | None = None


class Wrapup(View, frozen=True):
    """Owed by this agent until then; it counts as busy for routing (C12)."""

    until: datetime | None = None
    outcome: str | None = None
    tags: list[str] = []
    next: str | None = None


class Session(ToClient, frozen=True, tag="session"):
    session: str
    state: SessionState
    kind: Literal["chat", "phone"]
    department: str
    opened_at: datetime
    last_seq: int
    read: dict[str, int]
    reason: WaitReason | None = None
    subject: str | None = None
    agent: PersonView | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    reopen_until: datetime | None = None
    place_until: datetime | None = None
    short_of: Literal["balance", "limit"] | None = None  # while waiting for payment or in grace: what it lacks
    limit_asked: bool = False  # a higher limit was asked for, and not answered yet (P4)
    price_m: int | None = None
    block_s: int | None = None
    free_s: int | None = None
    most_to_spend_m: int | None = None
    summary: Summary | None = None
    rating: int | None = None
    solved: str | None = None
    # staff only
    last_staff_seq: int | None = None
    customer: CustomerView | None = None
    page: Page | None = None
    fields: Fields | None = None
    wrapup: Wrapup | None = None


class Queue(ToClient, frozen=True, tag="queue"):
    session: str
    position: int
    wait_s: int | None
    agents: int


class Meter(ToClient, frozen=True, tag="meter"):
    session: str
    state: MeterState
    block_s: int
    elapsed_s: float
    now: datetime
    price_m: int | None = None  # not shown to who works without credits (P12); the same holds for charged_m
    charged_m: int | None = None
    balance_m: int | None = None
    available_m: int | None = None
    limit_left_m: int | None = None  # what a member with a limit may still spend this month (P4)
    reason: str | None = None
    low: int | None = None
    next_charge_at: datetime | None = None
    empty_at: datetime | None = None
    stops_by: Literal["balance", "most_to_spend", "limit"] | None = None
    grace_until: datetime | None = None


class Beat(ToClient, frozen=True, tag="beat"):
    """`sessions` is {id: last_seq} as PostgreSQL has it; `last_staff_seq` (staff) the same for staff-only entries."""

    now: datetime
    epoch: str
    sessions: dict[str, int]
    last_staff_seq: dict[str, int] | None = None


class Pong(ToClient, frozen=True, tag="pong"):
    at: Mark | None
    now: datetime


class TypingNews(ToClient, frozen=True, tag="typing"):
    session: str
    who: str
    on: bool


class ReadNews(ToClient, frozen=True, tag="read"):
    session: str
    who: str
    seq: int


class Notice(ToClient, frozen=True, tag="notice"):
    kind: Literal["announcement", "mention", "breach"]
    text: str
    link: str | None = None


class Bye(ToClient, frozen=True, tag="bye"):
    reason: str
    retry_after_ms: int


# -- The server to visitors -----------------------------------------------------------


class Offer(ToClient, frozen=True, tag="offer"):
    session: str
    offer: str
    kind: Literal["remote_help"]
    price_m: int
    terms: str


# -- The server to staff -----------------------------------------------------------


class SessionOffer(ToClient, frozen=True, tag="session.offer"):
    session: str
    expires_at: datetime


class BoardMeter(View, frozen=True):
    state: MeterState
    block_s: int
    elapsed_s: float
    now: datetime
    price_m: int | None = None
    charged_m: int | None = None
    free_s: int | None = None
    reason: str | None = None
    next_charge_at: datetime | None = None


class BoardQueued(View, frozen=True):
    department: str
    name: str
    state: SessionState
    since: datetime | None
    vip: bool = False
    subject: str | None = None
    language: str | None = None
    reason: WaitReason | None = None
    offered_to: PersonView | None = None
    expires_at: datetime | None = None


class BoardSession(View, frozen=True):
    department: str
    name: str
    state: SessionState
    agent: PersonView | None
    since: datetime | None
    reason: WaitReason | None = None
    started_at: datetime | None = None
    meter: BoardMeter | None = None


class BoardAgent(View, frozen=True):
    name: str
    status: PresenceStatus
    chats: int
    capacity: int
    departments: list[str]
    since: datetime | None


class Board(ToClient, frozen=True, tag="board"):
    """What changed since the last `rev`. A row is always whole; null is gone. A gap in `rev`: subscribe again."""

    topic: str
    rev: int
    full: bool = False
    queue: dict[str, BoardQueued | None] | None = None
    sessions: dict[str, BoardSession | None] | None = None
    agents: dict[str, BoardAgent | None] | None = None
    remote_help: dict[str, dict[str, str | int | None] | None] | None = None
    tickets: dict[str, dict[str, str | int | None] | None] | None = None


ToEither = (
    Welcome
    | Ok
    | Error
    | Message
    | BacklogPage
    | Session
    | Queue
    | Meter
    | Beat
    | Pong
    | TypingNews
    | ReadNews
    | Notice
    | Bye
)
ToVisitor = ToEither | Offer
ToStaff = ToEither | SessionOffer | Board

# -- Text to frame and back -----------------------------------------------------------

_decode_visitor: Callable[[str], FromVisitor] = json.Decoder(FromVisitor).decode
_decode_staff: Callable[[str], FromStaff] = json.Decoder(FromStaff).decode
_encode = json.Encoder().encode
# An escaped NUL whose backslash is not itself escaped. PostgreSQL has no NUL: it would fail a whole batch.
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_REQUEST_ID = re.compile(r'"id"\s*:\s*"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"')


class BadFrame(ValueError):
    """Not a frame of the protocol; the text says why, for the log."""


def decode_visitor(text: str) -> FromVisitor:
    """A frame of the visitor's side; raises BadFrame."""
    try:
        frame = _decode_visitor(text)
    except (MsgspecError, UnicodeError, RecursionError) as failed:
        raise BadFrame(str(failed)) from None
    _refuse_nul(text)
    return frame


def decode_staff(text: str) -> FromStaff:
    """A frame of the staff's side; raises BadFrame."""
    try:
        frame = _decode_staff(text)
    except (MsgspecError, UnicodeError, RecursionError) as failed:
        raise BadFrame(str(failed)) from None
    _refuse_nul(text)
    return frame


def encode(frame: ToClient | FromClient) -> str:
    """The frame as JSON text; made once and handed to every socket as it is."""
    return _encode(frame).decode()


def find_request_id(text: str) -> UUID | None:
    """The request id of a frame that could not be decoded, so that its error still says `re`."""
    found = _REQUEST_ID.search(text[:FRAME_BYTES_MAX])
    return UUID(found[1]) if found else None


def _refuse_nul(text: str) -> None:
    if "\\u0000" in text and _ESCAPED_NUL.search(text):
        raise BadFrame("NUL is not text")


def is_json(text: str) -> bool:
    """By the grammar of RFC 8259: lone surrogates and deep nesting are JSON, though no frame of ours."""
    try:
        stdlib_json.loads(text, parse_constant=_refuse_constant, parse_int=str)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
