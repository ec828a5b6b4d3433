"""The browsers and widgets in which somebody is signed in (P9; docs/how/sign-in.md, "Devices").

A browser ends with its row in Django's session table, a widget because its token names a device that has ended. Open
sockets hear of it at once, and within 5 s where the word was lost (X2).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction

from hub.accounts import audit, user_agents
from hub.accounts.access import Person, oneself
from hub.accounts.actions import letters
from hub.accounts.actions.rights import raise_rights, sign_out_everywhere
from hub.accounts.models import SignedInDevice, User
from hub.base import clock
from hub.base.errors import NotFound

Kind, Means = SignedInDevice.Kind, SignedInDevice.Means


@dataclass(frozen=True, slots=True)
class Seen:
    """What a sign-in tells of its device. `known`: this browser was signed in to this account before."""

    user_agent: str
    address: str
    known: bool = False


@transaction.atomic
def remember_device(user: User, seen: Seen, *, kind: str, means: str, session_key: str | None = None) -> SignedInDevice:
    """A device that has just signed in. Its owner gets a mail when it is one they were never seen with."""
    browser, system = user_agents.browser_of(seen.user_agent), user_agents.system_of(seen.user_agent)
    before = SignedInDevice.objects.filter(user=user)
    strange = before.exists() and not seen.known
    strange = strange and not before.filter(browser=browser, operating_system=system, address=seen.address).exists()
    now = clock.now()
    device = SignedInDevice.objects.create(
        user=user,
        kind=kind,
        means=means,
        session_key=session_key,
        browser=browser,
        operating_system=system,
        address=seen.address[:64],
        created_at=now,
        last_seen_at=now,
    )
    if strange and means != Means.WEBSITE:
        letters.tell_new_device(user, browser=browser, operating_system=system, at=now)
    return device


def see_device(device_id: int) -> None:
    """A widget renewed its token: it is still in use."""
    SignedInDevice.objects.filter(pk=device_id, ended_at__isnull=True).update(last_seen_at=clock.now())


@transaction.atomic
def end_device(person: Person, device_id: int) -> None:
    """Sign this one out, by its owner. Raises NotFound."""
    device = SignedInDevice.objects.filter(pk=device_id, user=person.user_id).first()
    if device is None:
        raise NotFound
    if device.ended_at is not None:
        return
    _end(device)
    audit.record(person, "people.device.ended", target_kind="device", target_id=device.pk)


@transaction.atomic
def end_browser(user: User, session_key: str) -> None:
    """Sign-out in this browser: the session itself is gone already."""
    SignedInDevice.objects.filter(session_key=session_key).update(ended_at=clock.now(), session_key=None)
    raise_rights([user.pk])


@transaction.atomic
def end_all(user: User) -> None:
    """Sign out everywhere, by its owner."""
    sign_out_everywhere(user)
    audit.record(oneself(user), "people.signed_out_everywhere", target_kind="user", target_id=user.pk)


def _end(device: SignedInDevice) -> None:
    if device.session_key:
        BrowserSession.objects.filter(pk=device.session_key).delete()
    device.ended_at, device.session_key = clock.now(), None
    device.save(update_fields=["ended_at", "session_key"])
    raise_rights([device.user_id])
