"""What clients send: one tagged union for visitors, one for staff."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from chat.wire.vocabulary import (
    BACKLOG_MAX,
    FILES_MAX,
    RESUME_SESSIONS_MAX,
    Address,
    Comment,
    Count,
    Fields,
    Line,
    Mark,
    Position,
    PresenceStatus,
    SomeId,
    SomeText,
    Text,
)


class FromClient(Struct, frozen=True, tag_field="type", forbid_unknown_fields=True, omit_defaults=True):
    """What a client may send. Unknown fields are refused; new ones are announced in `welcome.features` first."""


class Part(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a frame."""


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
    text: Text | None = None
    fields: Fields = {}
    page: Page | Address | None = None
    price_m: Count | None = None
    block_s: Position | None = None  # these three: a feature `price.terms` in `welcome`
    free_s: Count | None = None
    minimum_blocks: Position | None = None
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
    """To a ticket: `html` stands above what was said, `note` is for colleagues alone, `email` where a guest's answer
    goes. `again`: another ticket of a chat that has one. The feature `tickets` in `welcome` knows these three.
    """

    id: UUID
    session: SomeId
    to: Literal["ticket", "remote_help"]
    department: SomeId | None = None
    subject: Line | None = None
    html: Text | None = None
    fields: Fields = {}
    price_m: Count | None = None
    note: Text | None = None
    email: Line | None = None
    again: bool = False


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
