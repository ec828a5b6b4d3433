"""A browser's session (the cookie) as claims, for pages, API and sockets alike."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session as BrowserSession
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY

from hub.accounts.models import SignedInDevice, User
from hub.accounts.tokens import Claims
from hub.base import clock

EMAIL_FACTOR_KEY = "email_factor"  # in the session: the second factor was a code by e-mail (P7)
SEEN_EVERY_S = 300  # so often a device's last sight is written down
_seen: OrderedDict[str, float] = OrderedDict()  # by session key, on this process's clock
_seen_lock = threading.Lock()
_SEEN_MAX = 10_000
LANGUAGE_KEY = "language"  # in the session: what the page spoke at sign-in, for the sockets of that browser


def claims_of_cookie(session_key: str) -> Claims | None:
    """For a socket: the claims of the browser session with this key, or None. SQL; run it in a thread."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    return claims_of_session(store(session_key))


def claims_of_session(session: SessionBase, read_before: User | AnonymousUser | None = None) -> Claims | None:
    """None when nobody is signed in, or no longer (new password, sign-out everywhere).

    `read_before`: whom Django found behind this session within the same request; they are not read once more.
    """
    user_id = session.get(SESSION_KEY)
    if user_id is None or session.session_key is None:
        return None
    user = _still_bound(session, int(user_id), read_before)
    if user is None:
        return None
    _touch(session.session_key)
    return Claims(
        side="staff" if user.is_staff else "visitor",
        expires_at=clock.now().timestamp() + session.get_expiry_age(),
        user_id=user.pk,
        two_factor=bool(session.get(DEVICE_ID_SESSION_KEY) or session.get(EMAIL_FACTOR_KEY)),
        sign_in_version=user.sign_in_version,
        session_key=session.session_key,
        language=session.get(LANGUAGE_KEY, ""),
    )


def _touch(session_key: str) -> None:
    """When the device was last seen, to five minutes: one small statement in that time, per process."""
    now_s = time.monotonic()
    with _seen_lock:
        last_s = _seen.get(session_key)
        if last_s is not None and now_s - last_s < SEEN_EVERY_S:
            return
        _seen[session_key] = now_s
        _seen.move_to_end(session_key)
        while len(_seen) > _SEEN_MAX:
            _seen.popitem(last=False)
    now = clock.now()
    stale = now - timedelta(seconds=SEEN_EVERY_S)
    SignedInDevice.objects.filter(session_key=session_key, last_seen_at__lt=stale).update(last_seen_at=now)


def remove_expired() -> None:
    """A job: sessions of browsers that stayed away."""
    BrowserSession.objects.filter(expire_date__lt=clock.now()).delete()


def _still_bound(session: SessionBase, user_id: int, read_before: User | AnonymousUser | None) -> User | None:
    if isinstance(read_before, User) and read_before.pk == user_id and is_bound(session, read_before):
        return read_before
    user: User | None = User.objects.filter(pk=user_id).first()
    return user if user is not None and is_bound(session, user) else None


def is_bound(session: SessionBase, user: User) -> bool:
    """Whether the session is from after the last new password and the last sign-out everywhere."""
    return constant_time_compare(str(session.get(HASH_SESSION_KEY, "")), user.get_session_auth_hash())
