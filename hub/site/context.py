"""What every page's frame needs: in which language it is, and which others there are."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from hub.site.languages import SOURCE_LANGUAGE, shown_languages


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    language = (translation.get_language() or SOURCE_LANGUAGE).split("-")[0]
    return {
        "page_language": language,
        "page_direction": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        "page_languages": shown_languages(),
        "page_path": request.get_full_path() if request.method == "GET" else request.path,
    }
