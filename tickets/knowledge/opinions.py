"""Helpful or not, and tickets that were not made (K1, K2): each person and address counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from hub.base import clock
from hub.base.errors import NotSignedIn
from hub.base.limits import Limit, find_exceeded
from hub.base.locking import lock_one
from tickets.models import Article, ArticleOpinion

if TYPE_CHECKING:
    from hub.accounts.public import Person

COMMENT_CHARACTERS_MAX: Final = 2000
DAY_S: Final = 86_400
_COUNT: Final = """
INSERT INTO tickets_articleday AS d (article_id, day, helpful, unhelpful, avoided) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (article_id, day) DO UPDATE SET helpful = d.helpful + excluded.helpful,
    unhelpful = d.unhelpful + excluded.unhelpful, avoided = d.avoided + excluded.avoided
"""


def say(person: Person | None, address: str, article: Article, *, helpful: bool, comment: str = "") -> None:
    """Whoever has no account says so once a day from an address, and leaves no words. The caller saw the article.

    Raises NotSignedIn: words are somebody's.
    """
    if person is None or person.user_id is None:
        if comment.strip():
            raise NotSignedIn
        if find_exceeded(Limit(f"articles.opinion.{article.pk}", 1, DAY_S), address) is None:
            _count(article, helpful=int(helpful), unhelpful=int(not helpful))
        return
    _say(person.user_id, article, helpful, comment.strip()[:COMMENT_CHARACTERS_MAX])


@transaction.atomic
def _say(user_id: int, article: Article, helpful: bool, comment: str) -> None:
    lock_one(Article, article.pk)
    before = ArticleOpinion.objects.filter(article=article, user=user_id).first()
    ArticleOpinion.objects.update_or_create(
        article=article, user_id=user_id, defaults={"helpful": helpful, "comment": comment, "at": clock.now()}
    )
    if before is None:
        _count(article, helpful=int(helpful), unhelpful=int(not helpful))


def note_avoided(person: Person | None, address: str, article: Article) -> bool:
    """Somebody who was writing a ticket reads this and needs none any more: once a day each. Whether it counted."""
    whose = person.key if person is not None else address
    if find_exceeded(Limit(f"articles.avoided.{article.pk}", 1, DAY_S), whose) is not None:
        return False
    _count(article, avoided=1)
    return True


def _count(article: Article, *, helpful: int = 0, unhelpful: int = 0, avoided: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [article.pk, clock.now().date(), helpful, unhelpful, avoided])
