"""What both sides' sockets have in common: signing in, limits, hello and resume, messages, typing, read marks.

An edge with three moves: parse, call one action (or the writer), answer. See docs/how/live-core.md.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final, cast
from uuid import UUID

import structlog
from channels.exceptions import StopConsumer
from django.conf import settings
from django.utils import translation
from structlog.contextvars import bound_contextvars

from chat import groups, queries, transcript
from chat.actions.messages import entry_of, send, send_files
from chat.actions.requests import once
from chat.consumers import limits, signin
from chat.consumers.core import GOING_AWAY, bye, core
from chat.consumers.following import Followed
from chat.consumers.lean import LeanConsumer
from chat.consumers.leases import Who
from chat.entries import Entry
from chat.permissions import get_visible
from chat.wire import codec, incoming, outgoing, vocabulary
from hub.accounts.public import Claims, Person, load_person
from hub.base import clock, publish, threads
from hub.base.errors import (
    BadFrame,
    DomainError,
    Forbidden,
    Internal,
    NotFound,
    NotSignedIn,
    TooFast,
    TooLarge,
)

log = structlog.get_logger(__name__)

NOT_SIGNED_IN: Final = 4001
NOT_ALLOWED: Final = 4003
BAD_FRAMES: Final = 4010
TRY_LATER: Final = 4013  # any other code: back off and resume
TOO_FAST: Final = 4029
RESUME_MESSAGES_MAX: Final = 100
ROOM_S: Final = 20.0  # how long a reader may take for what it asked itself, before it counts as too slow
SPEAKING: Final = frozenset({"customer", "agent", "bot"})  # watchers are not seen

Action = Callable[..., dict[str, object]]
Handler = Callable[[Any, Any], Awaitable[None] | None]
SERVER: Final = secrets.token_hex(4)


class LiveSocket(LeanConsumer):
    side: ClassVar[str]
    limit: ClassVar[limits.Rate]
    actions: ClassVar[Mapping[type[incoming.FromClient], Action]]  # done once per request id
    own: ClassVar[Mapping[type[incoming.FromClient], Handler]]  # what this side does itself
    decode: Callable[[str], incoming.FromClient]

    def __init__(self, *, decode: Callable[[str], incoming.FromClient]) -> None:
        self.decode = decode
        self.claims: Claims | None = None
        self.greeted = False
        self.seen = time.monotonic()
        self.sessions: dict[str, str] = {}  # what it follows: {session: side}

    # -- Opening and closing ---------------------------------------------------------------------------

    async def connect(self) -> None:
        if not signin.may_come_from(self.scope):
            await self.outbox.send({"type": "websocket.close", "code": NOT_ALLOWED})  # before accept: HTTP 403
            raise StopConsumer
        await self.outbox.send({"type": "websocket.accept", "subprotocol": signin.subprotocol(self.scope)})
        try:
            await core.ready()
        except Exception as failed:  # the database is away
            log.warning("socket.core", error=str(failed))
            self.outbox.close(TRY_LATER)
            return
        if core.leaving:
            self.put(codec.encode(bye()))
            self.outbox.close(GOING_AWAY)
            return
        refused = await self._sign_in()
        if refused is not None:
            self.outbox.close(refused)
            return
        self._bucket = limits.Bucket(self._rate(), time.monotonic())
        self._bad_frames = limits.BadFrames()
        core.add(self)

    async def _sign_in(self) -> int | None:
        """The close code for who may not come in."""
        try:
            claims = await signin.find_claims(self.scope)
            if claims is None:
                return NOT_SIGNED_IN
            if claims.side != self.side:
                return NOT_ALLOWED
            self.person = await threads.run(load_person, claims)
        except NotSignedIn:
            return NOT_SIGNED_IN
        except Forbidden:
            return NOT_ALLOWED
        except Exception as failed:
            log.warning("socket.sign_in", error=str(failed))
            return TRY_LATER
        if not self.person.may("chat:read"):
            return NOT_ALLOWED
        self.claims = claims
        return None

    def _rate(self) -> limits.Rate:
        if settings.DEMO and "load" in self.person.scopes:
            return limits.LOAD
        return limits.STAFF if self.claims is not None and self.claims.token_id is not None else self.limit

    def left(self) -> None:
        core.remove(self)
        if self.claims is None:
            return
        self.may_see({})
        core.exchange.leave(groups.user(self.user_id or 0), self)

    @property
    def user_id(self) -> int | None:
        return self.person.user_id

    @property
    def who(self) -> Who | None:
        """Whose lease this socket keeps (chat/consumers/leases.py)."""
        return None if self.user_id is None or self.outbox.dead else (self.user_id, self.side)

    def join_own(self) -> None:
        """What concerns the person, not a session: offers, notices."""
        if self.greeted and self.user_id is not None:
            core.exchange.join(groups.user(self.user_id), self)

    # -- Rights ------------------------------------------------------------------------------------------

    def is_stale(self, versions: Mapping[int, int], now: datetime) -> bool:
        if self.claims is None or self.outbox.dead:
            return False
        expired = self.claims.expires_at < now.timestamp()
        return expired or (self.user_id is not None and versions.get(self.user_id) != self.person.rights_version)

    async def check_rights(self) -> None:
        """Load the person again; who may not be here any more goes (X2)."""
        claims = self.claims
        if claims is None:
            return
        if claims.expires_at < clock.now().timestamp():
            self.outbox.close(NOT_SIGNED_IN)
            return
        try:
            self.person = await threads.run(load_person, claims)
        except NotSignedIn:
            self.outbox.close(NOT_SIGNED_IN)
        except Forbidden:
            self.outbox.close(NOT_ALLOWED)
        else:
            await self.rights_changed()
            await self.refresh()

    async def rights_changed(self) -> None:
        """The person is another one now: what a side has cached beside it is looked at again."""

    async def refresh(self) -> None:
        """Read again which sessions are followed, and tell of those that are new."""
        if not self.greeted:
            return
        gained = self.may_see(await core.followed(self.user_id))
        if gained:
            await self.tell_arrivals(gained)

    def may_see(self, followed: Mapping[str, Followed]) -> list[str]:
        """Exactly these sessions from now on: a right that was lost also stops the hints. Gives the new ones.

        Who asked has waited for PostgreSQL: a socket that is gone by now follows nothing, or the exchange would keep it
        for ever.
        """
        if self.outbox.dead:
            followed = {}
        for session in self.sessions.keys() - followed.keys():
            for topic in self._topics(session):
                core.exchange.leave(topic, self)
        gained = [session for session in followed if session not in self.sessions]
        for session in gained:
            for topic in self._topics(session):
                core.exchange.join(topic, self)
        self.sessions = {session: one.side for session, one in followed.items()}
        return gained

    def _topics(self, session: str) -> tuple[str, str]:
        side = "staff" if self.side == "staff" else "customer"
        return groups.session_all(session), groups.session_side(session, cast("groups.Side", side))

    # -- Frames in -----------------------------------------------------------------------------------------

    def received(self, text: str | None) -> Awaitable[None] | None:
        if self.claims is None or self.outbox.dead:
            return None
        self.seen = now = time.monotonic()
        if not self._bucket.take(now):
            self._too_fast(text)
            return None
        frame = self._parse(text)
        if frame is None:
            self._bad_frame(text, now)
            return None
        try:
            waits = self._handle(frame)
        except Exception as failed:
            self.fail(failed, getattr(frame, "id", None))
            return None
        return None if waits is None else self._guarded(frame, waits)

    def _parse(self, text: str | None) -> incoming.FromClient | None:
        if text is None or _is_too_large(text):
            return None
        try:
            return self.decode(text)
        except codec.BadFrame:
            return None

    def _handle(self, frame: incoming.FromClient) -> Awaitable[None] | None:
        kind = type(frame)
        handler = COMMON.get(kind) or self.own.get(kind)
        if handler is None:
            action = self.actions.get(kind)
            if action is None or not self.person.may("chat"):
                self.refuse(Forbidden(), getattr(frame, "id", None))
                return None
            return self._act(frame, action)
        if kind not in READING and not self.person.may("chat"):
            self.refuse(Forbidden(), getattr(frame, "id", None))
            return None
        return handler(self, frame)

    async def _guarded(self, frame: incoming.FromClient, waits: Awaitable[None]) -> None:
        """Every line that is logged on the way, also in a thread, names the request and the session."""
        named = ((logged, getattr(frame, field, None)) for field, logged in LOGGED_AS.items())
        with bound_contextvars(**{logged: str(value) for logged, value in named if value is not None}):
            try:
                await waits
            except DomainError as refusal:
                self.refuse(refusal, getattr(frame, "id", None))
            except Exception as failed:
                self.fail(failed, getattr(frame, "id", None))

    def _bad_frame(self, text: str | None, now: float) -> None:
        """One error for a wrong frame; the tenth in a minute, or what is no JSON at all, is the last."""
        re = None if text is None else codec.find_request_id(text)
        self.refuse(TooLarge() if text is not None and _is_too_large(text) else BadFrame(), re)
        if self._bad_frames.add(now) or text is None or not (_is_too_large(text) or codec.is_json(text)):
            self.outbox.close(BAD_FRAMES)

    def _too_fast(self, text: str | None) -> None:
        re = None if text is None else codec.find_request_id(text)
        self.refuse(TooFast(retry_after_ms=self._bucket.retry_after_ms), re)
        if self._bucket.overrun:
            self.outbox.close(TOO_FAST)

    # -- Frames out ----------------------------------------------------------------------------------------

    def put(self, text: str, /) -> None:
        self.outbox.put(text)

    def refuse(self, refusal: DomainError, re: UUID | None) -> None:
        shown = {key: value for key, value in refusal.params.items() if key in SHOWN_PARAMS}
        error = outgoing.Error(
            code=cast("vocabulary.ErrorCode", refusal.code if refusal.code in ERROR_CODES else "forbidden"),
            message=refusal.text(self.person.language),
            re=re,
            retry_after_ms=refusal.retry_after_ms,
            **cast("Any", shown),
        )
        self.put(codec.encode(error))

    def fail(self, failed: BaseException, re: UUID | None) -> None:
        """Our fault: the reader gets a reference that stands in the log beside the traceback."""
        reference = secrets.token_hex(4)
        log.error("socket.internal", reference=reference, exc_info=failed)
        self.refuse(Internal(reference), re)

    # -- Hello and resume ----------------------------------------------------------------------------------

    async def hello(self, frame: incoming.Hello) -> None:
        """Subscribe first, read after: nothing falls between. What arrives twice has the same seq."""
        self.greeted = True
        self.join_own()
        followed = await core.followed(self.user_id)
        self.may_see(followed)
        await core.exchange.settled()
        self.put(codec.encode(self._welcome(list(followed))))
        if not followed and not frame.resume and self.side == "visitor":
            return
        await self.put_all(await threads.run(_arrive, self.person, list(followed), frame.resume))

    def _welcome(self, sessions: list[str]) -> outgoing.Welcome:
        rate = self._bucket.rate
        return outgoing.Welcome(
            protocol=vocabulary.PROTOCOL_VERSION,
            features=list(vocabulary.FEATURES),
            you=outgoing.You(self.person.key.partition(":")[2], self.person.kind, self.person.name),
            now=clock.now(),
            server=SERVER,
            epoch=core.epoch,
            beat_s=settings.LIVE_BEAT_S,
            sessions=sessions,
            limits=outgoing.Limits(
                frame_bytes=vocabulary.FRAME_BYTES_MAX,
                text_characters=vocabulary.TEXT_CHARACTERS_MAX,
                burst=int(rate.burst),
                per_second=rate.per_second,
                backlog=vocabulary.BACKLOG_MAX,
                edit_window_s=settings.EDIT_WINDOW_S,
                reopen_window_s=settings.REOPEN_WINDOW_S,
                customer_away_s=settings.CUSTOMER_AWAY_PAUSES_S,
                staff_away_s=settings.STAFF_AWAY_PAUSES_S,
            ),
        )

    async def tell_arrivals(self, sessions: Sequence[str]) -> None:
        frames = await threads.run(queries.arrival_frames, self.person, sessions)
        await self.put_all(codec.encode(frame) for frame in frames)

    async def put_all(self, texts: Iterable[str]) -> None:
        """A lot at once, at the reader's pace."""
        for text in texts:
            await self.outbox.room(ROOM_S)
            self.put(text)

    def beat(self, followed: Mapping[str, Followed], now: datetime, epoch: str) -> outgoing.Beat:
        staff = self.side == "staff"
        return outgoing.Beat(
            now=now,
            epoch=epoch,
            sessions={session: one.last_seq for session, one in followed.items()},
            last_staff_seq={session: one.last_staff_seq for session, one in followed.items()} if staff else None,
        )

    # -- What is said --------------------------------------------------------------------------------------

    def send_message(self, frame: incoming.MessageSend) -> Awaitable[None] | None:
        """To the writer, which decides at commit. Nothing here waits; a message with files is an action (C8)."""
        if frame.files:
            return self._act(frame, send_files)
        if self.side == "staff" and frame.session not in self.sessions and _is_id(frame.session):
            return self._act(frame, send)  # perhaps one that they read along: the writer knows members alone
        try:
            entry: Entry = entry_of(self.person, frame)
            if self.user_id is None or (frame.session not in self.sessions and not _is_id(frame.session)):
                raise NotFound
        except DomainError as refusal:
            self.refuse(refusal, frame.id)
        else:
            core.writer.write(self, entry)
        return None

    async def backlog(self, frame: incoming.Backlog) -> None:
        page = await threads.run(_backlog, self.person, frame)
        await self.put_all([codec.encode(outgoing.BacklogPage(frame.id, frame.session, page.messages, page.more))])

    def typing(self, frame: incoming.Typing) -> None:
        if self.sessions.get(frame.session) not in SPEAKING:
            return
        topic = groups.session_all(frame.session)
        text = codec.encode(outgoing.TypingNews(frame.session, str(self.user_id), frame.on))
        core.exchange.local(topic, text, self)
        core.exchange.announce([(topic, text)])

    def read(self, frame: incoming.Read) -> None:
        if self.user_id is not None and frame.session in self.sessions:
            core.marks.add(frame.session, self.user_id, frame.seq)

    def ping(self, frame: incoming.Ping) -> None:
        self.put(codec.encode(outgoing.Pong(frame.at, clock.now())))

    # -- Actions -------------------------------------------------------------------------------------------

    async def _act(self, frame: Any, action: Action) -> None:
        """`ok` first, then what the action published; whoever follows more now is told before that.

        What is committed is published, also when this socket fails meanwhile: the others wait for it.
        """
        answer, items = await threads.run(_perform, action, self.person, frame)
        self.put(codec.encode(answer))
        try:
            await self.acted(frame)
            if any(topic == publish.CONTROL for topic, _ in items):
                await self.refresh()
        finally:
            core.exchange.accept(items)

    async def acted(self, frame: incoming.FromClient) -> None:
        """After the `ok` of an action of ours, before its news."""


def _perform(action: Action, person: Person, frame: Any) -> tuple[outgoing.Ok, list[publish.Item]]:
    with publish.held() as items, translation.override(person.language):
        answer = once(action, actor=person, frame=frame)
    return answer, items


def _backlog(person: Person, frame: incoming.Backlog) -> transcript.Page:
    session = get_visible(person, frame.session)
    return transcript.backlog(session.pk, frame, staff=queries.side_of(person) == "staff")


def _arrive(person: Person, followed: list[str], resume: Sequence[incoming.Resume]) -> list[str]:
    """Each session's frames, then what the client lacks of it, as texts."""
    asked = {one.session: one for one in resume if _is_id(one.session)}
    ringing = [str(session) for session in queries.offered_to(person)]
    texts: list[str] = []
    last: str | None = None
    for frame in queries.arrival_frames(person, list(dict.fromkeys([*followed, *asked, *ringing]))):
        if isinstance(frame, outgoing.Session):
            texts += _missing(asked.get(last or ""), person)
            last = frame.session
        texts.append(codec.encode(frame))
    return texts + _missing(asked.get(last or ""), person)


def _missing(asked: incoming.Resume | None, person: Person) -> list[str]:
    if asked is None:
        return []
    session = UUID(asked.session)
    found = transcript.after(session, asked.after_seq, RESUME_MESSAGES_MAX).messages
    if queries.side_of(person) == "staff" and asked.after_staff_seq is not None:
        found += transcript.staff_after(session, asked.after_staff_seq, RESUME_MESSAGES_MAX).messages
    return [codec.encode(message) for message in found]


def _is_id(session: str) -> bool:
    """In the one spelling that topics and rows use."""
    try:
        return str(UUID(session)) == session
    except ValueError:
        return False


def _is_too_large(text: str) -> bool:
    """In bytes; four times the characters is the most they can be."""
    if len(text) * 4 <= vocabulary.FRAME_BYTES_MAX:
        return False
    return len(text) > vocabulary.FRAME_BYTES_MAX or len(text.encode()) > vocabulary.FRAME_BYTES_MAX


ERROR_CODES: Final = frozenset(vocabulary.ErrorCode.__args__)  # type: ignore[attr-defined]
_TERMS: Final = ("price_m", "block_s", "free_s", "minimum_blocks")
SHOWN_PARAMS: Final = frozenset({"by", "session", *_TERMS, "most", "opens_at", "reason", "reference"})
LOGGED_AS: Final = {"id": "request_id", "session": "session"}  # fields of a frame, and their names in the log
READING: Final = frozenset({incoming.Hello, incoming.Backlog, incoming.Ping})
COMMON: Final[Mapping[type[incoming.FromClient], Handler]] = {
    incoming.MessageSend: LiveSocket.send_message,
    incoming.Typing: LiveSocket.typing,
    incoming.Read: LiveSocket.read,
    incoming.Ping: LiveSocket.ping,
    incoming.Hello: LiveSocket.hello,
    incoming.Backlog: LiveSocket.backlog,
}
