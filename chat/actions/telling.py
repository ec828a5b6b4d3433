"""Tells both sides, and whoever else is concerned, how a session stands now. The last but one step of every action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chat import groups, queries
from chat.models import Session
from chat.wire import codec, outgoing
from hub.base.publish import publish


def tell(session: Session, *, also: Iterable[int | None] = ()) -> None:
    """Publish the session's frame after commit. `also`: staff who do not follow it (yet, or any more)."""
    customer, staff = queries.both_frames(session.pk)
    for_staff = codec.encode(staff)
    items = [
        (groups.session_side(session.pk, "customer"), codec.encode(customer)),
        (groups.session_side(session.pk, "staff"), for_staff),
    ]
    items += [(groups.user(user_id), for_staff) for user_id in dict.fromkeys(also) if user_id is not None]
    publish(items)


def ring(session: Session, *, agent_id: int, expires_at: datetime) -> None:
    """Offer it to this agent: the session as they may see it, then the offer itself."""
    offer = outgoing.SessionOffer(str(session.pk), expires_at)
    tell(session, also=[agent_id])
    publish([(groups.user(agent_id), codec.encode(offer))])
