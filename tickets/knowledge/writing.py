"""Articles are written, published, withdrawn (K1). A draft is a version that no reader gets yet."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts.public import Invalid, audit
from hub.base import clock, formats, rich_text
from hub.base.errors import Conflict
from hub.base.locking import lock_one
from tickets.files import claims
from tickets.knowledge import indexing
from tickets.knowledge.readers import require_publisher, require_writer
from tickets.models import Article, ArticleCategory, ArticleText, ArticleVersion

if TYPE_CHECKING:
    from hub.accounts.public import Person

HOME: Final = "article"
TITLE_CHARACTERS_MAX: Final = 200
KEYWORDS_CHARACTERS_MAX: Final = 300
CATEGORIES_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class TextIn:
    title: str
    html: str
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class ArticleIn:
    """What is None stays as it is. `texts`: language to what becomes its draft."""

    texts: Mapping[str, TextIn] = field(default_factory=dict)
    kind: str | None = None
    audience: str | None = None
    category_id: int | None = None
    no_category: bool = False


@transaction.atomic
def save_article(actor: Person, article_id: int | None, new: ArticleIn, *, key: str = "") -> Article:
    """A new article, or other words for one: as drafts. Pictures in it are the actor's own uploads.

    The same `key` of the same actor is the same article: what is sent again, with other words perhaps, is its draft.
    The same words again change nothing. Raises Forbidden, Invalid (fields), TooLarge, NotFound for a picture that is
    not theirs; Conflict: somebody else went on with what this key made.
    """
    require_writer(actor)
    _require_sense(new, is_new=article_id is None)
    now = clock.now()
    row = _begin(actor, key, now) if article_id is None else lock_one(Article, article_id)
    _require_may_show(actor, row, new)
    row.kind, row.audience = new.kind or row.kind, new.audience or row.audience
    if new.category_id is not None or new.no_category:
        row.category_id = new.category_id
    row.updated_at = now
    row.save()
    for language, text in new.texts.items():
        _write_draft(actor, row, language, text, now)
    audit.record(actor, "articles.saved", target_kind="article", target_id=row.pk)
    return row


def _begin(actor: Person, key: str, now: datetime) -> Article:
    """Two at once meet at the key's index: the second waits, and finds what the first one made."""
    if not key:
        return Article(created_at=now)
    digest = hashlib.sha256(f"{actor.key} {key}".encode()).hexdigest()
    made, is_new = Article.objects.get_or_create(key=digest, defaults={"created_at": now, "updated_at": now})
    if is_new:
        return made
    row = lock_one(Article, made.pk)
    if row.versions.exclude(author=actor.user_id).exists():
        raise Conflict
    return row


def _require_may_show(actor: Person, row: Article, new: ArticleIn) -> None:
    """Who may not publish does not widen who reads what is published either."""
    if row.is_published and new.audience is not None and new.audience != row.audience:
        require_publisher(actor)


def _write_draft(actor: Person, article: Article, language: str, new: TextIn, now: datetime) -> None:
    """Over the draft that is there, else as the next version."""
    newest = article.versions.filter(language=language).order_by("-number").first()
    if newest is not None and says_the_same(newest, new):
        return
    made = rich_text.clean(new.html)
    draft = newest if newest is not None and newest.published_at is None else None
    if draft is None:
        draft = ArticleVersion(article=article, language=language, number=newest.number + 1 if newest else 1)
    draft.title, draft.keywords = _tidy_text(new.title), _tidy_text(new.keywords)
    draft.html, draft.text = made.html, made.text
    draft.author_id, draft.written_at = actor.user_id, now
    draft.save()
    _claim_pictures(actor, article, made.html)


def _tidy_text(text: str) -> str:
    return " ".join(text.split())


def says_the_same(version: ArticleVersion, new: TextIn) -> bool:
    """Whether it was saved already. Raises TooLarge."""
    now = (version.title, version.keywords, version.html)
    return now == (_tidy_text(new.title), _tidy_text(new.keywords), rich_text.clean(new.html).html)


def _claim_pictures(actor: Person, article: Article, html: str) -> None:
    shown = set(rich_text.pictures(html))
    here = {one.pk for one in claims.files_of(HOME, [article.pk]).get(article.pk, [])}
    claims.claim(actor, sorted(shown - here), kind=HOME, object_id=article.pk)


@transaction.atomic
def publish(actor: Person, article_id: int) -> Article:
    """Readers get the newest version of each language. Raises Forbidden; Conflict: there is none."""
    require_publisher(actor)
    row = lock_one(Article, article_id)
    newest = list(row.versions.order_by("language", "-number").distinct("language"))
    if not newest:
        raise Conflict
    now = clock.now()
    shown = {text.language: text for text in ArticleText.objects.filter(article=row).defer("head", "body")}
    for version in newest:
        _publish_version(row, version, shown.get(version.language), now)
    row.is_published, row.updated_at = True, now
    row.save(update_fields=["is_published", "updated_at"])
    audit.record(actor, "articles.published", target_kind="article", target_id=row.pk)
    return row


def _publish_version(article: Article, version: ArticleVersion, shown: ArticleText | None, now: datetime) -> None:
    if shown is not None and shown.version_id == version.pk:
        return
    if version.published_at is None:
        ArticleVersion.objects.filter(pk=version.pk).update(published_at=now)
    before = indexing.said_by(shown) if shown is not None else None
    said = {"title": version.title, "keywords": version.keywords, "html": version.html, "text": version.text}
    text, _made = ArticleText.objects.update_or_create(
        article=article, language=version.language, defaults={"version": version, "published_at": now, **said}
    )
    indexing.write(text, before=before)


@transaction.atomic
def withdraw(actor: Person, article_id: int) -> Article:
    """No reader gets it any more; its versions stay. Raises Forbidden."""
    require_publisher(actor)
    row = lock_one(Article, article_id)
    for text in ArticleText.objects.filter(article=row).defer("head", "body"):
        indexing.forget(text)
    ArticleText.objects.filter(article=row).delete()
    row.is_published, row.updated_at = False, clock.now()
    row.save(update_fields=["is_published", "updated_at"])
    audit.record(actor, "articles.withdrawn", target_kind="article", target_id=row.pk)
    return row


@transaction.atomic
def discard(actor: Person, article_id: int) -> None:
    """One that was never published goes, with its pictures. Raises Forbidden; Conflict: readers had it."""
    require_publisher(actor)
    row = lock_one(Article, article_id)
    if row.versions.filter(published_at__isnull=False).exists():
        raise Conflict
    claims.release(HOME, [row.pk])
    row.delete()
    audit.record(actor, "articles.discarded", target_kind="article", target_id=article_id)


@transaction.atomic
def set_categories(
    actor: Person, wanted: Sequence[tuple[int, Mapping[str, str]]], *, known: Collection[int] | None = None
) -> None:
    """All of them in order, by number (0: a new one) and names. Articles of one that is left out have none.

    `known`: those that there were when the list was opened. Raises Forbidden; Invalid: `names_<row>`, `names` for all;
    Conflict: somebody added one since.
    """
    require_publisher(actor)
    there = {row.pk: row for row in ArticleCategory.objects.all()}
    if known is not None and there.keys() - set(known):
        raise Conflict
    _require_categories(wanted, there)
    gone = there.keys() - {pk for pk, _names in wanted}
    ArticleCategory.objects.filter(pk__in=gone).delete()
    if gone:
        audit.record(actor, "articles.category.removed", detail={"count": len(gone)})
    for position, (pk, names) in enumerate(wanted):
        row = there.get(pk)
        if row is None or (row.names, row.position) != (_tidy(names), position):
            save_category(actor, pk or None, names, position=position)


def _require_categories(wanted: Sequence[tuple[int, Mapping[str, str]]], there: Collection[int]) -> None:
    if len(wanted) > CATEGORIES_MAX:
        most = formats.number(CATEGORIES_MAX)
        raise Invalid(fields={"names": _("There can be %(most)s categories at most.") % {"most": most}})
    wrong: dict[str, str] = {}
    for number, (pk, names) in enumerate(wanted):
        if pk and pk not in there:
            wrong[f"names_{number}"] = _("This category is not there any more. Take it away, or add it as a new one.")
        elif not any(_tidy(names).values()):
            wrong[f"names_{number}"] = _("Please fill in a name in at least one language.")
        elif not _are_names(_tidy(names)):
            wrong[f"names_{number}"] = _("Please fill in a name of at most 80 characters.")
    if wrong:
        raise Invalid(fields=wrong)


def _are_names(names: Mapping[str, str]) -> bool:
    """At least one, in languages that we have."""
    known = dict(settings.LANGUAGES)
    return bool(names) and all(language in known and 0 < len(name) <= 80 for language, name in names.items())


def _tidy(names: Mapping[str, str]) -> dict[str, str]:
    return {language: _tidy_text(name) for language, name in names.items()}


@transaction.atomic
def save_category(
    actor: Person, category_id: int | None, names: Mapping[str, str], *, position: int = 0
) -> ArticleCategory:
    """Raises Forbidden, Invalid; the model's DoesNotExist."""
    require_publisher(actor)
    tidy = _tidy(names)
    if not _are_names(tidy):
        raise Invalid(fields={"names": _("Please fill in a name of at most 80 characters.")})
    row = ArticleCategory() if category_id is None else ArticleCategory.objects.get(pk=category_id)
    row.names, row.position = tidy, position
    row.save()
    audit.record(actor, "articles.category.saved", target_kind="article_category", target_id=row.pk)
    return row


def _require_sense(new: ArticleIn, *, is_new: bool) -> None:
    wrong: dict[str, str] = {}
    if is_new and not new.texts:
        wrong["texts"] = _("Write it in at least one language.")
    for language, text in new.texts.items():
        if language not in dict(settings.LANGUAGES):
            wrong["texts"] = _("Write it in at least one language.")
        if not text.title.strip() or len(text.title) > TITLE_CHARACTERS_MAX:
            wrong[f"title_{language}"] = _("Please fill in a title of at most 200 characters.")
        if len(text.keywords) > KEYWORDS_CHARACTERS_MAX:
            wrong[f"keywords_{language}"] = _("Please use at most 300 characters.")
    if new.category_id is not None and not ArticleCategory.objects.filter(pk=new.category_id).exists():
        wrong["category"] = _("Choose a category.")
    if wrong:
        raise Invalid(fields=wrong)
