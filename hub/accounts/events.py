"""What people tells the apps above (hub.base.events), in the transaction in which it happened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """Somebody belongs to an organisation now, and pays from its wallet, up to `limit_m` a month (None: no limit)."""

    user_id: int
    organisation_id: int
    limit_m: int | None = None


@dataclass(frozen=True, slots=True)
class MemberLeft:
    """Somebody does not belong to it any more: the own wallet wakes up again."""

    user_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class CapacityChanged:
    """A member of staff takes this many chats at once from now on."""

    user_id: int
    capacity: int
