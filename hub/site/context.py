"""What every page's frame needs: whose it is, in which language, and which others there are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from hub.base.brand import brand_in_use
from hub.site.languages import SOURCE_LANGUAGE, shown_languages
from hub.site.layouts import layout_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. `brand` and `page_layout` are looked up when a template asks for them."""
    language = (translation.get_language() or SOURCE_LANGUAGE).split("-")[0]
    return {
        "brand": SimpleLazyObject(brand_in_use),
        "page_layout": SimpleLazyObject(lambda: layout_of(getattr(request, "person", None), brand_in_use())),
        "page_language": language,
        "page_language_name": shown_languages().get(language, language),
        "page_direction": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        "page_languages": shown_languages(brand_in_use()),
        "page_path": request.get_full_path() if request.method == "GET" else request.path,
    }
