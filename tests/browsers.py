"""Django's test client with somebody signed in, for tests of pages without a real browser."""

from __future__ import annotations

from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from hub.accounts.models import User


def browser_of(user: User, *, factor: bool = True) -> Client:
    """Staff with the second factor, unless `factor` says that they stopped before it."""
    client = Client()
    client.force_login(user)
    if factor and user.is_staff:
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=user, confirmed=True).persistent_id
        session.save()
    return client
