"""What changes what a person may do. Open sockets hear of it at once, and see it within 5 s in any case (X2, P9)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from hub.accounts import audit
from hub.accounts.access import Person
from hub.accounts.models import ApiToken, SignedInDevice, User
from hub.base import clock
from hub.base.publish import control


def raise_rights(user_ids: Iterable[int]) -> None:
    """To be called in the transaction of every change of rights."""
    ids = sorted(set(user_ids))
    User.objects.filter(pk__in=ids).update(rights_version=F("rights_version") + 1)
    control(ids, "revoke")


def sign_out_everywhere(user: User) -> None:
    """End every browser and every widget of this account. API tokens are revoked one by one."""
    SignedInDevice.objects.filter(user=user, ended_at__isnull=True).update(ended_at=clock.now(), session_key=None)
    User.objects.filter(pk=user.pk).update(sign_in_version=F("sign_in_version") + 1)
    raise_rights([user.pk])


@transaction.atomic
def suspend(actor: Person, user: User, *, suspended: bool = True) -> None:
    """Shut an account, or open it again."""
    user.is_active = not suspended
    user.save(update_fields=["is_active"])
    raise_rights([user.pk])
    fact = "people.account.suspended" if suspended else "people.account.opened"
    audit.record(actor, fact, target_kind="user", target_id=user.pk)


@transaction.atomic
def set_password(actor: Person, user: User, password: str) -> None:
    """A new password ends every sign-in that stood on the old one. The caller has validated it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sign_out_everywhere(user)
    audit.record(actor, "people.password.set", target_kind="user", target_id=user.pk)


@transaction.atomic
def revoke_token(actor: Person, token: ApiToken) -> None:
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    raise_rights([token.user_id])
    about = {"token": str(token.pk)}
    audit.record(actor, "people.token.revoked", target_kind="user", target_id=token.user_id, detail=about)
