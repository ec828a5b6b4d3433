"""Who may see and do what with a live session (P4, P5, P6). Every look-up from outside starts here (X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from chat.errors import NotYours
from chat.models import Session
from chat.states import State
from hub.base.errors import Forbidden, NotFound

if TYPE_CHECKING:
    from chat.models.sessions import SessionQuerySet
    from hub.accounts.access import Person

S = TypeVar("S", bound="SessionQuerySet")


def visible_sessions(sessions: S, person: Person) -> S:
    """The sessions that this person may open."""
    if person.kind == "system":
        return sessions
    if person.user_id is None:
        return sessions.none()
    if person.kind == "staff":
        return _visible_to_staff(sessions, person)
    if person.kind in ("visitor", "customer"):
        return _visible_to_customer(sessions, person)
    if person.kind == "bot":
        return sessions.filter(members__user=person.user_id, members__gone=False)
    return sessions.none()


def visible_parts(sessions: S, person: Person) -> list[S]:
    """What visible_sessions() shows, in parts each of which is found by an index in its order; they may overlap."""
    if person.kind in ("visitor", "customer") and person.user_id is not None:
        return [sessions.filter(part) for part in _parts_for_customer(person)]
    return [visible_sessions(sessions, person)]


def _visible_to_customer(sessions: S, person: Person) -> S:
    seen = Q()
    for part in _parts_for_customer(person):
        seen |= part
    return sessions.filter(seen)


def _parts_for_customer(person: Person) -> list[Q]:
    """Own ones; of those that members started as members, the owner sees all and a manager the unit's people's (P4).

    What somebody talked about before they joined, or after they left, is nobody else's.
    """
    own = Q(customer=person.user_id)
    if person.organisation_role == "owner":
        return [own, Q(organisation=person.organisation_id)]
    if person.organisation_role == "manager":
        return [own, Q(organisation=person.organisation_id, customer__membership__unit=person.unit_id)]
    return [own]


def _visible_to_staff(sessions: S, person: Person) -> S:
    if person.is_owner:
        return sessions
    seen = _own_work(person) | _unassigned_work(person) | _history_of_own_work(person)
    return sessions.filter(seen | Q(department__in=person.managed))


def _own_work(person: Person) -> Q:
    me = person.user_id
    return Q(agent=me) | Q(offered_to=me) | Q(wrapup_agent=me) | Q(customer__customer_profile__bound_agent=me)


def _unassigned_work(person: Person) -> Q:
    """What waits in own departments, unless it is exclusively a colleague's (P6)."""
    waits = Q(agent=None, department__in=person.departments) & ~Q(state=State.ENDED)
    return waits & (Q(only_agent=None) | Q(only_agent=person.user_id))


def _history_of_own_work(person: Person) -> Q:
    """The earlier sessions, in own departments, of the customers one is talking with now (C15)."""
    talking = Session.objects.filter(agent=person.user_id, customer=OuterRef("customer")).exclude(state=State.ENDED)
    return Q(Exists(talking), department__in=person.departments)


def get_visible(person: Person, session_id: str | UUID) -> Session:
    """The session, if this person may see it. Raises NotFound, also for what does not exist."""
    key = parse_id(session_id)
    found = Session.objects.visible_to(person).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def parse_id(session_id: str | UUID) -> UUID:
    """Raises NotFound for what cannot be an id of ours."""
    if isinstance(session_id, UUID):
        return session_id
    try:
        return UUID(session_id)
    except ValueError:
        raise NotFound from None


def require_customer(session: Session, person: Person) -> None:
    """Only who the conversation is with: an organisation's owner may read along, not speak for the member."""
    if session.customer_id != person.user_id:
        raise Forbidden


def require_staff(person: Person) -> int:
    """Their user id. Raises Forbidden."""
    if not person.is_staff or person.user_id is None:
        raise Forbidden
    return person.user_id


def require_agent(session: Session, person: Person) -> None:
    if not person.is_staff or session.agent_id is None or session.agent_id != person.user_id:
        raise NotYours


def is_in_charge(session: Session, person: Person) -> bool:
    """Managers of its department and the owner may end any session."""
    return person.is_owner or session.department_id in person.managed


def refundable_by(sessions: S, person: Person) -> S:
    """Those of which this member of staff may give credits back: the own ones, and those they are in charge of (M6)."""
    if person.is_owner:
        return sessions
    return sessions.filter(Q(agent=person.user_id) | Q(department__in=person.managed))


def is_own_work(session: Session, person: Person) -> bool:
    """What an agent opens every day; everything else that staff open is audited (P9)."""
    mine = {session.agent_id, session.offered_to_id, session.wrapup_agent_id, session.first_agent_id}
    waits = session.agent_id is None and session.state != State.ENDED and session.department_id in person.departments
    return person.user_id in mine or waits
