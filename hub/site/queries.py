"""Websites by their key, and from where the widget may be used."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from hub.accounts.public import Person
from hub.base import clock
from hub.base.brand import Brand
from hub.site.errors import UnknownSite, WrongOrigin
from hub.site.models import Announcement, BrandLogo, BrandRow, Holiday, PreChatQuestion, Website

DEMO_SITE = "Demo shop"


def find_website(site_key: str) -> Website | None:
    if not 0 < len(site_key) <= 32 or "\0" in site_key:
        return None
    return Website.objects.filter(site_key=site_key, is_active=True).first()


def get_website(site_key: str) -> Website:
    found = find_website(site_key)
    if found is None:
        raise UnknownSite
    return found


def demo_website() -> Website | None:
    return Website.objects.filter(name=DEMO_SITE, is_active=True).order_by("pk").first() if settings.DEMO else None


def is_own_origin(request: HttpRequest, origin: str) -> bool:
    """The widget's frame is ours: its requests come from the hub's own address."""
    return origin in (f"{request.scheme}://{request.get_host()}", settings.PUBLIC_URL)


def require_origin(request: HttpRequest, website: Website) -> str | None:
    """The origin to allow by CORS; None where none is needed. Raises WrongOrigin.

    Every browser says on a POST from where it comes. Who says nothing is no browser, and has no visitor to trick.
    """
    origin = request.headers.get("Origin")
    if origin is None or is_own_origin(request, origin):
        return None
    if origin not in website.origins:
        raise WrongOrigin
    return origin


def is_known_origin(origin: str) -> bool:
    """Whether any of our websites may be at this origin."""
    return bool(origin) and Website.objects.filter(is_active=True, origins__contains=[origin]).exists()


def general_holidays() -> list[Holiday]:
    """Days of all departments, from today on."""
    return list(Holiday.objects.filter(department=None, date__gte=clock.now().date()).order_by("date"))


def holidays_of(department_id: int) -> list[Holiday]:
    """Days of this department's own, from today on."""
    return list(Holiday.objects.filter(department=department_id, date__gte=clock.now().date()).order_by("date"))


def find_holiday(person: Person, holiday_id: int) -> Holiday | None:
    """One that this person may change (P5)."""
    found = Holiday.objects.filter(pk=holiday_id).first()
    if found is None or person.is_owner:
        return found
    return found if person.is_staff and found.department_id in person.managed else None


def questions_of(department_ids: Collection[int]) -> dict[int, list[dict[str, object]]]:
    """What each department asks before a chat, in order (C14)."""
    found: dict[int, list[dict[str, object]]] = {pk: [] for pk in department_ids}
    for one in PreChatQuestion.objects.filter(department__in=found).order_by("position", "pk"):
        found[one.department_id].append(
            {
                "key": one.key,
                "label": one.label,
                "kind": one.kind,
                "choices": one.choices,
                "required": one.required,
            }
        )
    return found


# -- For the hub owner, who sees all of them -------------------------------------------------------

PORTAL_SITE = "portal"  # portal_site.py: the hub's own pages, which nobody sets up


def all_announcements() -> list[Announcement]:
    return list(Announcement.objects.prefetch_related("texts").order_by("-from_at", "-pk")[:500])


def find_announcement(announcement_id: int) -> Announcement | None:
    return Announcement.objects.filter(pk=announcement_id).prefetch_related("texts").first()


def find_logo(brand: Brand) -> bytes | None:
    """The PNG of the brand's logo (hub/site/logos.py), for what is no page and cannot load it."""
    digest = brand.logo_url.rpartition("/")[2].removesuffix(".png")
    found = BrandLogo.objects.filter(pk=digest).first() if digest else None
    return bytes(found.content) if found is not None else None


def all_brands() -> QuerySet[BrandRow]:
    return BrandRow.objects.select_related("current")


def all_websites() -> QuerySet[Website]:
    return Website.objects.exclude(site_key=PORTAL_SITE)
