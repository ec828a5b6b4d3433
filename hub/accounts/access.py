"""Who acts: one `Person` for a browser's session, a token or a job (docs/how/access.md). Permission code takes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import BooleanField, Exists, OuterRef, Q, Subquery, Value

from hub.accounts import scopes as known_scopes
from hub.accounts.errors import MissingScope, SecondFactorMissing
from hub.accounts.models import ApiToken, DepartmentStaff, SignedInDevice, User
from hub.accounts.tokens import Claims
from hub.base import clock
from hub.base.errors import NotAllowed, NotSignedIn
from hub.base.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

Kind = Literal["visitor", "customer", "staff", "bot", "system"]
Identity = Literal["pk", "visitor_key"]  # by what a user is found
Credential = Literal["token", "session", "device", "none"]  # what has to hold still
TOKEN_USE_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Person:
    user_id: int | None  # None only for a visitor who has not started anything yet, and for the system
    kind: str  # a Kind
    level: str  # staff: 'agent', 'manager' or 'owner'; else ''
    name: str
    language: str
    departments: frozenset[int]  # staff: where they have a seat
    scopes: frozenset[str]
    two_factor: bool
    rights_version: int
    visitor_key: str | None = None
    site_id: int | None = None
    managed: frozenset[int] = frozenset()  # staff: the departments whose manager they are
    organisation_id: int | None = None
    organisation_role: str = ""  # 'owner', 'manager' or 'employee'; '' outside an organisation
    unit_id: int | None = None
    address_mark: str = ""  # of an unsigned visitor: where their token was asked for
    time_zone: str = ""  # in which they read times; '' where nobody knows

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_owner(self) -> bool:
        """The hub owner, not an organisation's."""
        return self.is_staff and self.level == "owner"

    @property
    def key(self) -> str:
        """Names the person where no foreign key can: limits, idempotency, logs."""
        return f"u:{self.user_id}" if self.user_id is not None else f"v:{self.visitor_key}"

    def may(self, scope: str) -> bool:
        return known_scopes.covers(self.scopes, scope)

    def require(self, scope: str) -> None:
        if not self.may(scope):
            raise MissingScope(scope=scope)


SYSTEM = Person(
    user_id=None,
    kind="system",
    level="",
    name="Balie",
    language="en",
    departments=frozenset(),
    scopes=frozenset({known_scopes.EVERYTHING}),
    two_factor=True,
    rights_version=0,
)


class Ids(TypedDict):
    """What of a customer a prepared statement is given (hub/base/prepared.py)."""

    user_id: int | None
    organisation_id: int | None
    unit_id: int | None


def ids_of(person: Person) -> Ids:
    return Ids(user_id=person.user_id, organisation_id=person.organisation_id, unit_id=person.unit_id)


def customer_of(role: str, *, user_id: int | None, organisation_id: int | None, unit_id: int | None) -> Person:
    """Who asks, for the rights in a prepared statement: a customer of this role whose ids are given at each call."""
    return Person(
        user_id=user_id,
        kind="customer",
        level="",
        name="",
        language="",
        departments=frozenset(),
        scopes=frozenset(),
        two_factor=False,
        rights_version=0,
        organisation_id=organisation_id,
        organisation_role=role,
        unit_id=unit_id,
    )


def standing(person: Person) -> Person:
    """What of somebody's rights makes another prepared statement: where they stand; who they are is given each time."""
    return Person(
        user_id=None,
        kind=person.kind,
        level=person.level,
        name="",
        language="",
        departments=person.departments,
        scopes=frozenset(),
        two_factor=False,
        rights_version=0,
        managed=person.managed,
        organisation_role=person.organisation_role,
    )


def oneself(user: User) -> Person:
    """Who is not signed in yet, or just now, acts for themselves: the actor in the audit log."""
    return Person(
        user_id=user.pk,
        kind=user.kind,
        level=user.level,
        name=user.name,
        language=user.language,
        departments=frozenset(),
        scopes=frozenset(),
        two_factor=False,
        rights_version=user.rights_version,
    )


def load_person(claims: Claims, read_before: object = None) -> Person:
    """The person behind these claims as PostgreSQL has them now; one statement.

    An API token's use is noted, with a second one, at most every five minutes. `read_before`: whom read_signed_in()
    gave within the same request; they are not read once more.

    Raises NotSignedIn (expired, revoked, signed out) or NotAllowed (suspended, no second factor, wrong side).
    """
    now = clock.now()
    if claims.expires_at <= now.timestamp():
        raise NotSignedIn
    user = _known(claims, read_before) or _find_user(claims, now)
    if user is None:
        return _new_visitor(claims)
    _require_sign_in(user, claims)
    _require_allowed(user, claims)
    if claims.token_id is not None:
        _note_use(user, claims, now)
    return person_of(user, claims)


def read_signed_in(user_id: int, session_key: str) -> User | None:
    """Whom a browser's session names, with their rights; whether they may come in is load_person()'s to say."""
    found = _with_rights("pk", "session", key=user_id, credential=session_key, now=clock.now())
    if not found:
        return None
    found[0].read_for_session = session_key  # type: ignore[attr-defined]
    return found[0]


def _known(claims: Claims, user: object) -> User | None:
    """This user, if read_signed_in() gave them for these very claims."""
    if claims.session_key is None or not isinstance(user, User) or user.pk != claims.user_id:
        return None
    return user if getattr(user, "read_for_session", None) == claims.session_key else None


def rights_versions(user_ids: Iterable[int]) -> dict[int, int]:
    """The rights version of each (X2): where it differs from a Person's, load the person again."""
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("pk", "rights_version"))


def _find_user(claims: Claims, now: datetime) -> User | None:
    kind, credential = _credential(claims)
    if claims.user_id is not None:
        found = _with_rights("pk", kind, key=claims.user_id, credential=credential, now=now)
    elif claims.visitor_key is not None:
        found = _with_rights("visitor_key", kind, key=uuid.UUID(claims.visitor_key), credential=credential, now=now)
    else:
        raise NotSignedIn
    return found[0] if found else None


def _note_use(user: User, claims: Claims, now: datetime) -> None:
    used_at: datetime | None = user.token_used_at  # type: ignore[attr-defined]  # annotated by _with_rights
    noted = used_at is not None and used_at > now - TOKEN_USE_NOTED_EVERY
    if not noted and known_scopes.LOAD not in claims.scopes:
        ApiToken.objects.filter(user=user, revoked_at=None, pk=str(claims.token_id)).update(last_used_at=now)


@prepared
def _with_rights(
    by: Identity, kind: Credential, *, key: int | uuid.UUID, credential: Any, now: datetime
) -> QuerySet[User]:
    """One user with all that a Person is made of, and whether what they came with still holds."""
    seats = DepartmentStaff.objects.filter(user=OuterRef("pk"))
    users = User.objects.select_related("membership").annotate(
        seat_ids=ArraySubquery(seats.values("department_id")),
        managed_ids=ArraySubquery(seats.filter(is_manager=True).values("department_id")),
        credential_lives=_lives(kind, credential, now),
    )
    if kind == "token":
        token = ApiToken.objects.filter(pk=credential)
        users = users.annotate(token_used_at=Subquery(token.values("last_used_at")))
    found: QuerySet[User] = users.filter(**{by: key})[:1]
    return found


def _credential(claims: Claims) -> tuple[Credential, Any]:
    if claims.token_id is not None:
        return "token", claims.token_id
    if claims.session_key is not None:
        return "session", claims.session_key
    return ("device", claims.device_id) if claims.device_id is not None else ("none", None)


def _lives(kind: Credential, credential: Any, now: datetime) -> Exists | Value:
    if kind == "token":
        live = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return Exists(ApiToken.objects.filter(live, pk=credential, user=OuterRef("pk"), revoked_at__isnull=True))
    if kind == "session":
        return Exists(BrowserSession.objects.filter(pk=credential, expire_date__gt=now))
    if kind == "device":
        return Exists(SignedInDevice.objects.filter(pk=credential, user=OuterRef("pk"), ended_at__isnull=True))
    return Value(True, output_field=BooleanField())


def _new_visitor(claims: Claims) -> Person:
    if claims.user_id is not None or claims.side != "visitor":
        raise NotSignedIn
    return Person(
        user_id=None,
        kind="visitor",
        level="",
        name="",
        language=claims.language or settings.LANGUAGE_CODE,
        departments=frozenset(),
        scopes=claims.scopes,
        two_factor=False,
        rights_version=0,
        visitor_key=claims.visitor_key,
        site_id=claims.site_id,
        address_mark=claims.address_mark,
    )


def _require_sign_in(user: User, claims: Claims) -> None:
    if not user.credential_lives:  # type: ignore[attr-defined]  # annotated by _with_rights
        raise NotSignedIn
    by_version = claims.token_id is None and claims.user_id is not None
    if by_version and user.sign_in_version != claims.sign_in_version:
        raise NotSignedIn


def _require_allowed(user: User, claims: Claims) -> None:
    if not user.is_active or (hasattr(user, "membership") and user.membership.suspended):
        raise NotAllowed
    if user.kind == User.Kind.STAFF and not claims.two_factor:
        raise SecondFactorMissing
    if user.kind != User.Kind.BOT and (user.kind == User.Kind.STAFF) != (claims.side == "staff"):
        raise NotAllowed


def person_of(user: User, claims: Claims) -> Person:
    """A Person of a user who came from _find_user()."""
    membership = getattr(user, "membership", None)
    return Person(
        user_id=user.pk,
        kind=user.kind,
        level=user.level,
        name=user.name,
        language=user.language or claims.language or settings.LANGUAGE_CODE,
        departments=frozenset(user.seat_ids),  # type: ignore[attr-defined]
        managed=frozenset(user.managed_ids),  # type: ignore[attr-defined]
        scopes=claims.scopes,
        two_factor=claims.two_factor,
        rights_version=user.rights_version,
        visitor_key=claims.visitor_key or (str(user.visitor_key) if user.visitor_key else None),
        site_id=claims.site_id,
        organisation_id=membership.organisation_id if membership else None,
        organisation_role=membership.role if membership else "",
        unit_id=membership.unit_id if membership else None,
        address_mark=claims.address_mark,
        time_zone=user.time_zone,
    )
