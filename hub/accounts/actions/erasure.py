"""To be forgotten (P10): asked for, thought over for some days, then carried out (docs/how/privacy.md)."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hub.accounts import audit
from hub.accounts.access import SYSTEM, Person
from hub.accounts.actions import letters
from hub.accounts.actions.memberships import leave_organisation
from hub.accounts.actions.rights import sign_out_everywhere
from hub.accounts.errors import CannotErase
from hub.accounts.models import ErasureRequest, User
from hub.accounts.privacy import subject_of
from hub.base import clock, erasing, locking
from hub.base.errors import Forbidden
from hub.base.prepared import prepared

AT_ONCE_MAX = 50
ERASED_AGAIN_FOR = timedelta(days=3)

log = structlog.get_logger(__name__)


def find_open(user: User) -> ErasureRequest | None:
    return next(iter(_open_of(user=user.pk)), None)


@prepared
def _open_of(*, user: int) -> QuerySet[ErasureRequest]:
    return ErasureRequest.objects.filter(user=user, cancelled_at=None, done_at=None).order_by("pk")[:1]


def obstacles(user: User) -> list[str]:
    """Why this person cannot be erased now, in words."""
    return erasing.find_obstacles(subject_of(user))


def due_at_if_asked_now() -> datetime:
    return clock.now() + timedelta(days=settings.ERASURE_COOLING_DAYS)


def losses(user: User) -> list[str]:
    """What this person gives up by it, in words."""
    return erasing.find_losses(subject_of(user))


def ask_erasure(actor: Person, user: User) -> ErasureRequest:
    """Asked by the customer, who has just shown who they are. Asking twice is asking once. Raises CannotErase."""
    if actor.user_id != user.pk or actor.kind != "customer":
        raise Forbidden
    _require_free(user)
    now = clock.now()
    try:
        with transaction.atomic():
            request: ErasureRequest = ErasureRequest.objects.create(
                user=user,
                asked_by_id=actor.user_id,
                asked_at=now,
                due_at=due_at_if_asked_now(),
            )
            audit.record(actor, "privacy.erasure.asked", target_kind="user", target_id=user.pk)
            letters.send_erasure_asked(user, due_at=request.due_at)
    except IntegrityError:
        return ErasureRequest.objects.get(user=user, cancelled_at=None, done_at=None)
    return request


@transaction.atomic
def cancel_erasure(actor: Person, user: User) -> None:
    """The customer thought better of it. Without an open request nothing happens."""
    if actor.user_id != user.pk:
        raise Forbidden
    open_one = ErasureRequest.objects.filter(user=user, cancelled_at=None, done_at=None)
    if open_one.update(cancelled_at=clock.now()):
        audit.record(actor, "privacy.erasure.cancelled", target_kind="user", target_id=user.pk)
        letters.send_erasure_cancelled(user)


def erase_now(actor: Person, user: User) -> None:
    """The hub owner does not wait (P5: only the owner deletes customers). Raises Forbidden, CannotErase."""
    if not actor.is_owner:
        raise Forbidden
    carry_out(actor, user)


def erase_visitor(visitor: User) -> None:
    """Somebody who never made an account and stayed away: the nightly job, not a person (P10)."""
    if visitor.kind != User.Kind.VISITOR:
        raise Forbidden
    with transaction.atomic():
        _empty(SYSTEM, visitor)


def carry_out_due() -> None:
    """A job: whose days are over. Who cannot be erased yet is tried again the next time."""
    due = ErasureRequest.objects.filter(cancelled_at=None, done_at=None, due_at__lte=clock.now()).order_by("due_at")
    for request in due.select_related("user")[:AT_ONCE_MAX]:
        try:
            carry_out(SYSTEM, request.user)
        except CannotErase:
            log.info("erasure.waits", account=request.user_id)


@transaction.atomic
def carry_out(actor: Person, user: User) -> None:
    """Empty the person everywhere; every row of ledger and audit stays. Raises CannotErase."""
    locking.one_at_a_time(locking.MERGES)  # nothing may become this person's while they are emptied
    user.refresh_from_db()
    _empty(actor, user)


def _empty(actor: Person, user: User) -> None:
    doubles = list(User.objects.filter(merged_into=user, erased_at=None))  # what was theirs is this person's (A1)
    for one in (user, *doubles):
        erasing.begin(subject_of(one))
    for double in doubles:
        _empty(actor, double)
    subject = subject_of(user)
    _require_free(user)
    now = clock.now()
    # First shut, so that no trigger or query takes them for a customer while the rest is emptied.
    User.objects.filter(pk=user.pk).update(is_active=False, erased_at=now)
    leave_organisation(user.pk)
    erasing.erase(subject)
    sign_out_everywhere(user)
    if not ErasureRequest.objects.filter(user=user, cancelled_at=None, done_at=None).update(done_at=now):
        by = actor.user_id or user.pk
        ErasureRequest.objects.create(user=user, asked_by_id=by, asked_at=now, due_at=now, done_at=now)
    audit.record(actor, "privacy.erasure.done", target_kind="user", target_id=user.pk)
    log.info("erasure.done", account=user.pk)


def erase_again() -> None:
    """A job: whoever was erased lately once more, for what a request under way wrote in that moment."""
    lately = clock.now() - ERASED_AGAIN_FOR
    for user in User.objects.filter(erased_at__gt=lately).order_by("pk"):
        with transaction.atomic():
            erasing.begin(subject_of(user))
            erasing.erase(subject_of(user))


def _require_free(user: User) -> None:
    found = obstacles(user)
    if found:
        raise CannotErase(reasons=found)
