"""Who reads and who writes which article (K1, P5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.base.errors import Forbidden
from tickets.models import Article

if TYPE_CHECKING:
    from hub.accounts.public import Person
    from tickets.models.knowledge import ArticleQuerySet

Audience = Article.Audience


def audiences_of(person: Person | None) -> list[str]:
    """Staff read all; who has an account what is for customers; everybody else what is public."""
    if person is not None and (person.is_staff or person.kind == "system"):
        return [*Audience.values]
    if person is not None and person.kind == "customer":
        return [Audience.PUBLIC, Audience.CUSTOMERS]
    return [Audience.PUBLIC]


def visible_articles(articles: ArticleQuerySet, person: Person | None) -> ArticleQuerySet:
    if person is not None and (person.is_staff or person.kind == "system"):
        return articles
    return articles.filter(is_published=True, audience__in=audiences_of(person))


def require_writer(person: Person) -> None:
    """Any of the staff drafts. Raises Forbidden."""
    if not person.is_staff:
        raise Forbidden


def may_publish(person: Person) -> bool:
    """Managers and the hub owner decide what readers get."""
    return person.is_owner or bool(person.is_staff and person.managed)


def require_publisher(person: Person) -> None:
    """Raises Forbidden."""
    if not may_publish(person):
        raise Forbidden
