"""Which languages the hub speaks: English, in which it is written, and every one that has a catalog (U1)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

SOURCE_LANGUAGE = "en"


@cache
def shown_languages() -> dict[str, str]:
    """Code and name. Adding a language is adding one folder."""
    with_catalog = {path.parts[-3] for folder in settings.LOCALE_PATHS for path in _catalogs(Path(folder))}
    return {code: name for code, name in settings.LANGUAGES if code == SOURCE_LANGUAGE or code in with_catalog}


def _catalogs(folder: Path) -> list[Path]:
    return list(folder.glob("*/LC_MESSAGES/django.po"))


class ShownLanguageMiddleware(LocaleMiddleware):
    """Django has catalogs of its own for more languages than we; half a page in each helps nobody."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.LANGUAGE_CODE.split("-")[0] not in shown_languages():
            translation.activate(SOURCE_LANGUAGE)
            request.LANGUAGE_CODE = SOURCE_LANGUAGE
