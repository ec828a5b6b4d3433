"""Log lines: one per event, with the request's id, and nobody can forge one."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.test import Client
from django.utils.log import DEFAULT_LOGGING

from hub import logs


@pytest.fixture
def json_log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs._formatter(as_json=True))
    logger = logging.getLogger("tests.log")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    structlog.contextvars.clear_contextvars()


def test_what_was_typed_cannot_start_a_line_of_its_own(json_log: io.StringIO) -> None:
    structlog.get_logger("tests.log").info("signed in", name='x\r\n{"event": "forged"}\u2028y')
    lines = json_log.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["name"] == 'x\\r\\n{"event": "forged"}\\u2028y'


def test_plain_loggers_get_the_request_id_too(json_log: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc", session="12")
    logging.getLogger("tests.log").warning("slow: %s ms", 12)
    line = json.loads(json_log.getvalue())
    assert (line["event"], line["request_id"], line["session"], line["level"]) == (
        "slow: 12 ms",
        "abc",
        "12",
        "warning",
    )


def test_a_line_of_django_is_written_once() -> None:
    root, django = logging.getLogger(), logging.getLogger("django")
    kept = root.handlers, root.level, django.handlers
    try:
        logging.config.dictConfig(DEFAULT_LOGGING)  # what Django does before it asks us
        assert django.handlers != []
        logs.configure({"level": "INFO", "json": False})
        assert (len(root.handlers), django.handlers, django.propagate) == (1, [], True)
    finally:
        root.handlers, django.handlers = kept[0], kept[2]
        root.setLevel(kept[1])


def test_every_answer_carries_its_request_id(client: Client) -> None:
    offered = client.get("/healthz", headers={"X-Request-Id": "proxy-0123456789"})
    assert offered["X-Request-Id"] == "proxy-0123456789"
    forged = client.get("/healthz", headers={"X-Request-Id": "a b\tc"})
    assert len(forged["X-Request-Id"]) == 32
