"""Asking somebody in without choosing a password for them (P3, P4; docs/how/sign-in.md, "Invitations").

Who is invited gets a message with a link, signs in by a one-time code to the same address, and then sets a password.
The rows: hub/accounts/credentials.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person, oneself
from hub.accounts.actions import letters, memberships, one_time_links
from hub.accounts.actions.customers import NewCustomer, add_customer
from hub.accounts.actions.number_ranges import of_range
from hub.accounts.actions.people import create_customer
from hub.accounts.actions.staff import NewColleague, add_colleague, require_may_add
from hub.accounts.errors import Invalid
from hub.accounts.models import CustomerProfile, Invitation, Membership, OneTimeLink, User
from hub.accounts.personnel import lock_authority
from hub.base import clock, limits, locking
from hub.base.addresses import address_mark
from hub.base.errors import Conflict, DomainError, Forbidden, NotFound
from hub.base.events import emit
from hub.base.limits import Limit
from hub.base.prepared import prepared

LINK = OneTimeLink.Purpose.INVITATION
AGAIN = Limit("invitation.again", 3, 3600)
# By whomever: who is withdrawn and invited again and again gets a message each time.
TO_ONE = Limit("invitation.address", 5, 86_400)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is asked in: a name, and a mobile number or an e-mail address, as typed.

    With `organisation_id`: a member of it, in `unit_id` unless `role` is 'owner'. With `level`: a colleague, with seats
    in `department_ids`. Else a customer; `department_ids` may hold one, to bind them to (P6).
    """

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    mobile: str = ""
    language: str = ""
    organisation_id: int | None = None
    unit_id: int | None = None
    role: str = ""  # of Membership.Role
    monthly_limit_millicredits: int | None = None
    level: str = ""  # of User.Level
    department_ids: tuple[int, ...] = ()
    agent_id: int | None = None


@dataclass(frozen=True, slots=True)
class InvitationAccepted:
    """Event (hub.base.events): emitted in the transaction in which the person gets their place."""

    invitation_id: int
    user_id: int


def invite(actor: Person, new: Invited) -> Invitation:
    """Make the account, without a password, and send the message.

    Staff invite customers; who has authority over an organisation, members of it; the hub owner colleagues, and a
    department's manager agents of it. Staff hear when the address belongs to somebody (AddressInUse); an organisation
    does not: whoever has it is asked whether they want to join, and the answer looks the same.
    Raises Invalid (fields), AddressInUse, Forbidden, NotFound, TooFast; Conflict: the organisation has an owner.
    """
    if not actor.is_staff and new.organisation_id is None:
        raise Forbidden
    new = _cleaned(new)
    limits.use(Limit("invitation.person", settings.INVITATIONS_PER_DAY_MAX, 86_400), actor.key)
    _count_message(actor, new.email, new.mobile)
    with transaction.atomic():
        if new.organisation_id is not None:
            invitation = _invite_member(actor, new)
        elif new.level:
            invitation = _open(actor, new, _add_colleague(actor, new))
        else:
            invitation = _open(actor, new, _add_customer(actor, new))
        _send(invitation)
        _note(actor, "sent", invitation)
    return invitation


def send_again(actor: Person, invitation: Invitation) -> None:
    """The same message with a new link, good for as long again. Raises Forbidden, Conflict (accepted, withdrawn)."""
    _require_may(actor, invitation)
    limits.use(AGAIN, f"{invitation.pk}")
    _count_message(actor, invitation.email, invitation.mobile)
    with transaction.atomic():
        locked = _locked_open(invitation)
        locked.sent_at = clock.now()
        locked.expires_at = locked.sent_at + timedelta(days=settings.INVITATION_DAYS)
        locked.save(update_fields=["sent_at", "expires_at"])
        _send(locked)
        _note(actor, "sent_again", locked)


@transaction.atomic
def withdraw(actor: Person, invitation: Invitation) -> None:
    """It opens nothing any more. An account that was made for it and never used gives its address free.

    Raises Forbidden, Conflict (accepted, withdrawn).
    """
    _require_may(actor, invitation)
    locked = _locked_open(invitation)
    locked.withdrawn_at = clock.now()
    locked.save(update_fields=["withdrawn_at"])
    one_time_links.close_links(locked.user, LINK)
    user = locking.lock_one(User, locked.user_id)
    if locked.made_account and _never_came(user):
        user.email = user.mobile = None
        user.is_active = False
        user.save(update_fields=["email", "mobile", "is_active"])
    _note(actor, "withdrawn", locked)


def remind(invitation: Invitation) -> None:
    """Somebody registers with the address that was invited: the way in is the invitation's link, so again."""
    _send(invitation)


def find_open(user: User) -> Invitation | None:
    """The newest invitation for which this account was made and that still stands."""
    return next(iter(_standing(user=user.pk, at=clock.now())), None)


@prepared
def _standing(*, user: int, at: datetime) -> QuerySet[Invitation]:
    open_ones = Invitation.objects.filter(user=user, accepted_at=None, withdrawn_at=None)
    return open_ones.filter(made_account=True, expires_at__gt=at).order_by("-pk")[:1]


def find_by_link(link: OneTimeLink) -> Invitation | None:
    """The invitation that a link of ours was sent for, while it is open."""
    return _open_of(link.user).filter(pk=int(link.target)).select_related("organisation", "unit", "invited_by").first()


def accept_all_of(user: User) -> None:
    """At the first sign-in by a code, of an account that was made for invitations: it gets its places.

    What cannot be kept (the unit is gone) is left; they come in as a customer.
    """
    standing = _open_of(user).filter(made_account=True, expires_at__gt=clock.now())
    for invitation in standing.order_by("pk"):
        try:
            accept(user, invitation)
        except DomainError as refusal:
            log.warning("invitation.not_kept", invitation=invitation.pk, refusal=refusal.code)


@transaction.atomic
def accept(user: User, invitation: Invitation) -> Invitation:
    """Give the person their place. Raises Conflict (over, withdrawn, a member elsewhere), NotFound (the unit)."""
    if invitation.organisation_id is not None:  # comes before everything else that is locked
        memberships.lock_organisation(invitation.organisation_id)
    now = clock.now()
    standing = _open_of(user).filter(pk=invitation.pk, expires_at__gt=now)
    if not standing.update(accepted_at=now):  # one statement: of two at once, one
        raise Conflict
    if invitation.organisation_id is not None:
        memberships.join(
            invitation.organisation_id,
            user.pk,
            role=invitation.role,
            unit_id=invitation.unit_id,
            limit_m=invitation.monthly_limit_millicredits,
            actor=oneself(user),
        )
    one_time_links.close_links(user, LINK)
    _note(oneself(user), "accepted", invitation)
    emit([InvitationAccepted(invitation.pk, user.pk)])
    return Invitation.objects.get(pk=invitation.pk)


# -- Parts -------------------------------------------------------------------------------------------------------------
def _cleaned(new: Invited) -> Invited:
    kept, wrong = details.clean_all(
        {"first_name": new.first_name, "last_name": new.last_name, "email": new.email, "mobile": new.mobile},
        {
            "first_name": details.clean_name,
            "last_name": details.clean_name,
            "email": details.clean_email,
            "mobile": details.clean_mobile,
        },
    )
    if not wrong and not (kept["first_name"] or kept["last_name"]):
        wrong["last_name"] = _("Please fill in a name.")
    if not (new.email.strip() or new.mobile.strip()):
        wrong["email"] = _("Please fill in an e-mail address or a mobile number.")
    if wrong:
        raise Invalid(fields=wrong)
    said = {name: str(value) for name, value in kept.items()}
    return replace(
        new,
        language=details.clean_language(new.language) or _language_of_the_letter(),
        first_name=said["first_name"],
        last_name=said["last_name"],
        email=said["email"],
        mobile=said["mobile"],
    )


def _language_of_the_letter() -> str:
    """The inviter's, where none was chosen; the pages go on in it, whatever the browser speaks."""
    return details.clean_language(translation.get_language() or "")


def _count_message(actor: Person, email: str, mobile: str) -> None:
    """Anybody can begin an organisation and invite anybody: what strangers get of it is limited. Raises TooFast."""
    if actor.is_staff:
        return
    limits.use(TO_ONE, address_mark(email or mobile))
    if not email:
        limits.use(*of_range(mobile))


def _invite_member(actor: Person, new: Invited) -> Invitation:
    assert new.organisation_id is not None  # noqa: S101 - the caller looked
    authority = lock_authority(actor, new.organisation_id)
    if new.role != Membership.Role.EMPLOYEE:
        authority.require_whole()
    if new.role not in Membership.Role.values:
        raise NotFound(field="role")
    if new.role != Membership.Role.OWNER:
        authority.require_unit(new.unit_id)
    elif Membership.objects.filter(organisation=new.organisation_id, role=Membership.Role.OWNER).exists():
        raise Conflict  # nobody is promised a place that is taken
    user = _find_owner(new)
    if user is None:
        user = _make_account(new)
        return _open(actor, new, user)
    known = _open_of(user).filter(organisation=new.organisation_id).first()
    made_account = known.made_account if known else False
    if known is not None:
        Invitation.objects.filter(pk=known.pk).update(withdrawn_at=clock.now())
    return _open(actor, new, user, made_account=made_account)


def _find_owner(new: Invited) -> User | None:
    """Whose address it is. A number that was only claimed, at registration, is free for who is invited by it."""
    if new.email:
        found: User | None = User.objects.filter(email__iexact=new.email).first()
        if found is not None:
            return found
    holder = User.objects.filter(mobile=new.mobile).first() if new.mobile else None
    if holder is not None and not holder.mobile_confirmed:
        release_claim(holder)
        return None
    return holder if holder is not None and not new.email else None


def release_claim(holder: User) -> None:
    """The number stays with them as one to call."""
    CustomerProfile.objects.filter(user=holder, phone="").update(phone=holder.mobile)
    User.objects.filter(pk=holder.pk, mobile_confirmed=False).update(mobile=None, mobile_confirmed=True)


def _make_account(new: Invited) -> User:
    free = new.mobile and not User.objects.filter(mobile=new.mobile).exists()
    return create_customer(
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email or None,
        mobile=new.mobile if free else None,
        language=new.language,
    )


def _add_customer(actor: Person, new: Invited) -> User:
    return add_customer(
        actor,
        NewCustomer(
            first_name=new.first_name,
            last_name=new.last_name,
            email=new.email,
            mobile=new.mobile,
            language=new.language,
            department_id=next(iter(new.department_ids), None),
            agent_id=new.agent_id,
        ),
    )


def _add_colleague(actor: Person, new: Invited) -> User:
    return add_colleague(
        actor,
        NewColleague(
            first_name=new.first_name,
            last_name=new.last_name,
            email=new.email,
            mobile=new.mobile,
            language=new.language,
            level=new.level,
            department_ids=new.department_ids,
        ),
    )


def _open(actor: Person, new: Invited, user: User, *, made_account: bool = True) -> Invitation:
    now = clock.now()
    return Invitation.objects.create(
        user=user,
        made_account=made_account,
        invited_by_id=actor.user_id,
        first_name=new.first_name,
        last_name=new.last_name,
        email=new.email,
        mobile=new.mobile,
        organisation_id=new.organisation_id,
        unit_id=new.unit_id,
        role=new.role,
        monthly_limit_millicredits=new.monthly_limit_millicredits,
        created_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )


def _send(invitation: Invitation) -> None:
    lifetime = timedelta(days=settings.INVITATION_DAYS)
    path = one_time_links.issue(invitation.user, LINK, lifetime, target=f"{invitation.pk}")
    inviter, organisation = invitation.invited_by, invitation.organisation
    letters.send_invitation(
        invitation.user,
        path,
        clock.now() + lifetime,
        by_name=inviter.name if inviter else "",
        place=organisation.name if organisation else "",
        to_email=invitation.email,
        to_mobile=invitation.mobile,
    )


def _require_may(actor: Person, invitation: Invitation) -> None:
    """Who may invite to that place may also take it back. Raises Forbidden, NotFound."""
    if invitation.organisation_id is None:
        found = User.objects.visible_to(actor).filter(pk=invitation.user_id).first() if actor.is_staff else None
        if found is None:
            raise Forbidden
        if found.is_staff:
            require_may_add(actor, found.level, list(found.seats.values_list("department_id", flat=True)))
        return
    with transaction.atomic():
        authority = lock_authority(actor, invitation.organisation_id)
        if invitation.role != Membership.Role.EMPLOYEE:
            authority.require_whole()
        if invitation.unit_id is not None:
            authority.require_unit(invitation.unit_id)


def may_change(actor: Person, invitation: Invitation) -> bool:
    """Whether they may send it again, or take it back."""
    try:
        _require_may(actor, invitation)
    except DomainError:
        return False
    return True


def _locked_open(invitation: Invitation) -> Invitation:
    locked = locking.lock_one(Invitation, invitation.pk)
    if locked.accepted_at is not None or locked.withdrawn_at is not None:
        raise Conflict
    return locked


def _open_of(user: User) -> QuerySet[Invitation]:
    return Invitation.objects.filter(user=user, accepted_at__isnull=True, withdrawn_at__isnull=True)


def _never_came(user: User) -> bool:
    return user.last_login is None and not user.has_usable_password()


def _note(actor: Person, fact: str, invitation: Invitation) -> None:
    audit.record(
        actor,
        f"people.invitation.{fact}",
        target_kind="user",
        target_id=invitation.user_id,
        detail={
            "invitation": invitation.pk,
            "organisation": invitation.organisation_id,
            "role": invitation.role or None,
        },
    )
