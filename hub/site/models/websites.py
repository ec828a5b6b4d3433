"""Websites that carry the widget: which origins may open it, and the secret with which they sign their users (P11).

What must stay true:
- a site's user is known by (website, sub) and by nothing else: an e-mail a site claims never leads to an account
- a signed user token is used once: its jti is kept until it has expired
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models


def new_site_key() -> str:
    return secrets.token_urlsafe(16)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Website(models.Model):
    """One website with the widget. `secret` signs its user tokens; an unsigned claim of identity is never trusted."""

    name = models.CharField(max_length=120)
    site_key = models.CharField(max_length=32, unique=True, default=new_site_key)
    secret = models.CharField(max_length=64, default=new_secret)
    origins = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    # The widget there looks and speaks as this brand; without one as the default brand (A3).
    brand = models.ForeignKey("BrandRow", models.SET_NULL, null=True, blank=True, related_name="websites")


class ExternalIdentity(models.Model):
    """A user of a website, and the customer they are here. What the site says of them is for staff to read."""

    website = models.ForeignKey(Website, models.CASCADE, related_name="identities")
    sub = models.CharField(max_length=128)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="external_identities")
    claimed_email = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("website", "sub", name="site_externalidentity_once")]


class UsedIdentityToken(models.Model):
    """A signed user token that was shown once. It stays until the token would have expired anyway."""

    website = models.ForeignKey(Website, models.CASCADE, related_name="+")
    jti = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("website", "jti", name="site_usedidentitytoken_once")]
