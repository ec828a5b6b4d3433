"""Text to frame and back."""

from __future__ import annotations

import json as stdlib_json
import re
from collections.abc import Callable
from uuid import UUID

from msgspec import MsgspecError, json

from chat.wire.incoming import FromClient, FromStaff, FromVisitor
from chat.wire.outgoing import ToClient
from chat.wire.vocabulary import FRAME_BYTES_MAX

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
