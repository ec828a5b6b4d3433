"""What sites know about people (P10)."""

from __future__ import annotations

from django.db.models import Q

from hub.base.personal_data import PersonalColumns, register
from hub.site.models import ExternalIdentity, UsedIdentityToken, Website


def declare() -> None:
    register(
        PersonalColumns(Website, not_personal={"name site_key secret origins": "of a website, not of a person"}),
        PersonalColumns(
            ExternalIdentity,
            of=lambda subject: Q(user=subject.user_id),
            removed=True,
            personal="sub claimed_email",
        ),
        PersonalColumns(UsedIdentityToken, not_personal={"jti": "drawn by the website for ten minutes"}),
    )
