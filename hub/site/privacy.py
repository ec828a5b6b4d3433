"""What sites know about people (P10)."""

from __future__ import annotations

from django.db.models import Q

from hub.base.personal_data import PersonalColumns, register
from hub.site.models import (
    Announcement,
    AnnouncementSeen,
    AnnouncementText,
    BrandHost,
    BrandLogo,
    BrandVersion,
    DepartmentRules,
    ExternalIdentity,
    Holiday,
    PreChatQuestion,
    UsedIdentityToken,
    Website,
)

CODES = "codes of the programme"
OF_THE_HUB = "what the hub owner set for everybody"


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
        PersonalColumns(Announcement, not_personal={"state audience": CODES}),
        PersonalColumns(AnnouncementSeen, of=lambda subject: Q(user=subject.user_id), removed=True),
        PersonalColumns(AnnouncementText, not_personal={"language title source html": "told to everybody"}),
        PersonalColumns(BrandHost, not_personal={"host": OF_THE_HUB}),
        PersonalColumns(BrandLogo, not_personal={"content digest": OF_THE_HUB}),
        PersonalColumns(
            BrandVersion,
            not_personal={
                "name colour accent sender_name sender_address languages default_language": OF_THE_HUB,
                "layout business_layout hosts": OF_THE_HUB,
            },
        ),
        PersonalColumns(DepartmentRules, not_personal={"time_zone": OF_THE_HUB}),
        PersonalColumns(Holiday, not_personal={"date name": OF_THE_HUB}),
        PersonalColumns(PreChatQuestion, not_personal={"key label kind choices": OF_THE_HUB}),
    )
