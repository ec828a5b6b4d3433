"""Websites that carry the widget: which origins may open it, and the secret with which they sign their users (P11)."""

from __future__ import annotations

import secrets

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
