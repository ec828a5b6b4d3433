"""What staff change of a customer (A1, P6, P8, P9): details, binding, access. The customer's own form: profiles.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hub.accounts import audit, details, phones
from hub.accounts.access import Person
from hub.accounts.actions import letters, one_time_links, profiles
from hub.accounts.actions.mailboxes import forget_answer
from hub.accounts.actions.rights import raise_rights, sign_out_everywhere
from hub.accounts.actions.rights import suspend as suspend_account
from hub.accounts.errors import AddressInUse, ChangedMeanwhile, Invalid, NoAddress
from hub.accounts.models import CustomerProfile, Department, OneTimeLink, SignedInDevice, User
from hub.base import clock, locking
from hub.base.errors import Forbidden, NotFound
from hub.base.prepared import prepared

OF_ACCOUNT: details.Cleaners = {"email": details.clean_email, "mobile": details.clean_mobile}
FIELDS = (*profiles.OF_USER, *OF_ACCOUNT, *profiles.OF_CUSTOMER)
PASSWORD = OneTimeLink.Purpose.PASSWORD


@prepared
def _profile(*, user: int) -> QuerySet[CustomerProfile]:
    return CustomerProfile.objects.filter(user=user)


def details_of(user: User) -> dict[str, str]:
    """As they stand in the form."""
    profile = next(iter(_profile(user=user.pk)), None) or CustomerProfile(user=user)
    rows: Mapping[str, object] = {
        **{name: getattr(user, name) for name in (*profiles.OF_USER, *OF_ACCOUNT)},
        **{name: getattr(profile, name) for name in profiles.OF_CUSTOMER},
    }
    shown = {name: "" if value is None else str(value) for name, value in rows.items()}
    for name in ("mobile", "phone"):
        shown[name] = phones.shown_number(shown[name]) if shown[name] else ""
    return shown


@transaction.atomic
def change_customer(actor: Person, user_id: int, typed: Mapping[str, str], *, before: Mapping[str, str]) -> list[str]:
    """Keep what staff typed; the names of what is different now. `before` is what the form showed when it was opened.

    Raises Invalid (fields), AddressInUse, NotFound, and ChangedMeanwhile with what somebody else changed since.
    """
    user = _locked(actor, user_id)
    now = details_of(user)
    theirs = {name: now[name] for name in now if name in before and before[name] != now[name] != typed.get(name)}
    if theirs:
        raise ChangedMeanwhile(fields=sorted(theirs), now=theirs)
    kept = _cleaned(typed)
    profile, _made = CustomerProfile.objects.get_or_create(user=user)
    old_email = user.email
    try:
        with transaction.atomic():
            changed = profiles.assign(user, {name: kept[name] for name in kept if name not in profiles.OF_CUSTOMER})
            changed += profiles.assign(profile, {name: kept[name] for name in kept if name in profiles.OF_CUSTOMER})
    except IntegrityError as error:
        raise AddressInUse from error
    if changed:
        audit.record(
            actor, "people.customer.changed", target_kind="user", target_id=user.pk, detail={"fields": changed}
        )
    if "email" in changed:
        _email_changed(user, old_email)
    return changed


def _cleaned(typed: Mapping[str, str]) -> dict[str, object]:
    cleaners = {**profiles.OF_USER, **OF_ACCOUNT, **profiles.OF_CUSTOMER}
    kept, wrong = details.clean_all(typed, {name: by for name, by in cleaners.items() if name in typed})
    if "first_name" in kept and "last_name" in kept and not (kept["first_name"] or kept["last_name"]):
        wrong["last_name"] = _("Please fill in a name.")
    if "email" in kept and "mobile" in kept and not (kept["email"] or kept["mobile"]):
        wrong["email"] = _("Please fill in an e-mail address or a mobile number.")
    if wrong:
        raise Invalid(fields=wrong)
    for name in ("email", "mobile", "birth_date"):
        if name in kept:
            kept[name] = kept[name] or None
    if not kept.get("time_zone", "x"):
        del kept["time_zone"]
    return kept


def _email_changed(user: User, old: str | None) -> None:
    """Links that went to the old address open nothing any more, and whoever reads it hears of the change."""
    one_time_links.close_links(user, PASSWORD)
    forget_answer(user)
    if old:
        letters.tell_email_changed(user, old=old)


@transaction.atomic
def bind_customer(
    actor: Person, user_id: int, *, department_id: int | None, agent_id: int | None, exclusive: bool
) -> None:
    """Whose customer it is (P6). Staff bind to departments of their own, the owner to any; and to colleagues they see.

    An exclusive binding needs somebody: nobody else is offered the work. Raises Invalid, NotFound.
    """
    user = _locked(actor, user_id)
    wrong = {}
    departments = Department.objects.visible_to(actor)
    if not actor.is_owner:
        departments = departments.filter(pk__in=actor.departments | actor.managed)
    if department_id is not None and not departments.filter(pk=department_id).exists():
        wrong["department"] = _("This is not a department of yours.")
    colleagues = User.objects.visible_to(actor).filter(kind=User.Kind.STAFF, is_active=True)
    if agent_id is not None and not colleagues.filter(pk=agent_id).exists():
        wrong["agent"] = _("This is not a colleague of yours.")
    if exclusive and agent_id is None:
        wrong["agent"] = _("Choose an agent, or leave out that nobody else gets the work.")
    if wrong:
        raise Invalid(fields=wrong)
    profile, _made = CustomerProfile.objects.get_or_create(user=user)
    values = {"bound_department_id": department_id, "bound_agent_id": agent_id, "exclusive": exclusive}
    if profiles.assign(profile, values):
        detail = {"department": department_id, "agent": agent_id, "exclusive": exclusive}
        audit.record(actor, "people.customer.bound", target_kind="user", target_id=user.pk, detail=detail)


@transaction.atomic
def suspend_customer(actor: Person, user_id: int, *, suspended: bool) -> None:
    """Shut the account, or open it again. For managers and the owner (P5). Raises Forbidden, NotFound."""
    if not (actor.is_owner or actor.managed):
        raise Forbidden
    suspend_account(actor, _locked(actor, user_id), suspended=suspended)


@transaction.atomic
def sign_out_customer(actor: Person, user_id: int) -> None:
    """End every browser and every widget of a customer (P9)."""
    user = _locked(actor, user_id)
    sign_out_everywhere(user)
    audit.record(actor, "people.signed_out_everywhere", target_kind="user", target_id=user.pk)


@transaction.atomic
def end_device_of(actor: Person, user_id: int, device_id: int) -> None:
    """Sign a customer out in one browser or widget (P9). Raises NotFound."""
    user = _locked(actor, user_id)
    device = SignedInDevice.objects.filter(pk=device_id, user=user).first()
    if device is None:
        raise NotFound
    if device.ended_at is not None:
        return
    if device.session_key:
        BrowserSession.objects.filter(pk=device.session_key).delete()
    device.ended_at, device.session_key = clock.now(), None
    device.save(update_fields=["ended_at", "session_key"])
    raise_rights([user.pk])
    audit.record(actor, "people.device.ended", target_kind="user", target_id=user.pk, detail={"device": device.pk})


@transaction.atomic
def send_sign_in_link(actor: Person, user_id: int) -> str:
    """A link by which a customer sets a password and is signed in: `email` or `sms`, by which way it went.

    Raises NoAddress, NotFound, Forbidden (suspended).
    """
    user = _locked(actor, user_id)
    if not user.is_active:
        raise Forbidden
    if not user.email and not user.mobile:
        raise NoAddress
    lifetime = timedelta(hours=settings.LINK_HOURS)
    path, until = one_time_links.issue(user, PASSWORD, lifetime, target=user.email or ""), clock.now() + lifetime
    by = "email" if user.email else "sms"
    send = letters.send_password_link if user.email else letters.send_password_link_by_sms
    send(user, path, until)
    audit.record(actor, "people.sign_in_link.sent", target_kind="user", target_id=user.pk, detail={"by": by})
    return by


def _locked(actor: Person, user_id: int) -> User:
    """A customer whom this member of staff sees. Raises NotFound, also for who was erased."""
    if not actor.is_staff:
        raise Forbidden
    seen = User.objects.visible_to(actor).filter(pk=user_id, kind=User.Kind.CUSTOMER, erased_at__isnull=True)
    if not seen.exists():
        raise NotFound
    return locking.lock_one(User, user_id)
