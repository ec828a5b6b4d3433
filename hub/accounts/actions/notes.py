"""What staff note about customers and organisations (A1). Every one of the staff who sees the customer reads it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit
from hub.accounts.access import Person
from hub.accounts.errors import Invalid
from hub.accounts.models import Organisation, StaffNote, User
from hub.accounts.staff_notes import TEXT_CHARACTERS_MAX
from hub.base import clock
from hub.base.errors import Forbidden, NotFound


@transaction.atomic
def add_note(
    actor: Person, text: str, *, about_user: int | None = None, about_organisation: int | None = None
) -> StaffNote:
    """Raises Invalid (empty, too long), NotFound (the actor does not see them)."""
    author_id = _require_seen(actor, about_user, about_organisation)
    return StaffNote.objects.create(
        about_user_id=about_user,
        about_organisation_id=about_organisation,
        author_id=author_id,
        text=_clean(text),
        created_at=clock.now(),
    )


@transaction.atomic
def change_note(actor: Person, note_id: int, text: str) -> StaffNote:
    """By who wrote it. Raises Invalid, NotFound, Forbidden."""
    note = get_note(actor, note_id)
    if note.author_id != actor.user_id:
        raise Forbidden
    note.text, note.edited_at = _clean(text), clock.now()
    note.save(update_fields=["text", "edited_at"])
    return note


@transaction.atomic
def remove_note(actor: Person, note_id: int) -> StaffNote:
    """By who wrote it, a manager or the owner. Raises NotFound, Forbidden."""
    note = get_note(actor, note_id)
    if note.author_id != actor.user_id and not (actor.is_owner or actor.managed):
        raise Forbidden
    kind, about = ("user", note.about_user_id) if note.about_user_id else ("organisation", note.about_organisation_id)
    audit.record(actor, "people.note.removed", target_kind=kind, target_id=about, detail={"note": note.pk})
    gone = StaffNote(about_user_id=note.about_user_id, about_organisation_id=note.about_organisation_id, text=note.text)
    note.delete()
    return gone


def get_note(actor: Person, note_id: int) -> StaffNote:
    """A note about somebody whom the actor sees. Raises NotFound."""
    note = StaffNote.objects.filter(pk=note_id).first()
    if note is None:
        raise NotFound
    _require_seen(actor, note.about_user_id, note.about_organisation_id)
    return note


def _require_seen(actor: Person, user_id: int | None, organisation_id: int | None) -> int:
    """Who acts. Raises Forbidden, NotFound."""
    if not actor.is_staff or actor.user_id is None:
        raise Forbidden
    if user_id is not None:
        seen = User.objects.visible_to(actor).filter(pk=user_id, kind=User.Kind.CUSTOMER, erased_at__isnull=True)
    else:
        seen = Organisation.objects.visible_to(actor).filter(pk=organisation_id or 0)
    if not seen.exists():
        raise NotFound
    return actor.user_id


def _clean(text: str) -> str:
    plain = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not plain:
        raise Invalid(fields={"text": _("Please write something.")})
    if len(plain) > TEXT_CHARACTERS_MAX:
        raise Invalid(
            fields={"text": _("This is too long: at most %(most)s characters.") % {"most": TEXT_CHARACTERS_MAX}}
        )
    return plain
