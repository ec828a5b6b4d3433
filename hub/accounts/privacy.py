"""What accounts know about people, and how they are emptied (P10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Q
from django.utils.translation import gettext as _
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from hub.accounts.models import (
    ApiToken,
    AuditEntry,
    AuditNote,
    CustomerProfile,
    DataExport,
    Department,
    Invitation,
    Membership,
    OneTimeCode,
    OneTimeLink,
    Organisation,
    SignedInDevice,
    Unit,
    User,
)
from hub.accounts.people_index import PersonIndex
from hub.accounts.staff_notes import StaffNote
from hub.base.personal_data import (
    Eraser,
    Exporter,
    Obstacle,
    PersonalColumns,
    Subject,
    erasers,
    exporters,
    obstacles,
    plain,
    register,
)

CODES = "codes of the programme"
LOGGED = "codes, ids and numbers; audit.record sees to it"
SECRET = "a secret, or made of one"  # noqa: S105 - a reason, in words
# Kind of target -> the ids of those that are about a person: parts above add theirs (sessions, wallets).
audit_targets: dict[str, Callable[[Subject], Iterable[str]]] = {}


def subject_of(user: User) -> Subject:
    return Subject(user.pk, user.login_number, user.email or "", user.mobile or "")


def declare() -> None:
    audit_targets["user"] = lambda subject: [str(subject.user_id)]
    _declare_people()
    _declare_getting_in()
    _declare_libraries()
    exporters.register(Exporter("audit", _audit))
    exporters.register(Exporter("organisation", _organisation))
    erasers.register(Eraser("accounts", _leave))
    obstacles.register(Obstacle("staff", _is_staff))
    obstacles.register(Obstacle("organisation", _owns_organisation))


def _declare_people() -> None:
    register(
        PersonalColumns(
            User,
            of=lambda subject: Q(pk=subject.user_id),
            personal="email mobile first_name last_name display_name language time_zone",
            withheld={"password visitor_key": SECRET},
            kept={"login_number": "the number of the account in the books; it is never given again"},
            not_personal={"kind level": CODES},
            empty={"password": "!"},
        ),
        PersonalColumns(
            CustomerProfile,
            of=lambda subject: Q(user=subject.user_id),
            personal="address postcode city phone birth_date computer_brand computer_model operating_system layout",
        ),
        PersonalColumns(Organisation, not_personal={"name": "of a company", "layout": CODES}),
        PersonalColumns(Unit, not_personal={"name": "of a part of a company"}),
        PersonalColumns(Membership, not_personal={"role": CODES}),
        PersonalColumns(Department, not_personal={"name greeting": "of a part of this hub"}),
        PersonalColumns(
            AuditEntry,
            not_personal={"fact target_kind target_id detail": LOGGED},
        ),
        PersonalColumns(AuditNote, of=_notes, for_staff="text"),
        PersonalColumns(StaffNote, of=lambda subject: Q(about_user=subject.user_id), removed=True, for_staff="text"),
        PersonalColumns(
            PersonIndex,
            of=lambda subject: Q(user=subject.user_id),
            removed=True,
            withheld={"words name_key": "a copy of the person's names and addresses, to search in"},
        ),
        PersonalColumns(
            DataExport,
            of=lambda subject: Q(user=subject.user_id),
            removed=True,
            withheld={"file": "an earlier export"},
            not_personal={"id": "drawn at random"},
        ),
    )


def _declare_getting_in() -> None:
    def own(subject: Subject) -> Q:
        return Q(user=subject.user_id)

    register(
        PersonalColumns(
            ApiToken,
            of=own,
            removed=True,
            personal="name",
            not_personal={"scopes": CODES, "id": "drawn at random; the token itself is not kept"},
        ),
        PersonalColumns(
            OneTimeLink,
            of=own,
            removed=True,
            personal="target",
            withheld={"token_digest": SECRET},
            not_personal={"purpose": CODES},
        ),
        PersonalColumns(
            OneTimeCode,
            of=lambda subject: own(subject) | _sent_to(subject),
            removed=True,
            personal="target",
            withheld={"challenge digest": SECRET},
            not_personal={"purpose channel": CODES},
        ),
        PersonalColumns(
            Invitation,
            of=own,
            removed=True,
            personal="first_name last_name email mobile",
            not_personal={"role": CODES},
        ),
        PersonalColumns(
            SignedInDevice,
            of=own,
            removed=True,
            personal="browser operating_system address",
            withheld={"session_key": SECRET},
            not_personal={"kind means": CODES},
        ),
    )


def _declare_libraries() -> None:
    def browsers(subject: Subject) -> Q:
        keys = SignedInDevice.objects.filter(user=subject.user_id, session_key__isnull=False)
        return Q(session_key__in=keys.values("session_key"))

    own = {"of": lambda subject: Q(user=subject.user_id), "removed": True}
    register(
        PersonalColumns(BrowserSession, of=browsers, removed=True, withheld={"session_key session_data": SECRET}),
        PersonalColumns(TOTPDevice, withheld={"name key": SECRET}, **own),  # type: ignore[arg-type]
        PersonalColumns(StaticDevice, withheld={"name": SECRET}, **own),  # type: ignore[arg-type]
        PersonalColumns(
            StaticToken, of=lambda subject: Q(device__user=subject.user_id), removed=True, withheld={"token": SECRET}
        ),
        PersonalColumns(Group, not_personal={"name": "not used"}),
        PersonalColumns(Permission, not_personal={"name codename": CODES}),
        PersonalColumns(ContentType, not_personal={"app_label model": CODES}),
    )


def _sent_to(subject: Subject) -> Q:
    return Q(target__in=[one for one in (subject.email, subject.mobile) if one])


def _notes(subject: Subject) -> Q:
    about = Q()
    for kind, ids in audit_targets.items():
        about |= Q(entry__target_kind=kind, entry__target_id__in=list(ids(subject)))
    return about


def _audit(subject: Subject) -> object:
    """What the log says of the person. Of others it says only that somebody of the staff did it."""
    about = Q(target_kind="user", target_id=str(subject.user_id)) | Q(actor=subject.user_id)
    return [
        {
            "at": plain(entry.at),
            "fact": entry.fact,
            "by": "you" if entry.actor_id == subject.user_id else "staff" if entry.actor_id else "the hub",
        }
        for entry in AuditEntry.objects.filter(about).order_by("pk").iterator()
    ]


def _organisation(subject: Subject) -> object:
    place = Membership.objects.filter(user=subject.user_id).select_related("organisation", "unit").first()
    if place is None:
        return None
    unit = place.unit.name if place.unit else None
    return {"name": place.organisation.name, "unit": unit, "role": place.role}


def _leave(subject: Subject) -> None:
    """No longer anybody's customer in particular. Out of the organisation they are already."""
    CustomerProfile.objects.filter(user=subject.user_id).update(
        bound_department=None, bound_agent=None, exclusive=False
    )


def _is_staff(subject: Subject) -> str | None:
    if User.objects.filter(pk=subject.user_id, kind__in=(User.Kind.STAFF, User.Kind.BOT)).exists():
        return _("Accounts of staff are closed by the owner of the help desk.")
    return None


def _owns_organisation(subject: Subject) -> str | None:
    place = Membership.objects.filter(user=subject.user_id, role=Membership.Role.OWNER).first()
    if place is None:
        return None
    return _("You own “%(organisation)s”. Hand it over to somebody else first.") % {
        "organisation": place.organisation.name
    }
