"""What templates need of the built front end."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

register = template.Library()

STYLE_SHEET = re.compile(r'<link\s[^>]*rel="stylesheet"[^>]*>')


@register.simple_tag
def built(entry: str, app: str = "default") -> SafeString:
    """The script and style tags of an entry of one of DJANGO_VITE's builds; nothing where it was not built (tests)."""
    try:
        tags: str = DjangoViteAssetLoader.instance().generate_vite_asset(entry, app)
    except DjangoViteAssetNotFoundError:
        return mark_safe("")
    return mark_safe(_own_styles_last(tags))  # noqa: S308 - made by django-vite from our own manifest


def _own_styles_last(tags: str) -> str:
    """The manifest names an entry's own sheet first, then what it builds upon: the cascade needs the reverse."""
    sheets = STYLE_SHEET.findall(tags)
    return "".join(reversed(sheets)) + STYLE_SHEET.sub("", tags).strip()
