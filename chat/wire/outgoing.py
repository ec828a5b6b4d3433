"""What the server sends: one tagged union for visitors, one for staff."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from chat.wire.incoming import Page
from chat.wire.vocabulary import (
    AuthorKind,
    EndReason,
    ErrorCode,
    Fields,
    Mark,
    MessageKind,
    MeterState,
    PresenceStatus,
    PurchaseStatus,
    SessionState,
    WaitReason,
)


class View(Struct, frozen=True, omit_defaults=True):
    """A part of what the server sends."""


class ToClient(Struct, frozen=True, tag_field="type", omit_defaults=True):
    """What the server sends. Clients ignore what they do not know."""


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
    # how long either side may be silent before the meter stops (M5)
    customer_away_s: int | None = None
    staff_away_s: int | None = None


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
    """`re` is the request's id; the rest depends on what was asked."""

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
    """`by` (with `taken`): who has it. `price_m` with its terms, or `session`: with `conflict`, the price of now or the
    live session.

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
    block_s: int | None = None
    free_s: int | None = None
    minimum_blocks: int | None = None
    most: int | None = None
    reason: str | None = None
    opens_at: str | None = None


class Author(View, frozen=True):
    id: str | None
    kind: AuthorKind
    name: str


class FileView(View, frozen=True):
    """Without `url` while it may not be had: `state` says why (received, checking, refused, gone). `width` and `height`
    are a picture's own, so that a page can keep room for its preview.
    """

    id: str
    name: str
    size: int
    type: str
    url: str | None = None
    preview_url: str | None = None
    state: str | None = None
    width: int | None = None
    height: int | None = None


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
    ticket: str | None = None  # the number of the last ticket that it became (C11)
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


class PurchaseNews(ToClient, frozen=True, tag="purchase"):
    """How a purchase of the reader's stands now (feature `purchases`). A hint, as all frames without a `seq`: the API
    says how it stands after a lost line."""

    purchase: str
    status: PurchaseStatus
    credits: int


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
ToVisitor = ToEither | Offer | PurchaseNews
ToStaff = ToEither | SessionOffer | Board
