"""All that the apps above may use of sites."""

from hub.site.actions.identity import bind_site_user, remove_used_tokens, sign_in_site_user
from hub.site.identity import sign_identity
from hub.site.models import ExternalIdentity, Website
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
    "ExternalIdentity",
    "Website",
    "bind_site_user",
    "demo_website",
    "find_website",
    "get_website",
    "is_known_origin",
    "is_own_origin",
    "remove_used_tokens",
    "require_origin",
    "sign_identity",
    "sign_in_site_user",
]
