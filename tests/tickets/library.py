"""A small library: who writes, and articles of a few words."""

from __future__ import annotations

from tests import people
from tests.tickets.desk import Desk
from tickets.knowledge import writing
from tickets.models import Article


class Library:
    def __init__(self) -> None:
        self.department = people.make_department()
        self.owner = people.person_of(people.make_owner())
        self.manager = people.person_of(people.make_manager(departments=[self.department]))
        self.agent = people.person_of(people.make_agent(departments=[self.department]))
        self.customer = people.person_of(people.make_customer())

    def draft(self, article: Article | None = None, *, keywords: str = "", audience: str = "", **texts: str) -> Article:
        """`en="Title: what it says"`, a language each."""
        split = {language: said.partition(": ") for language, said in texts.items()}
        new = {
            language: writing.TextIn(title, f"<p>{html}</p>", keywords) for language, (title, _, html) in split.items()
        }
        wish = writing.ArticleIn(texts=new, audience=audience or None)
        return writing.save_article(self.agent if not audience else self.owner, article.pk if article else None, wish)

    def has(self, *, keywords: str = "", audience: str = "", **texts: str) -> Article:
        """One that readers get."""
        return writing.publish(self.owner, self.draft(None, keywords=keywords, audience=audience, **texts).pk)


def publish(
    desk: Desk, title: str, html: str, *, kind: str = "article", audience: str = "public", **others: tuple[str, str]
) -> Article:
    """An article that readers get, in English and in others: `nl=(title, html)`."""
    owner = people.person_of(desk.owner)
    texts = {language: writing.TextIn(*said) for language, said in {"en": (title, html), **others}.items()}
    row = writing.save_article(owner, None, writing.ArticleIn(texts=texts, kind=kind, audience=audience))
    return writing.publish(owner, row.pk)
