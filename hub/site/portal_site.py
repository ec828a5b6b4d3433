"""The hub's own pages as a website with the widget: whoever is signed in there is who they are in the widget (P11).

Its users are the hub's own accounts, so `sub` is the account's id and nothing has to be bound. Only the hub knows the
secret; the key is fixed, so that there is one such row.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from hub.base.prepared import prepared
from hub.site.identity import sign_identity
from hub.site.models import Website

PORTAL_SITE_KEY = "portal"
PORTAL_SITE_NAME = gettext_noop("Customer portal")


def portal_website() -> Website:
    """Made when it is asked for first."""
    found = next(iter(_website()), None)
    return found or Website.objects.get_or_create(site_key=PORTAL_SITE_KEY, defaults={"name": PORTAL_SITE_NAME})[0]


@prepared
def _website() -> QuerySet[Website]:
    return Website.objects.filter(site_key=PORTAL_SITE_KEY)


def is_portal(website: Website) -> bool:
    return website.site_key == PORTAL_SITE_KEY


def sign_portal_customer(user_id: int) -> tuple[str, str]:
    """The site key, and a token for our own widget: it lives ten minutes and works once."""
    website = portal_website()
    return website.site_key, sign_identity(website, sub=str(user_id))
