"""Any SMS provider with a plain HTTP API, by configuration: address, method, body, header, what an answer must say.

The body is JSON (then placeholders stand inside its texts) or a form (`to={to}&message={text}`); with GET the form goes
into the address. Placeholders: {to} as +316…, {digits} without the plus, {text}, {sender}, {reference}.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import requests
from django.conf import settings

from hub.base.gateways.outcomes import GatewayDown, NotNow, Refused
from hub.base.gateways.sms import Sms

ANSWER_BYTES_MAX: Final = 65_536
REASON_CHARACTERS_MAX: Final = 200
PLACEHOLDER = re.compile(r"\{(to|digits|text|sender|reference)\}")
OURS = (401, 402, 403, 404, 405, 407)  # sign-in, credit or address: no message gets through
LATER = (408, 409, 423, 425)


@dataclass(frozen=True, slots=True)
class HttpSmsProvider:
    """`header` is `Name: value`. `success` is a regular expression that an answer 2xx must hold, '' for any."""

    url: str
    method: str
    body: str
    header: str = ""
    success: str = ""
    timeout_s: float = 10

    def send(self, sms: Sms) -> str:
        try:
            # No redirects: what signs us in goes to this address and to no other.
            answer = requests.request(
                self.method, self.url, timeout=self.timeout_s, allow_redirects=False, stream=True, **self._payload(sms)
            )
            with answer:
                text = answer.raw.read(ANSWER_BYTES_MAX, decode_content=True).decode("utf-8", "replace")
        except requests.ConnectionError as error:
            raise GatewayDown(type(error).__name__) from error
        except (requests.RequestException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        self._require_success(answer, text)
        return ""

    def _payload(self, sms: Sms) -> dict[str, Any]:
        values = {
            "to": sms.to,
            "digits": sms.to.removeprefix("+"),
            "text": sms.text,
            "sender": sms.sender,
            "reference": sms.reference,
        }
        headers = {"Idempotency-Key": sms.reference, "User-Agent": "Balie"}
        if self.header:
            name, _, value = self.header.partition(":")
            headers[name.strip()] = value.strip()
        if self.body.lstrip().startswith(("{", "[")):
            return {"headers": headers, "json": _filled(json.loads(self.body), values)}
        form = [(name, _filled(value, values)) for name, value in parse_qsl(self.body, keep_blank_values=True)]
        return {"headers": headers, ("params" if self.method == "GET" else "data"): form}

    def _require_success(self, answer: requests.Response, text: str) -> None:
        reason = f"{answer.status_code} {' '.join(text.split())}"[:REASON_CHARACTERS_MAX]
        status = answer.status_code
        if status == 429:
            raise GatewayDown(reason, retry_after_s=_retry_after(answer))
        if status in OURS or 300 <= status < 400:
            raise GatewayDown(reason)
        if status in LATER or status >= 500:
            raise NotNow(reason)
        if status >= 400:
            raise Refused(reason)
        if self.success and not re.search(self.success, text):
            raise NotNow(reason)


def _filled(part: Any, values: dict[str, str]) -> Any:
    """The same shape with every placeholder filled in; what is filled in is not looked at again."""
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return PLACEHOLDER.sub(lambda found: values[found[1]], part) if isinstance(part, str) else part


def _retry_after(answer: requests.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdecimal() else None


def provider_of_settings() -> HttpSmsProvider:
    return HttpSmsProvider(
        url=settings.SMS_HTTP_URL,
        method=settings.SMS_HTTP_METHOD,
        body=settings.SMS_HTTP_BODY,
        header=settings.SMS_HTTP_HEADER,
        success=settings.SMS_HTTP_SUCCESS,
        timeout_s=settings.SMS_TIMEOUT_S,
    )
