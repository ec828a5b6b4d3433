"""The chats of two accounts that become one (A1)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import Lease, Member, Message, Request, Session
from chat.states import State
from hub.base import formats
from hub.base.merging import Doubles, Merger, mergers


def register() -> None:
    mergers.register(Merger("chat", _run, _tell, _obstacle))


def _obstacle(doubles: Doubles) -> str | None:
    both = Session.objects.filter(customer__in=(doubles.kept_id, doubles.gone_id))
    return _("There is a chat that is not over yet.") if both.exclude(state=State.ENDED).exists() else None


def _tell(doubles: Doubles) -> list[str]:
    count = Session.objects.filter(customer=doubles.gone_id).count()
    return [ngettext("%(n)s chat", "%(n)s chats", count) % {"n": formats.number(count)}] if count else []


def _run(doubles: Doubles) -> None:
    """Conversations change hands as they are: who said what stays, under the account that goes on."""
    ids = list(Session.objects.filter(customer=doubles.gone_id).order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(session__in=ids, author=doubles.gone_id).update(author=doubles.kept_id)
    there = Member.objects.filter(session__in=ids, user=doubles.kept_id).values("session")
    Member.objects.filter(user=doubles.gone_id).exclude(session__in=there).update(user=doubles.kept_id)
    Request.objects.filter(user=doubles.gone_id).delete()
    Lease.objects.filter(user=doubles.gone_id).delete()
    Session.objects.filter(pk__in=ids).update(customer=doubles.kept_id)
