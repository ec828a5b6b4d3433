"""`/api/v1/articles/`: help pages for everybody, their writing for staff, suggestions while somebody types (K1, K2)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, StaffApiView
from hub.base.addresses import client_address
from hub.base.api.paging import page
from hub.base.api.parsing import Said, said_in
from hub.base.errors import BadFrame, Forbidden, NotFound
from tickets.knowledge import finding, opinions, writing
from tickets.models import Article, ArticleCategory, ArticleText, ArticleVersion

Fields = dict[str, object]
NUMBER_MAX = 2**62
SUGGESTED_MAX = 10


class ArticleTextIn(serializers.Serializer[Fields]):
    title = serializers.CharField(max_length=writing.TITLE_CHARACTERS_MAX)
    html = serializers.CharField(max_length=200_000, help_text="Cleaned by an allow-list; pictures are own uploads")
    keywords = serializers.CharField(
        max_length=writing.KEYWORDS_CHARACTERS_MAX, required=False, default="", allow_blank=True
    )


class ArticleIn(serializers.Serializer[Fields]):
    """What is left out stays as it is. Texts become drafts; with `state` published readers get them."""

    texts = serializers.DictField(child=ArticleTextIn(), required=False, default=dict, help_text="By language")
    kind = serializers.ChoiceField(choices=Article.Kind.choices, required=False, default=None)
    audience = serializers.ChoiceField(choices=Article.Audience.choices, required=False, default=None)
    category = serializers.IntegerField(min_value=1, max_value=NUMBER_MAX, required=False, default=None)
    state = serializers.ChoiceField(choices=["published", "withdrawn"], required=False, default=None)


class ArticleOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    kind = serializers.CharField()
    audience = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    published = serializers.BooleanField()
    languages = serializers.ListField(child=serializers.CharField(), help_text="In which it can be read")
    language = serializers.CharField(required=False, help_text="Of the words below")
    title = serializers.CharField(required=False)
    html = serializers.CharField(required=False, help_text="In a single article")
    summary = serializers.CharField(required=False, help_text="In a list")
    updated_at = serializers.DateTimeField()
    drafts = serializers.ListField(child=serializers.CharField(), required=False, help_text="Languages; for staff")
    counts = serializers.DictField(required=False, help_text="helpful, unhelpful, avoided; for staff")


class FoundOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    kind = serializers.CharField()
    language = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()


class VersionOut(serializers.Serializer[Fields]):
    language = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    keywords = serializers.CharField()
    html = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    written_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)


class FeedbackIn(serializers.Serializer[Fields]):
    helpful = serializers.BooleanField()
    comment = serializers.CharField(
        max_length=opinions.COMMENT_CHARACTERS_MAX, required=False, default="", allow_blank=True
    )


class CategoryIn(serializers.Serializer[Fields]):
    names = serializers.DictField(child=serializers.CharField(max_length=80), help_text="By language")
    position = serializers.IntegerField(min_value=0, max_value=32_000, required=False, default=0)


class CategoryOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()
    names = serializers.DictField()
    position = serializers.IntegerField()


LANGUAGE = OpenApiParameter("language", str, description="Preferred; else the reader's")
TYPED = OpenApiParameter("q", str, description="What was typed; forgives typos")


class Articles(ApiView):
    scope = "knowledge"
    public = True

    @extend_schema(
        parameters=[TYPED, LANGUAGE, OpenApiParameter("category", int), OpenApiParameter("kind", str)],
        responses=ArticleOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """What the reader may read, the newest first; with `q` what says something like it, the best first."""
        language = _language(request)
        if typed := request.query_params.get("q", ""):
            found = finding.search(self.find_person, typed, language)
            return Response({"results": [_found(one) for one in found], "next": None})
        rows = _filtered(Article.objects.visible_to(self.find_person), request)
        order = ("-updated_at", "-id")
        return Response(page(request, rows, order=order, render=lambda shown: _listed(shown, language)))

    @extend_schema(request=ArticleIn, responses={201: ArticleOut})
    def post(self, request: Request) -> Response:
        """Write one. For staff; a manager or the hub owner publishes."""
        if not self.person.is_staff:
            raise Forbidden
        row = _save(self, None, said_in(ArticleIn, request))
        return Response(_described(row, _language(request), staff=True), status=201)


class Suggestions(ApiView):
    public = True

    @extend_schema(parameters=[TYPED, LANGUAGE, OpenApiParameter("limit", int)], responses=FoundOut(many=True))
    def get(self, request: Request) -> Response:
        """While a subject is typed: what may answer it (K2)."""
        limit = _limit(request)
        typed = request.query_params.get("q", "")
        found = finding.suggest(self.find_person, typed, _language(request), limit=limit)
        return Response({"results": [_found(one) for one in found], "next": None})


class OneArticle(ApiView):
    scope = "knowledge"
    public = True

    @extend_schema(parameters=[LANGUAGE], responses=ArticleOut)
    def get(self, request: Request, article_id: int) -> Response:
        """In the reader's language, else in the one that was published first."""
        staff = self.find_person is not None and self.find_person.is_staff
        return Response(_described(_visible(self, article_id), _language(request), staff=staff))

    @extend_schema(request=ArticleIn, responses=ArticleOut)
    def patch(self, request: Request, article_id: int) -> Response:
        """Other words, as drafts, or another state. For staff."""
        person = self.person
        row = _visible(self, article_id)
        if not person.is_staff:
            raise Forbidden
        saved = _save(self, row.pk, said_in(ArticleIn, request))
        return Response(_described(saved, _language(request), staff=True))


class Versions(StaffApiView):
    scope = "knowledge"

    @extend_schema(responses=VersionOut(many=True))
    def get(self, request: Request, article_id: int) -> Response:
        """All that was ever written of it, the newest first; it is few: one page."""
        rows = _visible(self, article_id).versions.order_by("language", "-number")[:500]
        return Response({"results": [_version(row) for row in rows], "next": None})


class Feedback(ApiView):
    public = True

    @extend_schema(request=FeedbackIn, responses={204: None})
    def post(self, request: Request, article_id: int) -> Response:
        """Helpful or not. Words only of somebody with an account."""
        row = _visible(self, article_id)
        said = said_in(FeedbackIn, request)
        address = client_address(request.META)
        opinions.say(self.find_person, address, row, helpful=said["helpful"], comment=said["comment"])
        return Response(status=204)


class Avoided(ApiView):
    public = True

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, article_id: int) -> Response:
        """It answered what was about to be asked: no ticket was made (K2)."""
        opinions.note_avoided(self.find_person, client_address(request.META), _visible(self, article_id))
        return Response(status=204)


class Categories(ApiView):
    scope = "knowledge"
    public = True

    @extend_schema(parameters=[LANGUAGE], responses=CategoryOut(many=True))
    def get(self, request: Request) -> Response:
        """All of them, in their order; it is few: one page."""
        rows = ArticleCategory.objects.order_by("position", "pk")[:500]
        return Response({"results": [_category(row, _language(request)) for row in rows], "next": None})

    @extend_schema(request=CategoryIn, responses={201: CategoryOut})
    def post(self, request: Request) -> Response:
        """For managers and the hub owner."""
        person = self.person
        said = said_in(CategoryIn, request)
        row = writing.save_category(person, None, said["names"], position=said["position"])
        return Response(_category(row, _language(request)), status=201)


class OneCategory(ApiView):
    scope = "knowledge"
    public = True

    @extend_schema(parameters=[LANGUAGE], responses=CategoryOut)
    def get(self, request: Request, category_id: int) -> Response:
        return Response(_category(_category_of(category_id), _language(request)))

    @extend_schema(request=CategoryIn, responses=CategoryOut)
    def put(self, request: Request, category_id: int) -> Response:
        """For managers and the hub owner."""
        person = self.person
        _category_of(category_id)
        said = said_in(CategoryIn, request)
        row = writing.save_category(person, category_id, said["names"], position=said["position"])
        return Response(_category(row, _language(request)))


def _visible(view: ApiView, article_id: int) -> Article:
    found = Article.objects.visible_to(view.find_person).filter(pk=article_id).first()
    if found is None:
        raise NotFound
    return found


def _category_of(category_id: int) -> ArticleCategory:
    found = ArticleCategory.objects.filter(pk=category_id).first()
    if found is None:
        raise NotFound
    return found


def _save(view: ApiView, article_id: int | None, said: Said) -> Article:
    new = writing.ArticleIn(
        texts={language: writing.TextIn(**text) for language, text in said["texts"].items()},
        kind=said["kind"],
        audience=said["audience"],
        category_id=said["category"],
    )
    row = writing.save_article(view.person, article_id, new)
    if said["state"] == "published":
        return writing.publish(view.person, row.pk)
    if said["state"] == "withdrawn":
        return writing.withdraw(view.person, row.pk)
    return row


def _language(request: Request) -> str:
    asked = request.query_params.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else (translation.get_language() or "en").split("-")[0]


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "5")
    if not text.isascii() or not text.isdecimal() or len(text) > 3 or not 1 <= int(text) <= SUGGESTED_MAX:
        raise BadFrame(field="limit")
    return int(text)


def _filtered(rows: Any, request: Request) -> Any:
    category, kind = request.query_params.get("category", ""), request.query_params.get("kind", "")
    if category:
        if not category.isascii() or not category.isdecimal() or len(category) > 18:
            raise BadFrame(field="category")
        rows = rows.filter(category=int(category))
    return rows.filter(kind=kind) if kind in Article.Kind.values else rows


def _found(one: finding.Found) -> Fields:
    return {
        "id": str(one.article_id),
        "kind": one.kind,
        "language": one.language,
        "title": one.title,
        "summary": one.summary,
    }


def _listed(rows: list[Article], language: str) -> list[Fields]:
    texts: dict[int, list[ArticleText]] = {}
    found = ArticleText.objects.filter(article__in=rows).defer("head", "body", "html")
    for text in found.order_by("version_id"):
        texts.setdefault(text.article_id, []).append(text)
    return [_listed_one(row, texts.get(row.pk, []), language) for row in rows]


def _listed_one(row: Article, texts: list[ArticleText], language: str) -> Fields:
    shown = _preferred(texts, language)
    words: Fields = {}
    if shown is not None:
        words = {"language": shown.language, "title": shown.title, "summary": finding.in_short(shown.text)}
    return _plain(row, texts) | words


def _described(row: Article, language: str, *, staff: bool) -> Fields:
    texts = list(row.texts.defer("head", "body").order_by("version_id"))
    fields = _plain(row, texts)
    shown = _preferred(texts, language)
    if shown is not None:
        fields |= {"language": shown.language, "title": shown.title, "html": shown.html}
    if staff:
        drafts = row.versions.filter(published_at=None).order_by("language").values_list("language", flat=True)
        counts = row.days.aggregate(helpful=Sum("helpful"), unhelpful=Sum("unhelpful"), avoided=Sum("avoided"))
        fields |= {"drafts": list(drafts), "counts": {name: count or 0 for name, count in counts.items()}}
    return fields


def _plain(row: Article, texts: list[ArticleText]) -> Fields:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "audience": row.audience,
        "category": str(row.category_id) if row.category_id else None,
        "published": row.is_published,
        "languages": [text.language for text in texts],
        "updated_at": row.updated_at,
    }


def _preferred(texts: list[ArticleText], language: str) -> ArticleText | None:
    return next((text for text in texts if text.language == language), texts[0] if texts else None)


def _version(row: ArticleVersion) -> Fields:
    names = ("language", "number", "title", "keywords", "html", "written_at", "published_at")
    return {name: getattr(row, name) for name in names} | {"author": str(row.author_id) if row.author_id else None}


def _category(row: ArticleCategory, language: str) -> Fields:
    names: dict[str, str] = row.names
    name = names.get(language) or next(iter(names.values()))
    return {"id": str(row.pk), "name": name, "names": names, "position": row.position}
