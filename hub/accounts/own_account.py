"""What the pages of one's own account show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Exists, OuterRef, Q
from django_otp.plugins.otp_static.models import StaticToken

from hub.accounts import phones
from hub.accounts.access import Person
from hub.accounts.actions import profiles
from hub.accounts.models import CustomerProfile, SignedInDevice, User
from hub.base import clock

Kind = SignedInDevice.Kind


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """A browser or widget in which somebody is signed in."""

    id: int
    kind: str
    browser: str
    operating_system: str
    address: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def get_own_account(person: Person) -> User:
    account: User = User.objects.select_related("customer_profile", "membership").get(pk=person.user_id)
    return account


def own_details(user: User) -> dict[str, object]:
    """As they stand in the form."""
    values: dict[str, object] = {name: getattr(user, name) for name in profiles.OF_USER}
    profile = CustomerProfile.objects.filter(user=user).first()
    if profile is not None:
        values |= {name: getattr(profile, name) for name in profiles.OF_CUSTOMER}
        values["birth_date"] = profile.birth_date.isoformat() if profile.birth_date else ""
        values["phone"] = phones.shown_number(profile.phone) if profile.phone else ""
    return values


def own_devices(person: Person, session_key: str) -> list[OwnDevice]:
    """Where this person is signed in now, this browser first, then who was seen last."""
    now = clock.now()
    browser_lives = Exists(BrowserSession.objects.filter(pk=OuterRef("session_key"), expire_date__gt=now))
    renewable = timedelta(seconds=settings.WIDGET_TOKEN_S + settings.WIDGET_RENEW_CUSTOMER_S)
    lives = (Q(kind=Kind.BROWSER) & browser_lives) | Q(kind=Kind.WIDGET, last_seen_at__gt=now - renewable)
    rows = SignedInDevice.objects.filter(lives, user=person.user_id, ended_at__isnull=True).order_by("-last_seen_at")
    return sorted((_shown(row, session_key) for row in rows[:100]), key=lambda device: not device.is_this)


def _shown(row: SignedInDevice, session_key: str) -> OwnDevice:
    return OwnDevice(
        row.pk,
        row.kind,
        row.browser,
        row.operating_system,
        row.address,
        row.created_at,
        row.last_seen_at,
        is_this=bool(session_key) and row.session_key == session_key,
    )


def find_last_sign_in(person: Person, session_key: str) -> OwnDevice | None:
    """The sign-in before the one of this browser, wherever it was: somebody may see that it was not them."""
    rows = SignedInDevice.objects.filter(user=person.user_id).exclude(session_key=session_key)
    row = rows.order_by("-pk").first()
    return _shown(row, "") if row is not None else None


def recovery_codes_left(user: User) -> int:
    left: int = StaticToken.objects.filter(device__user=user, device__confirmed=True).count()
    return left
