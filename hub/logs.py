"""Structured logs: one line per event, JSON in production, with the request's or the session's id in every line."""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog
from asgiref.sync import iscoroutinefunction
from django.utils.decorators import sync_and_async_middleware
from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:  # beat logs too, and has no use for all of Django
    from django.http import HttpRequest, HttpResponseBase
    from structlog.typing import EventDict, Processor, WrappedLogger

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _escape_line_breaks(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """What someone typed cannot start a line of its own and so forge one (the traceback is ours and stays)."""
    for key, value in event.items():
        if isinstance(value, str) and key not in ("exception", "stack"):
            event[key] = _LINE_BREAKS.sub(lambda found: found.group().encode("unicode_escape").decode(), value)
    return event


_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: `config` has `level` and `json`."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_formatter(as_json=config["json"]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(config["level"])
    logging.getLogger("django").handlers = []  # with DEBUG it has one of its own, and says each line a second time
    for noisy in ("daphne", "django.channels.server", "httpx", "asyncio", "celery", "kombu", "fontTools"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def _formatter(*, as_json: bool) -> logging.Formatter:
    ending: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if as_json:
        ending += [structlog.processors.format_exc_info, _escape_line_breaks, structlog.processors.JSONRenderer()]
    else:
        console = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=_plain_traceback)
        ending += [_escape_line_breaks, console]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_SHARED, processors=ending)


def _plain_traceback(file: Any, exc_info: Any) -> None:
    structlog.dev.plain_traceback(file, exc_info)


def request_number(offered: str | None) -> str:
    """The id under which one request is logged: the proxy's if it is a plain one, else a new one."""
    return offered if offered and _REQUEST_ID.fullmatch(offered) else uuid.uuid4().hex


@sync_and_async_middleware
def request_id(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Bind an id to everything that is logged while the request runs, and answer it as X-Request-Id."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            number = _bind(request)
            waiting: Awaitable[HttpResponseBase] = get_response(request)
            return _mark(await waiting, number)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        number = _bind(request)
        return _mark(get_response(request), number)

    return answer


def _bind(request: HttpRequest) -> str:
    number = request_number(request.headers.get("X-Request-Id"))
    clear_contextvars()
    bind_contextvars(request_id=number)
    return number


def _mark(response: HttpResponseBase, number: str) -> HttpResponseBase:
    response.headers["X-Request-Id"] = number
    return response
