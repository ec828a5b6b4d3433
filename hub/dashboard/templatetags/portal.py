"""What the portal's templates need: the frame around the page, fonts that are there at once, fields of forms."""

from __future__ import annotations

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

from hub.base.brand import brand_in_use
from hub.dashboard.fields import draw_options
from hub.dashboard.portal.frame import Frame, frame_for
from hub.dashboard.portal.help_page import Contacts, read_contacts
from hub.dashboard.templatetags import admin_pages

register = template.Library()
# The same fields and refusals as in the admin: {% field form "name" "Label" %}, {% form_errors form %}.
register.tags["field"] = admin_pages.register.tags["field"]
register.tags["form_errors"] = admin_pages.register.tags["form_errors"]
register.tags["avatar"] = admin_pages.register.tags["avatar"]
register.simple_tag(draw_options, name="options")  # {% options people.items said.who %}: of a select with hundreds

ATKINSON = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next"
LATIN = f"{ATKINSON}-latin-wght-normal.woff2"
LATIN_EXT = f"{ATKINSON}-latin-ext-wght-normal.woff2"
ARABIC = "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2"
# What a page in the language surely shows; others load when a letter asks for them.
FONTS = {"fa": (ARABIC, LATIN), "hr": (LATIN, LATIN_EXT)}


@register.simple_tag(takes_context=True)
def portal_frame(context: Context) -> Frame:
    request = context["request"]
    return frame_for(request, request.person)


@register.simple_tag
def layout_of_guests() -> str:
    """Of pages on which nobody is signed in."""
    return brand_in_use().layout


@register.simple_tag
def contacts() -> Contacts:
    """Whom to call or write to, for who cannot get in."""
    return read_contacts()


@register.simple_tag
def font_preloads() -> SafeString:
    """The fonts of the page's language, asked for before the style sheet that names them was read."""
    language = (translation.get_language() or "en").split("-")[0]
    urls = [url for font in FONTS.get(language, (LATIN,)) if (url := _built_url(font))]
    return format_html_join(
        "", '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>', ((url,) for url in urls)
    )


def _built_url(module: str) -> str:
    """'' where the front end was not built (tests)."""
    try:
        url: str = DjangoViteAssetLoader.instance().generate_vite_asset_url(f"node_modules/{module}", "default")
    except DjangoViteAssetNotFoundError:
        return ""
    return url if url.startswith(("/", "http")) else static(url)
