"""A browser signed in as somebody of the staff, for tests of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from hub.accounts.models import User
from tests.browsers import browser_of


class Window:
    """Asks for pages by their names."""

    def __init__(self, user: User) -> None:
        self.client = browser_of(user)

    def asks(self, page: str, /, *args: object, **query: Any) -> Any:
        return self.client.get(reverse(page, args=args), query)

    def sends(self, page: str, /, *args: object, **data: object) -> Any:
        return self.client.post(reverse(page, args=args), data)

    def reads(self, page: str, /, *args: object, **query: Any) -> str:
        answer = self.asks(page, *args, **query)
        assert answer.status_code == 200, (page, answer.status_code)
        return str(answer.content.decode())
