"""What every page's frame needs: in which language it is, and which others there are."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

SOURCE_LANGUAGE = "en"


@cache
def shown_languages() -> dict[str, str]:
    """The languages that have a catalog: adding a language is adding one folder (U1)."""
    with_catalog = {path.parent.parent.name for folder in settings.LOCALE_PATHS for path in _catalogs(Path(folder))}
    return {code: name for code, name in settings.LANGUAGES if code == SOURCE_LANGUAGE or code in with_catalog}


def _catalogs(folder: Path) -> list[Path]:
    return list(folder.glob("*/LC_MESSAGES/django.po"))


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. A language without a catalog is read in English, and the page says so to the browser."""
    wanted = (translation.get_language() or SOURCE_LANGUAGE).split("-")[0]
    language = wanted if wanted in shown_languages() else SOURCE_LANGUAGE
    return {
        "page_language": language,
        "page_direction": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        "page_languages": shown_languages(),
        "page_path": request.get_full_path() if request.method == "GET" else request.path,
    }
