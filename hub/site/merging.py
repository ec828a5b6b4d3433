"""What sites know of two accounts that become one (A1): their users lead to the one that goes on."""

from __future__ import annotations

from django.utils.translation import ngettext

from hub.base import formats
from hub.base.merging import Doubles, Merger, mergers
from hub.site.models import ExternalIdentity


def register() -> None:
    mergers.register(Merger("site", _run, _tell))


def _tell(doubles: Doubles) -> list[str]:
    count = ExternalIdentity.objects.filter(user=doubles.gone_id).count()
    said = ngettext("The sign-in of %(n)s website", "The sign-ins of %(n)s websites", count)
    return [said % {"n": formats.number(count)}] if count else []


def _run(doubles: Doubles) -> None:
    ExternalIdentity.objects.filter(user=doubles.gone_id).update(user=doubles.kept_id)
