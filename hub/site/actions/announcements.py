"""Announcements (D4): writing, publishing, withdrawing, mailing; who has seen them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hub.accounts.public import Department, Invalid, User, audit
from hub.base import clock
from hub.base.errors import BadAddress, Conflict
from hub.base.locking import lock, lock_one
from hub.base.outbox import put_mail
from hub.base.outbox.writing import BULK
from hub.base.rich_text import clean
from hub.site import prose
from hub.site.announcements import text_for
from hub.site.models import Announcement, AnnouncementSeen, AnnouncementText
from hub.site.permissions import require_owner

if TYPE_CHECKING:
    from hub.accounts.public import Person

log = structlog.get_logger(__name__)

TITLE_CHARACTERS_MAX = 120
MAILED_AT_ONCE = 100
State, Audience = Announcement.State, Announcement.Audience


@dataclass(frozen=True, slots=True)
class AnnouncementIn:
    """`texts`: language to (title, Markdown); the first of them is for readers of other languages. `htmls`: what an
    editor made of a text, which is then only its letters.
    """

    texts: Mapping[str, tuple[str, str]]
    htmls: Mapping[str, str] = field(default_factory=dict)
    audience: str = "customers"
    department_id: int | None = None
    in_portal: bool = True
    in_widget: bool = False
    by_email: bool = False
    from_at: datetime | None = None
    until_at: datetime | None = None


@transaction.atomic
def save_announcement(actor: Person, announcement: Announcement | None, new: AnnouncementIn) -> Announcement:
    """A draft; or better words for what is published, which mails nobody again. Raises Forbidden, Invalid (fields)."""
    require_owner(actor)
    _require_sense(announcement, new)
    row = announcement or Announcement(created_at=clock.now())
    row.audience, row.department_id = new.audience, new.department_id
    row.in_portal, row.in_widget, row.by_email = new.in_portal, new.in_widget, new.by_email
    row.from_at, row.until_at = new.from_at or clock.now(), new.until_at
    row.save()
    _write_texts(row, new.texts, new.htmls)
    audit.record(actor, "announcements.saved", target_kind="announcement", target_id=row.pk)
    return row


def _write_texts(row: Announcement, texts: Mapping[str, tuple[str, str]], htmls: Mapping[str, str]) -> None:
    """`htmls`: what the editor made of them; without it their letters are read as prose (hub/site/prose.py)."""
    AnnouncementText.objects.filter(announcement=row).exclude(language__in=texts).delete()
    for language, (title, source) in texts.items():
        made = clean(htmls[language]).html if language in htmls else prose.to_html(source)
        AnnouncementText.objects.update_or_create(
            announcement=row,
            language=language,
            defaults={"title": " ".join(title.split()), "source": source, "html": made},
        )


@transaction.atomic
def publish(actor: Person, announcement: Announcement) -> None:
    """From its day on it is seen, and mailed once. Also how withdrawing is undone. Raises Forbidden, Conflict."""
    require_owner(actor)
    row = lock_one(Announcement, announcement.pk)
    if row.state == State.PUBLISHED:
        return
    if not row.texts.exists():
        raise Conflict
    row.state = State.PUBLISHED
    row.published_at = row.published_at or clock.now()
    row.save(update_fields=["state", "published_at"])
    audit.record(actor, "announcements.published", target_kind="announcement", target_id=row.pk)


@transaction.atomic
def withdraw(actor: Person, announcement: Announcement) -> None:
    """Nobody sees it any more, and who was not mailed yet is not. Raises Forbidden."""
    require_owner(actor)
    row = lock_one(Announcement, announcement.pk)
    if row.state == State.PUBLISHED:
        Announcement.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
        audit.record(actor, "announcements.withdrawn", target_kind="announcement", target_id=row.pk)


@transaction.atomic
def delete_draft(actor: Person, announcement: Announcement) -> None:
    """What was never published. Raises Forbidden, Conflict."""
    require_owner(actor)
    row = lock_one(Announcement, announcement.pk)
    if row.published_at is not None:
        raise Conflict
    key = row.pk
    row.delete()
    audit.record(actor, "announcements.deleted", target_kind="announcement", target_id=key)


def note_seen(person: Person, announcement_ids: Iterable[int]) -> None:
    """Once per person; what they may not see is not counted."""
    if person.user_id is None:
        return
    at = clock.now()
    shown = Announcement.objects.visible_to(person, at).filter(pk__in=list(announcement_ids))
    AnnouncementSeen.objects.bulk_create(
        [AnnouncementSeen(announcement=one, user_id=person.user_id, at=at) for one in shown], ignore_conflicts=True
    )


# -- What is checked -------------------------------------------------------------------------------


def _require_sense(announcement: Announcement | None, new: AnnouncementIn) -> None:
    wrong: dict[str, str] = {}
    _check_texts(new.texts, wrong)
    if new.audience not in Audience.values:
        wrong["audience"] = _("Choose who it is for.")
    if not _department_fits(new):
        wrong["department"] = _("Choose a department.")
    if not (new.in_portal or new.in_widget or new.by_email):
        wrong["channels"] = _("Choose at least one place where it is told.")
    begins = new.from_at or (announcement.from_at if announcement else clock.now())
    if new.until_at is not None and new.until_at <= begins:
        wrong["until"] = _("It must end after it begins.")
    if wrong:
        raise Invalid(fields=wrong)


def _department_fits(new: AnnouncementIn) -> bool:
    """One for the customers of a department, none for everybody else."""
    if new.audience != Audience.DEPARTMENT:
        return new.department_id is None
    if new.department_id is None:
        return False
    return Department.objects.filter(pk=new.department_id).exists()


def _check_texts(texts: Mapping[str, tuple[str, str]], wrong: dict[str, str]) -> None:
    if not texts:
        wrong["texts"] = _("Write it in at least one language.")
    for language, (title, source) in texts.items():
        if language not in dict(settings.LANGUAGES):
            wrong["texts"] = _("Write it in at least one language.")
        if not title.strip() or len(title) > TITLE_CHARACTERS_MAX:
            wrong[f"title_{language}"] = _("Please fill in a title of at most 120 characters.")
        if not source.strip() or len(source) > prose.CHARACTERS_MAX:
            wrong[f"text_{language}"] = _("Please fill in a text of at most 8,000 characters.")


# -- Mailing ---------------------------------------------------------------------------------------


def mail_some() -> int:
    """Put the next people of what is to be mailed into the outbox; how many. Two at once take different ones."""
    at = clock.now()
    waiting = Announcement.objects.filter(state=State.PUBLISHED, by_email=True, mailed_at=None, from_at__lte=at)
    waiting = waiting.filter(Q(until_at=None) | Q(until_at__gt=at))
    with transaction.atomic():
        taken = lock(waiting.filter(pk__in=waiting.order_by("pk").values("pk")[:1]), skip_locked=True)
        return _mail_next(taken[0], at) if taken else 0


def _mail_next(announcement: Announcement, at: datetime) -> int:
    people = list(recipients(announcement).filter(pk__gt=announcement.mailed_to_id).order_by("pk")[:MAILED_AT_ONCE])
    texts = list(announcement.texts.all())
    for user in people:
        _mail(announcement, texts, user)
    announcement.mailed_to_id = people[-1].pk if people else announcement.mailed_to_id
    if len(people) < MAILED_AT_ONCE:
        announcement.mailed_at = at
    announcement.save(update_fields=["mailed_to_id", "mailed_at"])
    return len(people)


def _mail(announcement: Announcement, texts: list[AnnouncementText], user: User) -> None:
    """Once per person: the key is made of both."""
    language = user.language or settings.LANGUAGE_CODE
    text = text_for(texts, language)
    if text is None:
        return
    said = {"title": text.title, "html": text.html, "source": text.source, "name": user.name, "path": "/"}
    try:
        put_mail(
            to=user.email or "",
            template="announcement",
            language=text.language,
            context=said,
            about=f"user:{user.pk}",
            key=f"announcement:{announcement.pk}:{user.pk}",
            urgency=BULK,
        )
    except BadAddress:
        log.info("announcement.not_mailed", announcement=announcement.pk, user=user.pk)


def recipients(announcement: Announcement) -> QuerySet[User]:
    """Who has an address and is meant."""
    people: QuerySet[User] = User.objects.filter(is_active=True, email__isnull=False)
    customers, staff = Q(kind=User.Kind.CUSTOMER), Q(kind=User.Kind.STAFF)
    meant = {
        Audience.EVERYBODY: customers | staff,
        Audience.CUSTOMERS: customers,
        Audience.ORGANISATIONS: customers & Q(membership__isnull=False, membership__suspended=False),
        Audience.DEPARTMENT: customers & Q(customer_profile__bound_department=announcement.department_id),
        Audience.STAFF: staff,
    }
    return people.filter(meant[Audience(announcement.audience)])
