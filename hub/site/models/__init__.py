"""Everything hub.site keeps: websites and their users, brands, announcements, office hours."""

from hub.site.models.announcements import Announcement, AnnouncementSeen, AnnouncementText
from hub.site.models.brands import BrandHost, BrandLogo, BrandRow, BrandVersion
from hub.site.models.hours import DepartmentRules, Holiday, OpenPeriod, PreChatQuestion
from hub.site.models.websites import ExternalIdentity, UsedIdentityToken, Website, new_secret, new_site_key

__all__ = [
    "Announcement",
    "AnnouncementSeen",
    "AnnouncementText",
    "BrandHost",
    "BrandLogo",
    "BrandRow",
    "BrandVersion",
    "DepartmentRules",
    "ExternalIdentity",
    "Holiday",
    "OpenPeriod",
    "PreChatQuestion",
    "UsedIdentityToken",
    "Website",
    "new_secret",
    "new_site_key",
]
