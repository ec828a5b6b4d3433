"""Asking somebody in without choosing a password for them (P3, P4; docs/how/sign-in.md).

Who is invited gets a message with a link, signs in by a one-time code to the same address, and then sets a password.
The rows: hub/accounts/credentials.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.accounts.access import Person
from hub.accounts.models import Invitation, User


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

    Staff invite customers and members; the hub owner colleagues; an organisation's owner and managers members of theirs
    (a manager: employees of the own unit). Staff hear when the address belongs to somebody (AddressInUse); an
    organisation does not: whoever has it is asked whether they want to join, and the answer looks the same.
    Raises Invalid (fields), AddressInUse, Forbidden, TooFast.
    """
    raise NotImplementedError


def send_again(actor: Person, invitation: Invitation) -> None:
    """The same message with a new link, good for as long again. Raises Forbidden, Conflict (accepted or withdrawn)."""
    raise NotImplementedError


def withdraw(actor: Person, invitation: Invitation) -> None:
    """It opens nothing any more; an account that was made for it and never used is removed. Raises as send_again."""
    raise NotImplementedError


def accept_all_of(user: User) -> list[Invitation]:
    """At the first sign-in by code or link of an account that was made for an invitation: it gets its place."""
    raise NotImplementedError


def accept(user: User, invitation: Invitation) -> Invitation:
    """Who had an account already says yes to an organisation. Raises Conflict."""
    raise NotImplementedError
