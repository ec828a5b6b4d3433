"""The base of every endpoint: who may, how often, a POST done once. An endpoint parses, calls one action, answers."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.access import Person
from hub.accounts.authentication import PersonAuthentication
from hub.accounts.scopes import LOAD
from hub.base.addresses import client_address
from hub.base.api import idempotency
from hub.base.errors import NotFound, NotSignedIn
from hub.base.limits import Limit, use


class ApiView(APIView):
    """Says on the class who may come in; `self.person` is who came."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (PersonAuthentication,)
    permission_classes = ()
    scope: ClassVar[str | None] = None  # the subject a token must be for; reading needs `<scope>:read`
    public: ClassVar[bool] = False  # nobody needs to be signed in; `find_person` may still be somebody
    answers_once: ClassVar[bool] = True  # False: the answer holds a secret, which is not kept; the action is idempotent

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        person = self.find_person
        if person is None and not self.public:
            raise NotSignedIn
        self._require_scope(request, person)
        self._limit(request, person)
        self._speak(request, person)
        key = request.headers.get("Idempotency-Key")
        if request.method == "POST" and key is not None and self.answers_once:
            self._post_once(request, key)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer

    @property
    def find_person(self) -> Person | None:
        return self.request.user if isinstance(self.request.user, Person) else None

    @property
    def person(self) -> Person:
        """Who calls; on a public endpoint only where somebody must be signed in after all."""
        if self.find_person is None:
            raise NotSignedIn
        return self.find_person

    def _require_scope(self, request: Request, person: Person | None) -> None:
        if person is None or self.scope is None:
            return
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        person.require(f"{self.scope}:read" if reads else self.scope)

    def _limit(self, request: Request, person: Person | None) -> None:
        if person is not None and settings.DEMO and LOAD in person.scopes:
            return
        if person is not None:
            use(Limit("api.person", settings.API_REQUESTS_PER_MINUTE, 60), person.key)
        else:
            use(Limit("api.address", settings.API_REQUESTS_PER_MINUTE, 60), client_address(request.META))

    def _speak(self, request: Request, person: Person | None) -> None:
        """Problems are told in the language that the caller asks for, else the person's own."""
        if person is not None and "Accept-Language" not in request.headers:
            translation.activate(person.language)

    def _post_once(self, request: Request, key: str) -> None:
        post = getattr(self, "post", None)
        if post is None:
            return
        person = self.find_person
        owner = f"address:{client_address(request.META)}" if person is None else person.key

        @functools.wraps(post)
        def once(request: Request, *args: Any, **kwargs: Any) -> Response:
            return idempotency.answer_once(request, owner, key, lambda: post(request, *args, **kwargs))

        self.__dict__["post"] = once  # this request's own; the class keeps the plain one


class StaffApiView(ApiView):
    """For staff alone. To everybody else it does not exist."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.person.is_staff:
            raise NotFound


class OwnerApiView(StaffApiView):
    """For the hub owner alone; to everybody else it does not exist."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.person.is_owner:
            raise NotFound


class NoSuchEndpoint(ApiView):
    """Every other address under /api/: a problem document instead of a page."""

    public = True
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound
