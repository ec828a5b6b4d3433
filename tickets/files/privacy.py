"""What files tell about people (P10). What somebody sent is theirs: it goes with them, wherever it belonged."""

from __future__ import annotations

from django.db.models import Q

from hub.base.personal_data import PersonalColumns, register
from tickets.models import FilePart, FilePlace, FileQuota, StoredFile


def declare() -> None:
    register(
        PersonalColumns(
            StoredFile,
            of=lambda subject: Q(owner=subject.user_id),
            removed=True,
            personal="name content",
            withheld={
                "preview": "the content once more, smaller",
                "key": "a digest of what a client chose",
                "sha256": "a digest of the content",
            },
            not_personal={"id": "drawn at random", "state type refused_because": "codes of the programme"},
        ),
        PersonalColumns(
            FilePart,
            of=lambda subject: Q(file__owner=subject.user_id),
            removed=True,
            withheld={"content": "a piece of a file that has not arrived"},
        ),
        PersonalColumns(FilePlace, not_personal={"kind": "codes of the programme", "uuid": "an id"}),
        PersonalColumns(FileQuota, of=lambda subject: Q(user=subject.user_id), removed=True),
    )
