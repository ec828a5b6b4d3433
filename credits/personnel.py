"""The personnel of an organisation as its owner, its managers and its employees see it (P4). Reads only.

Each page costs the same number of statements, however many people there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.core import signing
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from credits.allowances import Allowance, read_allowances
from credits.ledger.accounts import WalletView, wallet_of_organisation
from credits.models import LimitRequest
from hub.accounts.public import Authority, Invitation, Membership, Organisation, Unit, finding, shown_name
from hub.base import clock
from hub.base.errors import BadFrame
from hub.base.prepared import prepared

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE = 50
INVITED_SHOWN = 200
_CURSOR = "credits.personnel"
_COLUMNS = (
    *("pk", "organisation_id", "user_id", "unit_id", "unit__name", "role", "suspended"),
    *("user__login_number", "user__email", "user__mobile"),
    *("user__display_name", "user__first_name", "user__last_name"),
)
# Requests are answered in steps that are worth a click.
STEP_M = 5_000


@dataclass(frozen=True, slots=True)
class Member:
    """One row. `may_change`: the reader may suspend, limit or remove them."""

    user_id: int
    name: str
    login: str
    email: str
    mobile: str
    role: str
    unit_id: int | None
    unit: str
    suspended: bool
    is_reader: bool
    is_at_limit: bool
    may_change: bool
    allowance: Allowance


@dataclass(frozen=True, slots=True)
class Invited:
    id: int
    name: str
    address: str
    role: str
    unit: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at the limit who waits for an answer. `step_m` is what one click gives."""

    id: int
    user_id: int
    name: str
    allowance: Allowance
    step_m: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    id: int
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`shows_amounts` is False for a VIP (P12). `next` is the cursor of the page that follows, or ''."""

    organisation: Organisation
    authority: Authority
    wallet: WalletView
    members: list[Member]
    invited: list[Invited]
    units: list[UnitRow]
    asked: list[Asked]
    next: str

    @property
    def shows_amounts(self) -> bool:
        return not self.wallet.unmetered


def read_overview(
    person: Person, authority: Authority, *, text: str = "", unit_id: int | None = None, cursor: str = ""
) -> Overview:
    """A page of the personnel that this authority covers, by first name. Raises BadFrame for a strange cursor."""
    organisation = authority.organisation
    wallet = wallet_of_organisation(organisation.pk)
    if text or cursor:
        members = _after(_found(_seen(authority), text, unit_id), cursor)
        rows = [_Row(*row) for row in members.values_list(*_COLUMNS)[: PAGE + 1]]
    else:
        chosen = unit_id is not None
        found = _first(authority.whole, chosen, **_of(authority), chosen_unit_id=unit_id)
        rows = [_Row(*row) for row in found]
    shown = rows[:PAGE]
    return Overview(
        organisation=organisation,
        authority=authority,
        wallet=wallet,
        members=_described(person, authority, wallet, shown),
        invited=_invited(authority),
        units=read_units(authority),
        asked=read_asked(authority, wallet),
        next=_seal(shown[-1]) if len(rows) > PAGE else "",
    )


@dataclass(frozen=True, slots=True)
class Own:
    """How a member stands who has nobody to look after. `has_asked`: a request of theirs is open."""

    member: Membership
    allowance: Allowance
    has_asked: bool
    shows_amounts: bool


def read_own(person: Person) -> Own | None:
    """None for who belongs to no organisation."""
    members = Membership.objects.select_related("organisation", "unit", "user")
    member = members.filter(user=person.user_id).first()
    if member is None:
        return None
    wallet = wallet_of_organisation(member.organisation_id)
    asked = LimitRequest.objects.filter(
        state=LimitRequest.State.OPEN, allowance__wallet=wallet.id, allowance__user=member.user_id
    )
    allowance = read_allowances(wallet.id, [member.user_id])[member.user_id]
    return Own(member, allowance, asked.exists(), not (wallet.unmetered or member.user.vip))


def read_member(person: Person, authority: Authority, user_id: int) -> Member | None:
    """One of those whom they see."""
    wallet = wallet_of_organisation(authority.organisation.pk)
    found = _seen(authority).filter(user=user_id).values_list(*_COLUMNS)
    rows = _described(person, authority, wallet, [_Row(*row) for row in found])
    return rows[0] if rows else None


class _Row(NamedTuple):
    """A member with the columns of _COLUMNS."""

    pk: int
    organisation_id: int
    user_id: int
    unit_id: int | None
    unit: str | None
    role: str
    suspended: bool
    login: str
    email: str | None
    mobile: str | None
    display_name: str
    first_name: str
    last_name: str


class _Of(TypedDict):
    """Of an authority what the statements below are given."""

    organisation_id: int
    unit_id: int


def _of(authority: Authority) -> _Of:
    return _Of(organisation_id=authority.organisation.pk, unit_id=authority.unit_id or 0)


def _seen(authority: Authority) -> QuerySet[Membership]:
    return _members(authority.whole, **_of(authority))


def _members(whole: bool, *, organisation_id: int, unit_id: int) -> QuerySet[Membership]:
    members = Membership.objects.filter(organisation=organisation_id)
    if not whole:
        members = members.filter(unit=unit_id)
    return members.order_by("user__first_name", "user__last_name", "pk")


@prepared
def _first(
    whole: bool, chosen: bool, *, organisation_id: int, unit_id: int, chosen_unit_id: int | None
) -> QuerySet[Membership, tuple[Any, ...]]:
    """The first page of everybody, or of one unit."""
    members = _members(whole, organisation_id=organisation_id, unit_id=unit_id)
    if chosen:
        members = members.filter(unit=chosen_unit_id)
    found: QuerySet[Membership, tuple[Any, ...]] = members.values_list(*_COLUMNS)
    return found[: PAGE + 1]


def _found(members: QuerySet[Membership], text: str, unit_id: int | None) -> QuerySet[Membership]:
    """What is typed is looked for as staff look for customers: by name, number, mail and phone, without accents."""
    if unit_id is not None:
        members = members.filter(unit=unit_id)
    return members.filter(user__in=finding.matching(text)) if text else members


def _seal(last: _Row) -> str:
    return signing.dumps([last.first_name, last.last_name, last.pk], salt=_CURSOR)


def _after(members: QuerySet[Membership], cursor: str) -> QuerySet[Membership]:
    if not cursor:
        return members
    try:
        first, last, pk = signing.loads(cursor, salt=_CURSOR)
    except (signing.BadSignature, ValueError) as error:
        raise BadFrame(field="cursor") from error
    same_first, same_last = Q(user__first_name=first), Q(user__last_name=last)
    return members.filter(
        Q(user__first_name__gt=first) | same_first & Q(user__last_name__gt=last) | same_first & same_last & Q(pk__gt=pk)
    )


def _described(person: Person, authority: Authority, wallet: WalletView, members: Sequence[_Row]) -> list[Member]:
    allowances = read_allowances(wallet.id, [row.user_id for row in members])
    return [
        Member(
            user_id=row.user_id,
            name=shown_name(row.display_name, row.first_name, row.last_name, row.login),
            login=row.login,
            email=row.email or "",
            mobile=row.mobile or "",
            role=row.role,
            unit_id=row.unit_id,
            unit=row.unit or "",
            suspended=row.suspended,
            is_reader=row.user_id == person.user_id,
            is_at_limit=allowances[row.user_id].left_m == 0,
            may_change=authority.covers(row) and row.user_id != person.user_id,
            allowance=allowances[row.user_id],
        )
        for row in members
    ]


def _invited(authority: Authority) -> list[Invited]:
    """Open invitations, by the name under which they were sent: whether it has an account is not to be seen here."""
    now = clock.now()
    rows = _invitations(authority.whole, **_of(authority))
    return [
        Invited(
            id=row.pk,
            name=f"{row.first_name} {row.last_name}".strip(),
            address=row.email or row.mobile,
            role=row.role,
            unit=row.unit.name if row.unit else "",
            is_over=row.expires_at <= now,
        )
        for row in rows
    ]


def open_invitations(authority: Authority) -> QuerySet[Invitation]:
    """Those that this authority may send again or take back."""
    return _open(authority.whole, **_of(authority))


@prepared
def _invitations(whole: bool, *, organisation_id: int, unit_id: int) -> QuerySet[Invitation]:
    found = _open(whole, organisation_id=organisation_id, unit_id=unit_id)
    return found.select_related("unit").order_by("-pk")[:INVITED_SHOWN]


def _open(whole: bool, *, organisation_id: int, unit_id: int) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(organisation=organisation_id, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return found if whole else found.filter(unit=unit_id, role=Membership.Role.EMPLOYEE)


def read_units(authority: Authority) -> list[UnitRow]:
    return [UnitRow(*row) for row in _units(authority.whole, **_of(authority))]


@prepared
def _units(whole: bool, *, organisation_id: int, unit_id: int) -> QuerySet[Unit, tuple[int, str, int]]:
    units = Unit.objects.filter(organisation=organisation_id)
    if not whole:
        units = units.filter(pk=unit_id)
    people = Membership.objects.filter(unit=OuterRef("pk")).order_by().values("unit").annotate(n=Count("pk"))
    counted = units.annotate(people=Coalesce(Subquery(people.values("n")), 0)).order_by("name", "pk")
    rows: QuerySet[Unit, tuple[int, str, int]] = counted.values_list("pk", "name", "people")
    return rows


def read_asked(authority: Authority, wallet: WalletView) -> list[Asked]:
    """Who waits for an answer, the oldest first."""
    rows = [row for row in _requests(wallet=wallet.id) if _may_answer(authority, row)]
    allowances = read_allowances(wallet.id, [row.allowance.user_id for row in rows])
    return [_asked(row, allowances[row.allowance.user_id]) for row in rows]


@prepared
def _requests(*, wallet: int) -> QuerySet[LimitRequest]:
    open_ones = LimitRequest.objects.filter(state=LimitRequest.State.OPEN, allowance__wallet=wallet)
    return open_ones.select_related("allowance__user__membership").order_by("pk")


def _may_answer(authority: Authority, row: LimitRequest) -> bool:
    member = getattr(row.allowance.user, "membership", None)
    return member is not None and authority.covers(member)


def _asked(row: LimitRequest, allowance: Allowance) -> Asked:
    return Asked(row.pk, row.allowance.user_id, row.allowance.user.name, allowance, step_of(allowance))


def step_of(allowance: Allowance) -> int:
    """What one click adds: a quarter of the limit, in whole steps, at least one."""
    quarter_m = (allowance.limit_m or 0) // 4
    return max(STEP_M, (quarter_m + STEP_M - 1) // STEP_M * STEP_M)
