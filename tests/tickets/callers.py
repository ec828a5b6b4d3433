"""Somebody who asks the API by a token of their own, by the names of its addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from hub.accounts import tokens
from hub.accounts.models import User


class Caller:
    def __init__(self, user: User) -> None:
        token = tokens.issue(
            side="staff" if user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=user.pk,
            two_factor=user.is_staff,
            sign_in_version=user.sign_in_version,
        )
        self._client = Client(headers={"authorization": f"Bearer {token}"})

    def __call__(self, method: str, name: str, *args: object, body: Any = None, status: int = 200, **query: Any) -> Any:
        address = reverse(name, args=args)
        if method == "get":
            answer = self._client.get(address, query)
        else:
            answer = getattr(self._client, method)(address, body or {}, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None
