"""The hub owner changes what is set on screen (A2). It holds within seconds, with no restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts.public import Invalid, audit
from hub.base import hub_settings as on_screen
from hub.base import snapshots
from hub.base.models import HubSetting
from hub.site import setting_forms
from hub.site.permissions import require_owner

if TYPE_CHECKING:
    from hub.accounts.public import Person


@transaction.atomic
def set_settings(actor: Person, typed: Mapping[str, str], *, days: Mapping[str, str] | None = None) -> list[str]:
    """Each of `typed` by name, and `days` per kind of data; the names that changed. All or nothing.

    Raises Forbidden, Invalid (every field that is wrong).
    """
    require_owner(actor)
    values, wrong = _read_all(typed)
    if days is not None:
        try:
            values["retention_days"] = setting_forms.read_days(days)
        except setting_forms.BadSetting as error:
            wrong |= {f"days_{name}": str(error) for name in days}
    _require_sense(values, wrong)
    if wrong:
        raise Invalid(fields=wrong)
    now = on_screen.hub_settings()
    changed = [name for name, value in values.items() if on_screen.from_json(name, value) != getattr(now, name)]
    for name in changed:
        HubSetting.objects.update_or_create(pk=name, defaults={"value": values[name]})
    if changed:
        snapshots.changed(on_screen.NAME)
        audit.record(actor, "settings.changed", target_kind="settings", detail={"names": changed})
    return changed


def _read_all(typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, text in typed.items():
        try:
            values[name] = setting_forms.read(name, text)
        except setting_forms.BadSetting as error:
            wrong[name] = str(error)
    return values, wrong


def _require_sense(values: Mapping[str, Any], wrong: dict[str, str]) -> None:
    """What two settings say together."""
    ageing, overdue = values.get("queue_ageing_s"), values.get("queue_overdue_s")
    if ageing is not None and overdue is not None and ageing >= overdue:
        wrong["queue_overdue_s"] = _("Red comes after yellow: this must be more.")
