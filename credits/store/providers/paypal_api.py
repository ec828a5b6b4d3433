"""PayPal's REST API: signing in for a while, then asking. See developer.paypal.com/api/rest/authentication.

POST /v1/oauth2/token with the client's id and secret answers a bearer token and for how many seconds it is good.
"""

from __future__ import annotations

import base64
import time
from typing import Any

from credits.store.providers.base import ProviderDown, Refused
from credits.store.providers.http import Answer, Api
from credits.store.providers.shapes import children

# A token is renewed so long before its end, that none runs out under way.
TOKEN_SPARE_S = 60.0


class PayPalApi:
    def __init__(self, client_id: str, secret: str, base_url: str, timeout_s: float) -> None:
        self._api = Api(base_url, timeout_s, secrets=(secret, client_id))
        self._basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._token = ""
        self._token_until = 0.0

    @property
    def base_url(self) -> str:
        return self._api.base_url

    def get(self, path: str) -> dict[str, Any]:
        return self._ask("GET", path, {}).json()

    def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        headers = {"PayPal-Request-Id": key, "Prefer": "return=representation"}
        return self._ask("POST", path, headers, json=body).json()

    def post_raw(self, path: str, body: bytes) -> dict[str, Any]:
        return self._ask("POST", path, {"Content-Type": "application/json"}, content=body).json()

    def delete(self, path: str) -> None:
        self._ask("DELETE", path, {})

    def close(self) -> None:
        self._api.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], **parts: Any) -> Answer:
        try:
            answer = self._ask_signed(method, path, headers, parts)
        except ProviderDown as down:
            if down.reason != "HTTP 401":
                raise
            self._token = ""  # it was called in before its time
            answer = self._ask_signed(method, path, headers, parts)
        if answer.status >= 400:
            raise self._refused(answer)
        return answer

    def _ask_signed(self, method: str, path: str, headers: dict[str, str], parts: dict[str, Any]) -> Answer:
        signed = headers | {"Authorization": f"Bearer {self._signed_in()}"}
        return self._api.ask(method, path, again=True, headers=signed, **parts)

    def _refused(self, answer: Answer) -> Refused:
        """`details[0].issue` is the code that says what is wrong; `name` only of which kind."""
        error = answer.json()
        detail = next(iter(children(error, "details")), {})
        code = detail.get("issue") or error.get("name") or answer.status
        words = detail.get("description") or error.get("message") or ""
        return Refused(self._api.strike_out(code), self._api.strike_out(words))

    def _signed_in(self) -> str:
        if self._token and time.monotonic() < self._token_until:
            return self._token
        answer = self._api.ask(
            "POST",
            "/v1/oauth2/token",
            again=True,
            headers={"Authorization": f"Basic {self._basic}"},
            data={"grant_type": "client_credentials"},
        )
        token = answer.json().get("access_token") if answer.status == 200 else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise ProviderDown("PayPal does not let us sign in.")
        seconds = answer.json().get("expires_in")
        self._token = token
        self._token_until = time.monotonic() + (seconds if isinstance(seconds, int) else 0) - TOKEN_SPARE_S
        return token
