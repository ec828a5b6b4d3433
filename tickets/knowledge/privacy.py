"""What the knowledge base knows about people (P10): what they thought of an article."""

from __future__ import annotations

from django.db.models import Q

from hub.base.personal_data import PersonalColumns, register
from tickets.models import (
    Article,
    ArticleCategory,
    ArticleDay,
    ArticleOpinion,
    ArticleText,
    ArticleVersion,
    KnownWord,
)

CODES = "codes of the programme"
WRITTEN = "what staff wrote for readers"


def declare() -> None:
    register(
        PersonalColumns(Article, not_personal={"kind audience": CODES, "key": "a digest of the form that made it"}),
        PersonalColumns(ArticleCategory, not_personal={"names": WRITTEN}),
        PersonalColumns(ArticleVersion, not_personal={"language": CODES, "title keywords html text": WRITTEN}),
        PersonalColumns(
            ArticleText,
            not_personal={"language": CODES, "title keywords html text": WRITTEN, "head body": "the words of the text"},
        ),
        PersonalColumns(KnownWord, not_personal={"word": "a word of what staff wrote for readers"}),
        PersonalColumns(ArticleDay, not_personal={"day": "what all readers of a day thought"}),
        PersonalColumns(ArticleOpinion, of=lambda subject: Q(user=subject.user_id), removed=True, personal="comment"),
    )
