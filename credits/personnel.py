"""The personnel of an organisation as its owner, its managers and its employees see it (P4). Reads only.

Each page costs the same number of statements, however many people there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.db.models import Count, Q, QuerySet

from credits.allowances import Allowance, read_allowances
from credits.ledger.accounts import WalletView, get_wallet, open_wallet
from credits.models import LimitRequest
from hub.accounts.public import Authority, Invitation, Membership, Organisation, Unit, finding
from hub.base import clock
from hub.base.errors import BadFrame

if TYPE_CHECKING:
    from hub.accounts.public import Person

PAGE = 50
INVITED_SHOWN = 200
_CURSOR = "credits.personnel"
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
    wallet = get_wallet(open_wallet(organisation_id=organisation.pk))
    rows = list(_after(_found(_seen(authority), text, unit_id), cursor)[: PAGE + 1])
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
    wallet = get_wallet(open_wallet(organisation_id=member.organisation_id))
    asked = LimitRequest.objects.filter(
        state=LimitRequest.State.OPEN, allowance__wallet=wallet.id, allowance__user=member.user_id
    )
    allowance = read_allowances(wallet.id, [member.user_id])[member.user_id]
    return Own(member, allowance, asked.exists(), not (wallet.unmetered or member.user.vip))


def read_member(person: Person, authority: Authority, user_id: int) -> Member | None:
    """One of those whom they see."""
    wallet = get_wallet(open_wallet(organisation_id=authority.organisation.pk))
    rows = _described(person, authority, wallet, _seen(authority).filter(user=user_id))
    return rows[0] if rows else None


def _seen(authority: Authority) -> QuerySet[Membership]:
    members = Membership.objects.filter(organisation=authority.organisation).select_related("user", "unit")
    if not authority.whole:
        members = members.filter(unit=authority.unit_id or 0)
    return members.order_by("user__first_name", "user__last_name", "pk")


def _found(members: QuerySet[Membership], text: str, unit_id: int | None) -> QuerySet[Membership]:
    """What is typed is looked for as staff look for customers: by name, number, mail and phone, without accents."""
    if unit_id is not None:
        members = members.filter(unit=unit_id)
    return members.filter(user__in=finding.matching(text)) if text else members


def _seal(last: Membership) -> str:
    return signing.dumps([last.user.first_name, last.user.last_name, last.pk], salt=_CURSOR)


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


def _described(person: Person, authority: Authority, wallet: WalletView, rows: Iterable[Membership]) -> list[Member]:
    members = list(rows)
    allowances = read_allowances(wallet.id, [row.user_id for row in members])
    return [
        Member(
            user_id=row.user_id,
            name=row.user.name,
            login=row.user.login_number,
            email=row.user.email or "",
            mobile=row.user.mobile or "",
            role=row.role,
            unit_id=row.unit_id,
            unit=row.unit.name if row.unit else "",
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
    rows = open_invitations(authority).select_related("unit").order_by("-pk")[:INVITED_SHOWN]
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
    found = Invitation.objects.filter(
        organisation=authority.organisation, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    if not authority.whole:
        found = found.filter(unit=authority.unit_id or 0, role=Membership.Role.EMPLOYEE)
    return found


def read_units(authority: Authority) -> list[UnitRow]:
    units = Unit.objects.filter(organisation=authority.organisation)
    if not authority.whole:
        units = units.filter(pk=authority.unit_id or 0)
    counted = units.annotate(people=Count("memberships")).order_by("name", "pk")
    return [UnitRow(unit.pk, unit.name, unit.people) for unit in counted]


def read_asked(authority: Authority, wallet: WalletView) -> list[Asked]:
    """Who waits for an answer, the oldest first."""
    open_ones = LimitRequest.objects.filter(state=LimitRequest.State.OPEN, allowance__wallet=wallet.id)
    rows = list(open_ones.select_related("allowance__user__membership").order_by("pk"))
    rows = [row for row in rows if _may_answer(authority, row)]
    allowances = read_allowances(wallet.id, [row.allowance.user_id for row in rows])
    return [_asked(row, allowances[row.allowance.user_id]) for row in rows]


def _may_answer(authority: Authority, row: LimitRequest) -> bool:
    member = getattr(row.allowance.user, "membership", None)
    return member is not None and authority.covers(member)


def _asked(row: LimitRequest, allowance: Allowance) -> Asked:
    return Asked(row.pk, row.allowance.user_id, row.allowance.user.name, allowance, step_of(allowance))


def step_of(allowance: Allowance) -> int:
    """What one click adds: a quarter of the limit, in whole steps, at least one."""
    quarter_m = (allowance.limit_m or 0) // 4
    return max(STEP_M, (quarter_m + STEP_M - 1) // STEP_M * STEP_M)
