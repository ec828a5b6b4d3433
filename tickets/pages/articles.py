"""`/help/articles/…`: the help pages, for everybody (K1), and what may answer a question while it is typed (K2)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.public import customer_page, find_person
from hub.base.addresses import client_address
from hub.base.errors import DomainError
from hub.base.filters import number_of
from hub.site.public import said_by
from tickets.knowledge import finding, opinions
from tickets.models import Article, ArticleCategory, ArticleOpinion, ArticleText

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE: Final = 30
SUGGESTED: Final = 4
TYPED_CHARACTERS_MAX: Final = 200
KINDS: Final = ("article", "release_notes", "requirements")
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list, in the reader's language where there is one."""

    article_id: int
    language: str
    title: str
    summary: str
    kind: str
    published_at: datetime


def help_page(view: View) -> View:
    """For everybody: inside the portal for its customers, else with a frame of its own."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = find_person(request)
        request.person = person  # type: ignore[attr-defined]
        request.shell = "tickets/public_base.html"  # type: ignore[attr-defined]
        if person is not None and person.kind == "customer":
            request.shell = "portal/base.html"  # type: ignore[attr-defined]
            return customer_page(view)(request, *args, **kwargs)
        answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer

    return opened


def _reader(request: HttpRequest) -> Person | None:
    found: Person | None = request.person  # type: ignore[attr-defined]
    return found


def _language(asked: str = "") -> str:
    return asked if asked in dict(settings.LANGUAGES) else (translation.get_language() or "en").split("-")[0]


# -- Finding ------------------------------------------------------------------------------------------------------


@require_safe
@help_page
def articles(request: HttpRequest) -> HttpResponse:
    """All that the reader may read, the newest first; with words what says something like them."""
    person, typed = _reader(request), request.GET.get("q", "").replace("\0", "").strip()[:TYPED_CHARACTERS_MAX]
    kind, category = request.GET.get("kind", ""), number_of(request.GET.get("category"))
    kind = kind if kind in KINDS else ""
    older = None
    if typed:
        rows = [_listed(one) for one in finding.search(person, typed, _language(), limit=PAGE)]
    else:
        rows, older = _page(person, kind, category, number_of(request.GET.get("after")))
    values = {
        "rows": rows,
        "typed": typed,
        "kind": kind,
        "category": category,
        "categories": _categories(person),
        "older": older,
        "newest": "after" in request.GET,
        "query": urlencode({name: value for name, value in (("kind", kind), ("category", category)) if value}),
        "canonical": f"{settings.PUBLIC_URL}{reverse('help-articles')}",
    }
    return render(request, "tickets/articles.html", values)


def _page(person: Person | None, kind: str, category: int | None, after: int | None) -> tuple[list[Listed], int | None]:
    """A page, and the article after which the next one begins."""
    chosen = Q(is_published=True)
    if kind:
        chosen &= Q(kind=kind)
    if category is not None:
        chosen &= Q(category=category)
    seen = Article.objects.visible_to(person)
    if after is not None and (last := seen.filter(pk=after).values_list("updated_at", "pk").first()) is not None:
        chosen &= Q(updated_at__lt=last[0]) | Q(updated_at=last[0], pk__lt=last[1])
    rows = list(seen.filter(chosen).order_by("-updated_at", "-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    return _in_words(shown), shown[-1].pk if len(rows) > PAGE else None


def _in_words(rows: Sequence[Article]) -> list[Listed]:
    texts: dict[int, list[ArticleText]] = {}
    for text in ArticleText.objects.filter(article__in=rows).defer("head", "body", "html").order_by("version_id"):
        texts.setdefault(text.article_id, []).append(text)
    found = []
    for row in rows:
        shown = preferred(texts.get(row.pk, []), _language())
        if shown is not None:
            summary = finding.in_short(shown.text)
            found.append(Listed(row.pk, shown.language, shown.title, summary, row.kind, shown.published_at))
    return found


def _listed(one: finding.Found) -> Listed:
    return Listed(one.article_id, one.language, one.title, one.summary, one.kind, one.published_at)


def _categories(person: Person | None) -> list[tuple[int, str]]:
    """Those in which there is something to read."""
    used = Article.objects.visible_to(person).filter(is_published=True, category__isnull=False)
    rows = ArticleCategory.objects.filter(pk__in=used.values("category")).order_by("position", "pk")
    return [(row.pk, row.names.get(_language()) or next(iter(row.names.values()))) for row in rows]


def preferred(texts: Sequence[ArticleText], language: str) -> ArticleText | None:
    """In the reader's language, else in the one that was published first."""
    return next((text for text in texts if text.language == language), texts[0] if texts else None)


# -- Reading ------------------------------------------------------------------------------------------------------


@require_safe
@help_page
def article(request: HttpRequest, article_id: int, language: str = "") -> HttpResponse:
    row, texts, shown = _read(request, article_id, language)
    person = _reader(request)
    mine = None
    if person is not None and person.user_id is not None:
        mine = ArticleOpinion.objects.filter(article=row, user=person.user_id).first()
    values = {
        "article": row,
        "text": shown,
        "html": _html(shown),
        "others": [(text.language, dict(settings.LANGUAGES)[text.language], _address(row, text)) for text in texts],
        "canonical": _address(row, shown),
        "default": _address(row, texts[0]),
        "description": " ".join(shown.text[:160].split()),
        "opinion": mine,
        "may_comment": person is not None and person.kind == "customer",
    }
    return render(request, "tickets/article.html", values)


@require_safe
@help_page
def inside(request: HttpRequest, article_id: int) -> HttpResponse:
    """The article alone, for who reads it beside what they are writing (K2)."""
    row, _texts, shown = _read(request, article_id, "")
    return render(request, "tickets/inside.html", {"article": row, "text": shown, "html": _html(shown)})


@require_safe
@help_page
def suggestions(request: HttpRequest) -> HttpResponse:
    """What may answer what is being typed: a part of a page (K2)."""
    typed = request.GET.get("q", "").replace("\0", "")[:TYPED_CHARACTERS_MAX]
    found = finding.suggest(_reader(request), typed, _language(), limit=SUGGESTED)
    return render(request, "tickets/suggestions.html", {"rows": [_listed(one) for one in found]})


def _read(request: HttpRequest, article_id: int, language: str) -> tuple[Article, list[ArticleText], ArticleText]:
    """Raises Http404, also for what one may not read, and for a language that there is not."""
    row = Article.objects.visible_to(_reader(request)).filter(pk=article_id).first()
    texts = list(row.texts.defer("head", "body").order_by("version_id")) if row is not None else []
    shown = preferred(texts, language or _language())
    if row is None or shown is None or (language and shown.language != language):
        raise Http404
    return row, texts, shown


def _html(text: ArticleText) -> SafeString:
    return mark_safe(text.html)  # noqa: S308 - cleaned before it was written (X3)


def _address(row: Article, text: ArticleText) -> str:
    return f"{settings.PUBLIC_URL}{reverse('help-article-in', args=[row.pk, text.language])}"


# -- What readers thought -----------------------------------------------------------------------------------------


@require_POST
@help_page
def opinion(request: HttpRequest, article_id: int) -> HttpResponse:
    """Helpful or not; words of who is signed in become a ticket, if they want (K1)."""
    row, _texts, _shown = _read(request, article_id, "")
    comment = request.POST.get("comment", "").replace("\0", "")
    try:
        helpful = request.POST.get("helpful") == "yes"
        opinions.say(_reader(request), client_address(request.META), row, helpful=helpful, comment=comment)
    except DomainError as refusal:
        messages.error(request, said_by(refusal))
        return HttpResponseRedirect(reverse("help-article", args=[row.pk]))
    if request.POST.get("ticket") and comment.strip():
        return HttpResponseRedirect(f"{reverse('ticket-new')}?{urlencode({'article': row.pk})}")
    messages.success(request, _("Thank you. It helps us to write better."))
    return HttpResponseRedirect(reverse("help-article", args=[row.pk]))


@require_POST
@help_page
def avoided(request: HttpRequest, article_id: int) -> HttpResponse:
    """It answered what was about to be asked: no ticket is made (K2)."""
    row, _texts, _shown = _read(request, article_id, "")
    opinions.note_avoided(_reader(request), client_address(request.META), row)
    messages.success(request, _("Good that it is solved. No ticket was made."))
    person = _reader(request)
    is_customer = person is not None and person.kind == "customer"
    return HttpResponseRedirect(reverse("tickets-page") if is_customer else reverse("help-article", args=[row.pk]))
