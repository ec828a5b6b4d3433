"""What templates need of the built front end."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

register = template.Library()


@register.simple_tag
def built(entry: str, app: str = "default") -> SafeString:
    """The script and style tags of an entry of one of DJANGO_VITE's builds; nothing where it was not built (tests)."""
    try:
        tags: str = DjangoViteAssetLoader.instance().generate_vite_asset(entry, app)
    except DjangoViteAssetNotFoundError:
        return mark_safe("")
    return mark_safe(tags)  # noqa: S308 - made by django-vite from our own manifest
