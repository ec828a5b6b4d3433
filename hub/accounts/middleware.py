"""Who is signed in in this browser, and with which second factor: on every page, so by prepared statements.

What holds of a session is Django's and django-otp's to say; these only read what they look at in a cheaper way.
"""

from __future__ import annotations

from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django_otp.middleware import OTPMiddleware
from django_otp.models import Device

from hub.accounts.access import read_signed_in
from hub.accounts.models import User
from hub.accounts.sessions import is_bound
from hub.base.prepared import prepared


class SignedInMiddleware(AuthenticationMiddleware):
    """`request.user` comes with all that a Person is made of: load_person() needs no statement of its own."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]  # as Django's own


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    """Whoever is not simply signed in (no more, not at all, otherwise) is Django's to judge."""
    if not hasattr(request, "_cached_user"):
        found = _find(request)
        if found is not None:
            request._cached_user = found  # type: ignore[attr-defined]  # where Django keeps them for this request
    return get_user(request)


def _find(request: HttpRequest) -> User | None:
    session = request.session
    user_id = session.get(SESSION_KEY)
    if user_id is None or not session.session_key:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = read_signed_in(int(user_id), session.session_key)
    return user if user is not None and user.is_active and is_bound(session, user) else None


class SecondFactorMiddleware(OTPMiddleware):  # type: ignore[misc]  # django-otp has no types
    def _device_from_persistent_id(self, persistent_id: str) -> Device | None:
        with suppress(ValueError, LookupError):  # as django-otp does with what is no device of ours
            label, number = self._normalize_persistent_id(persistent_id).rsplit("/", 1)
            model = apps.get_model(label)
            if issubclass(model, Device):
                return next(iter(_devices(model, pk=int(number))), None)
        return None


@prepared
def _devices(model: type[Device], *, pk: int) -> QuerySet[Device]:
    found: QuerySet[Device] = model.objects.filter(pk=pk)
    return found
