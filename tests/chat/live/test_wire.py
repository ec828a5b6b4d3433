"""The frames of the protocol: what is taken, what is refused, and that the generated schema is the code's."""

from __future__ import annotations

import pytest

from chat.wire import codec, incoming
from hub import protocol

ID = "018f0000-0000-7000-8000-000000000001"


def test_the_schema_in_the_front_end_is_not_stale() -> None:
    assert protocol.SCHEMA_FILE.read_text(encoding="utf-8") == protocol.schema_text(), "run python -m hub.protocol"


def send(text: str) -> str:
    return f'{{"type":"message.send","id":"{ID}","session":"{ID}","text":"{text}"}}'


def test_a_text_is_bounded_in_code_points_not_bytes() -> None:
    frame = codec.decode_visitor(send("😀" * 8000))
    assert isinstance(frame, incoming.MessageSend)
    assert len(frame.text) == 8000
    with pytest.raises(codec.BadFrame):
        codec.decode_visitor(send("😀" * 8001))


@pytest.mark.parametrize(
    "text",
    [
        send("a\\u0000b"),
        send("\\\\\\u0000"),
        send("\\ud800"),
        send("\\ud800\\u0041"),
        send(""),
        f'{{"type":"typing","session":"{ID}","on":true,"more":1}}',
        f'{{"type":"typing","session":"{ID}","on":1}}',
        '{"type":"hello","protocol":2}',
        '{"type":"hello","protocol":1,"resume":[' + ",".join([f'{{"session":"{ID}","after_seq":0}}'] * 201) + "]}",
        f'{{"type":"backlog","id":"{ID}","session":"x","limit":201}}',
        f'{{"type":"backlog","id":"{ID}","session":"x","limit":1,"after_seq":1,"before_seq":9}}',
        f'{{"type":"read","session":"x","seq":{2**53}}}',
        f'{{"type":"session.rate","id":"{ID}","session":"x","score":6}}',
        f'{{"type":"presence.set","id":"{ID}","status":"online"}}',
        '{"type":"nonsense"}',
        '{"type":"typing","on":true,"session":' + "[" * 50_000 + "]" * 50_000 + "}",
        "[]",
        "null",
        "",
    ],
)
def test_what_the_protocol_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(codec.BadFrame):
        codec.decode_visitor(text)


def test_an_escaped_backslash_before_u0000_is_text() -> None:
    frame = codec.decode_visitor(send("\\\\u0000"))
    assert isinstance(frame, incoming.MessageSend)
    assert frame.text == "\\u0000"


@pytest.mark.parametrize("text", ['"\\ud800"', "1e999", "9" * 5000, '{"a":1,"a":2}'])
def test_json_is_told_from_what_is_not(text: str) -> None:
    assert codec.is_json(text)
    assert not codec.is_json(text + "x")


def test_json_that_is_too_deep_to_tell_is_given_the_benefit() -> None:
    assert codec.is_json("[" * 60_000 + "]" * 60_000)


@pytest.mark.parametrize("text", ["", "NaN", "{'a':1}", "hello", "{", "\ufeff{}"])
def test_what_is_no_json(text: str) -> None:
    assert not codec.is_json(text)


def test_the_id_of_a_bad_frame_is_found_for_its_answer() -> None:
    assert str(codec.find_request_id(send(""))) == ID
    assert codec.find_request_id('{"id":"nonsense"}') is None
