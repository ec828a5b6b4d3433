"""Websites that carry the widget, on screen: name, origins, brand, and the secret with which they sign users (P11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts.public import Invalid, audit
from hub.base import formats
from hub.base.errors import NotFound
from hub.site.actions.brands import plain_host
from hub.site.models import BrandRow, Website, new_secret
from hub.site.permissions import require_owner
from hub.site.portal_site import PORTAL_SITE_KEY

if TYPE_CHECKING:
    from hub.accounts.public import Person

ORIGINS_MAX = 30


@dataclass(frozen=True, slots=True)
class WebsiteIn:
    """`origins` as `https://shop.example`; http only for this machine, or in demo mode."""

    name: str
    origins: tuple[str, ...]
    brand_id: int | None = None
    is_active: bool = True


@transaction.atomic
def save_website(actor: Person, website: Website | None, new: WebsiteIn) -> Website:
    """Raises Forbidden, Invalid (name, origins, brand), NotFound (the hub's own)."""
    require_owner(actor)
    name, origins = _checked(new)
    if website is None:
        website = Website()
    elif website.site_key == PORTAL_SITE_KEY:
        raise NotFound
    website.name, website.origins, website.is_active = name, origins, new.is_active
    website.brand_id = new.brand_id
    website.save()
    audit.record(actor, "websites.saved", target_kind="website", target_id=website.pk)
    return website


@transaction.atomic
def renew_secret(actor: Person, website: Website) -> None:
    """The old one opens nothing any more: users of the site are visitors until it signs with the new one."""
    require_owner(actor)
    if website.site_key == PORTAL_SITE_KEY:
        raise NotFound
    website.secret = new_secret()
    website.save(update_fields=["secret"])
    audit.record(actor, "websites.secret_renewed", target_kind="website", target_id=website.pk)


def _checked(new: WebsiteIn) -> tuple[str, list[str]]:
    wrong: dict[str, str] = {}
    name = " ".join(new.name.split())
    if not 1 <= len(name) <= 120:
        wrong["name"] = _("Please fill in a name.")
    origins = _origins(new.origins, wrong)
    if new.brand_id is not None and not BrandRow.objects.filter(pk=new.brand_id, current__isnull=False).exists():
        wrong["brand"] = _("There is no such brand.")
    if wrong:
        raise Invalid(fields=wrong)
    return name, origins


def _origins(typed: Sequence[str], wrong: dict[str, str]) -> list[str]:
    origins: list[str] = []
    for text in typed:
        origin = plain_origin(text)
        if origin is None:
            wrong["origins"] = _("“%(text)s” is no address; one looks like https://shop.example.") % {"text": text[:60]}
        elif origin not in origins:
            origins.append(origin)
    if not origins and "origins" not in wrong:
        wrong["origins"] = _("Please fill in at least one address.")
    if len(origins) > ORIGINS_MAX:
        wrong["origins"] = _("There can be %(most)s addresses at most.") % {"most": formats.number(ORIGINS_MAX)}
    return origins


def plain_origin(text: str) -> str | None:
    """As a browser sends it: scheme and host, and a port that is not the usual one. None when it is none."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        return None
    host = plain_host(parts.hostname or "")
    plain = host in ("localhost", "127.0.0.1") or settings.DEMO
    if host is None or parts.scheme not in ("https", "http") or (parts.scheme == "http" and not plain):
        return None
    if parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
        return None
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")
