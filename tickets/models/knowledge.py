"""Knowledge: articles in several languages, their versions, what readers thought (K1, K2; docs/how/knowledge.md).

What must stay true:
- `html` was cleaned before it was written (X3)
- a version is never changed once it was published; `ArticleText` is the one that readers get now, one per language
- the same `key`, a digest of its writer and their form, is the same article
- an article without a text is read by staff alone; one for staff is never anybody else's
- `head` and `body` are made of what the text says, and the vocabulary counts in how many texts each word stands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from hub.accounts.public import Person


class ArticleCategory(models.Model):
    """`names`: language to name; the first is for readers of other languages."""

    names = models.JSONField()
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0)


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, person: Person | None) -> ArticleQuerySet:
        """Nobody is a visitor. Look-ups from outside start here."""
        from tickets.knowledge.readers import visible_articles

        return visible_articles(self, person)


class Article(models.Model):
    class Kind(models.TextChoices):
        ARTICLE = "article"
        RELEASE_NOTES = "release_notes"
        REQUIREMENTS = "requirements"  # what a system must have

    class Audience(models.TextChoices):
        PUBLIC = "public"
        CUSTOMERS = "customers"
        STAFF = "staff"

    lock_rank: ClassVar[int] = 260  # before the files that become its pictures

    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.ARTICLE)
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    category = models.ForeignKey(ArticleCategory, models.SET_NULL, null=True, blank=True, related_name="articles")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    is_published = models.BooleanField(default=False)  # it has a text
    key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - null: unique where there is one

    objects = ArticleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("updated_at").desc(), F("id").desc(), name="tickets_article_listed")]


class ArticleVersion(models.Model):
    """As it was written. The newest of a language that is not published is its draft."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    keywords = models.CharField(max_length=300, blank=True, default="")  # what else people call it
    html = models.TextField()
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("article", "language", "number", name="tickets_articleversion_once")]


class ArticleText(models.Model):
    """What readers of one language get, and by what it is found."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    keywords = models.CharField(max_length=300, blank=True, default="")
    html = models.TextField()
    text = models.TextField()
    published_at = models.DateTimeField()
    head = SearchVectorField(null=True)
    body = SearchVectorField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("article", "language", name="tickets_articletext_once")]
        indexes = [
            GinIndex(fields=["head"], name="tickets_articletext_head", fastupdate=False),
            GinIndex(fields=["body"], name="tickets_articletext_body", fastupdate=False),
        ]


class KnownWord(models.Model):
    """A word of the texts, folded, and in how many it stands. The empty word counts the texts themselves."""

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")
    documents = models.IntegerField()

    class Meta:
        indexes = [GinIndex(OpClass(F("word"), "gin_trgm_ops"), name="tickets_knownword_like")]


class ArticleDay(models.Model):
    """What became of an article on one day (UTC). `avoided`: tickets that were not made because of it (K2)."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="days")
    day = models.DateField()
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)
    avoided = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("article", "day", name="tickets_articleday_once")]


class ArticleOpinion(models.Model):
    """What somebody with an account thought; the last word counts."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="opinions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    helpful = models.BooleanField()
    comment = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("article", "user", name="tickets_articleopinion_once")]
        indexes = [models.Index("at", condition=~Q(comment=""), name="tickets_articleopinion_said")]
