"""Who has to show that a person sits there (T1): guests, and new accounts that file tickets in a row. No puzzle."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from hub.accounts.public import User
from hub.base import clock
from hub.base.limits import Limit, use
from hub.base.proof_of_work import require_proof
from tickets.models import Ticket

if TYPE_CHECKING:
    from hub.accounts.public import Person

NEW_FOR: Final = timedelta(days=1)
ROW: Final = timedelta(hours=1)


def require_human(actor: Person, customer: User, proof: str) -> None:
    """Raises ProofNeeded; TooFast for guests of one address who send too many (X6).

    Staff, and the hub itself, are known. What is refused later gives the use of the limit back.
    """
    if actor.is_staff or actor.kind == "system":
        return
    is_guest = customer.kind == User.Kind.VISITOR
    if is_guest or _hurries(customer):
        require_proof(proof)
    if is_guest:
        use(Limit("tickets.guests", settings.GUEST_TICKETS_PER_HOUR, 3600), actor.address_mark or actor.key)


def _hurries(customer: User) -> bool:
    """A new account with that many tickets in so little time."""
    now = clock.now()
    if customer.created_at < now - NEW_FOR:
        return False
    return (
        Ticket.objects.filter(customer=customer, created_at__gt=now - ROW).count()
        >= settings.NEW_ACCOUNT_TICKETS_PER_HOUR
    )
