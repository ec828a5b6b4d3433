"""Articles as staff look after them (K1): the list with states and figures, one article's languages and versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from tickets.knowledge import finding
from tickets.models import Article, ArticleCategory, ArticleDay, ArticleOpinion, ArticleText, ArticleVersion

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE: Final = 50
COMMENTS_SHOWN: Final = 20
STATES: Final = ("published", "changed", "draft")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the list; what is empty narrows nothing."""

    typed: str = ""
    category: int | None = None
    kind: str = ""
    audience: str = ""
    state: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One article in the list. `languages`: code to whether readers get it; a draft alone is False."""

    article: Article
    title: str
    language: str
    languages: Mapping[str, bool]
    has_draft: bool
    helpful: int
    unhelpful: int
    avoided: int


def lines(person: Person, wanted: Wanted, language: str) -> tuple[list[Line], bool]:
    """A page of them, and whether there are more. The newest first; what is looked for, the best first."""
    drafts = ArticleVersion.objects.filter(article=OuterRef("pk"), published_at=None)
    seen = Article.objects.visible_to(person).annotate(has_draft=Exists(drafts)).select_related("category")
    rows = _narrowed(seen, wanted)
    if wanted.typed:
        ids = _looked_for(person, wanted.typed, language)
        found = sorted(rows.filter(pk__in=ids), key=lambda row: ids.index(row.pk))
        return _lines(found, language), False
    if wanted.before is not None:
        last = Article.objects.filter(pk=wanted.before).values_list("updated_at", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(updated_at__lt=last) | Q(updated_at=last, pk__lt=wanted.before))
    found = list(rows.order_by("-updated_at", "-pk")[: PAGE + 1])
    return _lines(found[:PAGE], language), len(found) > PAGE


def _narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    if wanted.category is not None:
        rows = rows.filter(category=wanted.category)
    if wanted.kind in Article.Kind.values:
        rows = rows.filter(kind=wanted.kind)
    if wanted.audience in Article.Audience.values:
        rows = rows.filter(audience=wanted.audience)
    if wanted.state == "published":
        rows = rows.filter(is_published=True)
    elif wanted.state == "changed":
        rows = rows.filter(is_published=True, has_draft=True)
    elif wanted.state == "draft":
        rows = rows.filter(is_published=False)
    return rows


def _looked_for(person: Person, typed: str, language: str) -> list[int]:
    """What readers would find, however it is typed; and what nobody reads yet by a part of its title."""
    found = [one.article_id for one in finding.search(person, typed, language)]
    by_title = ArticleVersion.objects.filter(title__icontains=typed).order_by("-article")
    return list(dict.fromkeys([*found, *by_title.values_list("article", flat=True)[:PAGE]]))[:PAGE]


def _lines(rows: Sequence[Article], language: str) -> list[Line]:
    """Four statements, however many articles."""
    ids = [row.pk for row in rows]
    texts: dict[int, dict[str, str]] = {pk: {} for pk in ids}
    for pk, code, title in ArticleText.objects.filter(article__in=ids).values_list("article", "language", "title"):
        texts[pk][code] = title
    drafts: dict[int, dict[str, str]] = {pk: {} for pk in ids}
    written = ArticleVersion.objects.filter(article__in=ids).order_by("number")
    for pk, code, title in written.values_list("article", "language", "title"):
        drafts[pk][code] = title
    figures = ArticleDay.objects.filter(article__in=ids).values("article")
    counted = figures.annotate(helpful=Sum("helpful"), unhelpful=Sum("unhelpful"), avoided=Sum("avoided"))
    counts: dict[int, Mapping[str, Any]] = {one["article"]: one for one in counted}
    return [_line(row, texts[row.pk], drafts[row.pk], counts.get(row.pk, {}), language) for row in rows]


def _line(
    row: Article, texts: Mapping[str, str], drafts: Mapping[str, str], counts: Mapping[str, Any], language: str
) -> Line:
    titles = {**drafts, **texts}
    shown = language if language in titles else next(iter(titles), "")
    order = [code for code, _name in settings.LANGUAGES if code in titles]
    return Line(
        article=row,
        title=titles.get(shown, ""),
        language=shown,
        languages={code: code in texts for code in order},
        has_draft=bool(getattr(row, "has_draft", False)),
        helpful=counts.get("helpful") or 0,
        unhelpful=counts.get("unhelpful") or 0,
        avoided=counts.get("avoided") or 0,
    )


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of an article: '', draft, published, or changed (published, with a draft that is newer)."""

    code: str
    name: str
    state: str


def tongues(article: Article | None) -> list[Tongue]:
    published: set[str] = set()
    drafts: set[str] = set()
    if article is not None:
        published = set(article.texts.values_list("language", flat=True))
        drafts = set(article.versions.filter(published_at=None).values_list("language", flat=True))
        if not article.is_published:
            drafts |= set(article.versions.values_list("language", flat=True))
    states = {(True, True): "changed", (True, False): "published", (False, True): "draft", (False, False): ""}
    return [Tongue(code, str(name), states[code in published, code in drafts]) for code, name in settings.LANGUAGES]


def newest(article: Article, language: str) -> ArticleVersion | None:
    """What a writer goes on from."""
    return article.versions.filter(language=language).order_by("-number").first()


def versions(article: Article, language: str) -> list[ArticleVersion]:
    return list(article.versions.filter(language=language).select_related("author").order_by("-number")[:100])


def figures(article: Article) -> dict[str, int]:
    counts = article.days.aggregate(helpful=Sum("helpful"), unhelpful=Sum("unhelpful"), avoided=Sum("avoided"))
    return {name: count or 0 for name, count in counts.items()}


def comments(article: Article) -> list[tuple[bool, str, datetime]]:
    """What readers wrote, the newest first; who they are is not needed to write better."""
    said = ArticleOpinion.objects.filter(article=article).exclude(comment="").order_by("-at")
    return list(said.values_list("helpful", "comment", "at")[:COMMENTS_SHOWN])


def name_of(category: ArticleCategory, language: str) -> str:
    names: Mapping[str, str] = category.names
    return names.get(language) or next(iter(names.values()), "")


def categories(language: str) -> list[tuple[int, str]]:
    return [(row.pk, name_of(row, language)) for row in ArticleCategory.objects.order_by("position", "pk")]
