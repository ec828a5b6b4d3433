"""Where payment providers knock: `/hooks/payments/<provider>/`, an ASGI application in front of Django (S3).

Hundreds may come within a second, and each wants its answer at once. So nothing of a page happens here: the body is
read up to its bound, and all that wait are kept by one statement and one commit, as the live core does it. What is
true is asked for afterwards. A notice of a payment that we do not know is answered alike, but waits in a line of its
own: a flood of them must not hold up the others.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import structlog

from credits.errors import ProviderUnknown
from credits.store import notices
from credits.store.notices import BODY_BYTES_MAX, Said
from credits.store.providers.base import Forged, Notice
from hub.base import threads
from hub.base.addresses import client_address
from hub.base.errors import TooFast

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[str, str]

PATH: Final = re.compile(r"/hooks/payments/([\w-]{1,40})/")
BATCH_MAX: Final = 100
WAITING_MAX: Final = 2_000
GATHER_S: Final = 0.01  # the first waits so long for others: fewer commits, and less to do for each notice
BODY_WITHIN_S: Final = 10.0
BUSY_RETRY_S: Final = "5"
_KEPT_AWAY: Final = frozenset({"cookie", "authorization"})


class Busy(Exception):
    """More wait than are kept in some seconds, or the database is away: the provider sends it again."""


class Refused(Exception):
    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


class Line:
    """What waits to be kept, and one who keeps it."""

    def __init__(self, work: Callable[[list[Any]], Awaitable[Sequence[Any]]], batch_max: int) -> None:
        self._work, self._batch_max = work, batch_max
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self._busy: asyncio.Task[None] | None = None

    async def wait_for(self, item: object) -> Any:
        """What became of it. Raises Busy."""
        if len(self._waiting) >= WAITING_MAX:
            raise Busy
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._busy is None or self._busy.done():
            self._busy = asyncio.create_task(self._run())
        return await done

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(GATHER_S)
            batch = self._waiting[: self._batch_max]
            del self._waiting[: self._batch_max]
            try:
                answers: Sequence[Any] = await self._work([item for item, _ in batch])
            except Exception:
                log.exception("store.notices_not_kept", count=len(batch))
                answers = [Busy()] * len(batch)
            for (_, done), answer in zip(batch, answers, strict=True):
                if done.done():  # who sent it has gone
                    continue
                if isinstance(answer, Exception):
                    done.set_exception(answer)
                else:
                    done.set_result(answer)


class NoticeDoor:
    """In front of `inner`, which gets everything else."""

    def __init__(self, inner: App) -> None:
        self._inner = inner
        self._ours = Line(_keep, BATCH_MAX)
        self._strangers = Line(_keep_stranger, 1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match = PATH.fullmatch(scope["path"])
        if match is None:
            await self._inner(scope, receive, send)
            return
        try:
            await self._take(match[1], scope, receive)
        except Refused as refused:
            await _answer(send, refused.status, refused.headers)
        except Busy:
            await _answer(send, 503, {"Retry-After": BUSY_RETRY_S})
        else:
            await _answer(send, 200)

    async def _take(self, provider: str, scope: Scope, receive: Receive) -> None:
        if scope["method"] not in ("GET", "HEAD", "POST"):
            raise Refused(405, Allow="GET, HEAD, POST")
        headers = _headers(scope)
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=100))
        body = await _body(headers, receive)
        kept = {name: value for name, value in headers.items() if name not in _KEPT_AWAY}
        try:
            said = notices.read(provider, Notice(body=body, headers=kept, query=query))
        except (ProviderUnknown, Forged):
            raise Refused(404) from None
        if await self._ours.wait_for(said):
            return
        try:
            await self._strangers.wait_for((said, _sender(scope, headers)))
        except TooFast as refusal:
            raise Refused(429, **{"Retry-After": str((refusal.retry_after_ms or 60_000) // 1000)}) from refusal


async def _keep(batch: list[Said]) -> list[bool]:
    return await threads.run(notices.keep, batch)


async def _keep_stranger(batch: list[tuple[Said, str]]) -> list[Exception | None]:
    ((said, sender),) = batch
    try:
        await threads.run(notices.keep_stranger, said, sender)
    except TooFast as refusal:
        return [refusal]
    return [None]


async def _body(headers: Headers, receive: Receive) -> bytes:
    """Raises Refused: it is too large, or does not come."""
    said = headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > BODY_BYTES_MAX:
        raise Refused(413)
    parts: list[bytes] = []
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            while True:
                event = await receive()
                if event["type"] != "http.request":
                    raise Refused(400)
                parts.append(event.get("body", b""))
                if sum(map(len, parts)) > BODY_BYTES_MAX:
                    raise Refused(413)
                if not event.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise Refused(408) from None


def _headers(scope: Scope) -> Headers:
    """One that came twice is one with a comma."""
    headers: Headers = {}
    for packed_name, packed_value in scope["headers"]:
        name, value = packed_name.decode("latin-1").lower(), packed_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _sender(scope: Scope, headers: Headers) -> str:
    address = (scope.get("client") or ("", 0))[0]
    return client_address({"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": headers.get("x-forwarded-for", "")})


async def _answer(send: Send, status: int, headers: Headers | None = None) -> None:
    fields = {"Content-Length": "0", "Cache-Control": "no-store", **(headers or {})}
    packed = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": packed})
    await send({"type": "http.response.body", "body": b""})
