"""All that the apps above may use of sites."""

from hub.base.brand import Brand
from hub.base.hub_settings import HubSettings, hub_settings
from hub.site.actions.announcements import note_seen
from hub.site.actions.identity import bind_site_user, remove_used_tokens, sign_in_site_user
from hub.site.announcements import (
    AnnouncementView,
    count_unseen,
    get_announcement,
    published_announcements,
    widget_announcement,
)
from hub.site.brands import current_brand, find_brand
from hub.site.identity import sign_identity
from hub.site.layouts import layout_of
from hub.site.models import ExternalIdentity, Website
from hub.site.opening import Hours, Opening, hours_of, is_open, next_opening, opening_of, openings
from hub.site.portal_site import PORTAL_SITE_KEY, portal_website, sign_portal_customer
from hub.site.queries import (
    DEMO_SITE,
    demo_website,
    find_website,
    get_website,
    is_known_origin,
    is_own_origin,
    require_origin,
)

__all__ = [
    "DEMO_SITE",
    "PORTAL_SITE_KEY",
    "AnnouncementView",
    "Brand",
    "ExternalIdentity",
    "Hours",
    "HubSettings",
    "Opening",
    "Website",
    "bind_site_user",
    "count_unseen",
    "current_brand",
    "demo_website",
    "find_brand",
    "find_website",
    "get_announcement",
    "get_website",
    "hours_of",
    "hub_settings",
    "is_known_origin",
    "is_open",
    "is_own_origin",
    "layout_of",
    "next_opening",
    "note_seen",
    "opening_of",
    "openings",
    "portal_website",
    "published_announcements",
    "remove_used_tokens",
    "require_origin",
    "sign_identity",
    "sign_in_site_user",
    "sign_portal_customer",
    "widget_announcement",
]
