"""Two accounts of one customer become one (A1). Shown first, audited, and not to be undone (docs/how/merging.md)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit
from hub.accounts.access import Person
from hub.accounts.actions.memberships import leave_organisation
from hub.accounts.actions.rights import raise_rights, sign_out_everywhere
from hub.accounts.actions.sign_in import find_account
from hub.accounts.errors import CannotMerge
from hub.accounts.models import ApiToken, CustomerProfile, ErasureRequest, Membership, User
from hub.accounts.staff_notes import StaffNote
from hub.base import clock, locking, merging
from hub.base.errors import Forbidden, NotFound
from hub.base.merging import Doubles, Merger

# Of each: what the account that goes on takes when it has nothing there.
OF_USER = ("first_name", "last_name", "display_name", "language")
OF_PROFILE = (
    *("address", "postcode", "city", "phone", "birth_date", "layout"),
    *("computer_brand", "computer_model", "operating_system", "bound_department_id", "bound_agent_id"),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do, in words."""

    kept: User
    gone: User
    moves: list[str]
    obstacles: list[str]


def register() -> None:
    merging.mergers.register(Merger("accounts", _run, _tell, _obstacle))


def find_double(actor: Person, said: str) -> User | None:
    """The customer with this login number, e-mail or mobile, if this member of staff sees them."""
    found = find_account(said)
    if found is None or not User.objects.visible_to(actor).filter(pk=found.pk).exists():
        return None
    return found


def preview_merge(actor: Person, kept_id: int, gone_id: int) -> Preview:
    """Raises Forbidden, NotFound."""
    kept, gone = _both(actor, kept_id, gone_id)
    doubles = Doubles(kept.pk, gone.pk)
    return Preview(kept, gone, merging.preview(doubles), merging.find_obstacles(doubles))


@transaction.atomic
def merge(actor: Person, kept_id: int, gone_id: int) -> User:
    """Everything of `gone` is of `kept` from here on. Raises Forbidden, NotFound, CannotMerge.

    Of two at once the second finds what the first has made: else each of two accounts could end up in the other.
    """
    locking.one_at_a_time(locking.MERGES)
    kept, gone = _both(actor, kept_id, gone_id)
    doubles = Doubles(kept.pk, gone.pk, actor=f"user:{actor.user_id}")
    found = merging.find_obstacles(doubles)
    if found:
        raise CannotMerge(reasons=found)
    leave_organisation(gone.pk)
    merging.run(doubles)
    detail = {"gone": gone.pk, "kept": kept.pk}
    for one in (kept, gone):
        audit.record(actor, "people.customer.merged", target_kind="user", target_id=one.pk, detail=detail)
    return kept


def _both(actor: Person, kept_id: int, gone_id: int) -> tuple[User, User]:
    """By a manager or the owner, of customers whom they see."""
    if not (actor.is_owner or actor.managed):
        raise Forbidden
    seen = User.objects.visible_to(actor).filter(kind=User.Kind.CUSTOMER, erased_at=None, merged_into=None)
    found = seen.in_bulk([kept_id, gone_id])
    if len(found) != 2:
        raise NotFound
    return found[kept_id], found[gone_id]


def _obstacle(doubles: Doubles) -> str | None:
    both = ErasureRequest.objects.filter(user__in=(doubles.kept_id, doubles.gone_id), cancelled_at=None, done_at=None)
    asked = both.select_related("user").first()
    if asked is not None:  # what was theirs would stay under the other account, or the other would be erased too
        return _("%(who)s asked to be erased") % {"who": asked.user.name}
    return _membership_obstacle(doubles)


def _membership_obstacle(doubles: Doubles) -> str | None:
    kept, gone = (Membership.objects.filter(user=pk).first() for pk in (doubles.kept_id, doubles.gone_id))
    if gone is None:
        return None
    if kept is None:
        return _("The account that would be shut belongs to an organisation. Keep that one, or take it out first.")
    if kept.organisation_id != gone.organisation_id:
        return _("Both belong to an organisation, and not to the same one. Take one of them out first.")
    if gone.role == Membership.Role.OWNER:
        return _("The account that would be shut owns the organisation. Keep that one, or hand over first.")
    return None


def _tell(doubles: Doubles) -> list[str]:
    kept, gone = (User.objects.get(pk=pk) for pk in (doubles.kept_id, doubles.gone_id))
    said = []
    if gone.email and not kept.email:
        said.append(_("The e-mail address %(address)s") % {"address": gone.email})
    if gone.mobile and not kept.mobile:
        said.append(_("The mobile number %(number)s") % {"number": gone.mobile})
    if StaffNote.objects.filter(about_user=gone).exists():
        said.append(_("The notes of staff"))
    return said


def _run(doubles: Doubles) -> None:
    kept, gone = (User.objects.get(pk=pk) for pk in (doubles.kept_id, doubles.gone_id))
    email, mobile, confirmed, proven = gone.email, gone.mobile, gone.mobile_confirmed, gone.email_confirmed
    gone.email = gone.mobile = None
    gone.is_active, gone.merged_into = False, kept
    gone.set_unusable_password()
    gone.save(update_fields=["email", "mobile", "is_active", "merged_into", "password"])
    _fill(kept, gone, OF_USER)
    if not kept.email:
        kept.email, kept.email_confirmed = email, proven
    if not kept.mobile:
        kept.mobile, kept.mobile_confirmed = mobile, confirmed
    kept.vip = kept.vip or gone.vip
    kept.save(update_fields=[*OF_USER, "email", "email_confirmed", "mobile", "mobile_confirmed", "vip"])
    _merge_profiles(kept, gone)
    StaffNote.objects.filter(about_user=gone).update(about_user=kept)
    ApiToken.objects.filter(user=gone, revoked_at=None).update(revoked_at=clock.now())
    sign_out_everywhere(gone)
    raise_rights([kept.pk])


def _merge_profiles(kept: User, gone: User) -> None:
    mine, _made = CustomerProfile.objects.get_or_create(user=kept)
    theirs = CustomerProfile.objects.filter(user=gone).first()
    if theirs is not None:
        _fill(mine, theirs, OF_PROFILE)
        mine.exclusive = mine.exclusive or (theirs.exclusive and mine.bound_agent_id == theirs.bound_agent_id)
        mine.save()


def _fill(mine: User | CustomerProfile, theirs: User | CustomerProfile, names: tuple[str, ...]) -> None:
    for name in names:
        if not getattr(mine, name) and getattr(theirs, name):
            setattr(mine, name, getattr(theirs, name))
