"""The door of what the hub owner alone sets up (A2): to everybody else it does not exist."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from hub.accounts.public import StaffApiView
from hub.base.errors import NotFound


class OwnerApiView(StaffApiView):
    """For the hub owner alone; to everybody else it does not exist."""

    scope = "site"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.person.is_owner:
            raise NotFound
