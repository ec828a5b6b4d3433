"""`/robots.txt` and `/sitemap.xml`: what search engines may read, and where the public help pages are (K1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tickets.models import Article, ArticleText

ADDRESSES_MAX: Final = 50_000  # of the protocol: https://www.sitemaps.org/protocol.html
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The help pages and the front door; everything else is somebody's own, or a form."""
    lines = (
        "User-agent: *",
        "Allow: /$",
        "Allow: /help/articles/",
        "Disallow: /",
        "",
        f"Sitemap: {_at('sitemap')}",
        "",
    )
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Each language of what everybody may read, with the others beside it."""
    public = Article.objects.filter(is_published=True, audience=Article.Audience.PUBLIC)
    texts = ArticleText.objects.filter(article__in=public.values("pk")).order_by("-article", "language")
    rows = texts.values_list("article", "language", "article__updated_at")[:ADDRESSES_MAX]
    drawn = [HEAD, f"<url><loc>{escape(_at('help-articles'))}</loc></url>\n"]
    for number, group in groupby(rows, key=lambda row: row[0]):
        of_one = list(group)
        changed_on = of_one[0][2].date().isoformat()
        drawn.extend(_addresses(number, [language for _number, language, _changed in of_one], changed_on))
    drawn.append("</urlset>\n")
    return _kept(HttpResponse("".join(drawn), content_type="application/xml; charset=utf-8"))


def _addresses(number: int, languages: list[str], changed_on: str) -> Iterator[str]:
    places = {one: escape(_at("help-article-in", number, one)) for one in languages}
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href="{place}"/>' for language, place in places.items()
    )
    for place in places.values():
        yield f"<url><loc>{place}</loc><lastmod>{changed_on}</lastmod>{others}</url>\n"


def _at(name: str, *args: object) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def _kept(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
