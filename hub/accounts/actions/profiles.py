"""What people change of their own details (P1, P8): name, display name, language, time zone, address, computer."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from hub.accounts import audit, details
from hub.accounts.access import Person
from hub.accounts.errors import Invalid
from hub.accounts.models import CustomerProfile, Layout, User


def _line(characters_max: int) -> details.Cleaner:
    return lambda text: details.clean_line(text, characters_max)


def _layout(text: str) -> str:
    """One of the two (A3); anything else is as the brand has it."""
    return text if text in Layout.values else Layout.AS_BRAND


OF_USER: details.Cleaners = {
    "first_name": details.clean_name,
    "last_name": details.clean_name,
    "display_name": lambda text: details.clean_title(text, 120),
    "language": details.clean_language,
    "time_zone": details.clean_time_zone,
}
OF_CUSTOMER: details.Cleaners = {
    "phone": details.clean_phone,
    "birth_date": details.clean_birth_date,
    "address": _line(160),
    "postcode": _line(16),
    "city": _line(80),
    "computer_brand": _line(80),
    "computer_model": _line(80),
    "operating_system": _line(80),
    "layout": _layout,
}


def change_profile(person: Person, typed: Mapping[str, str]) -> User:
    """Keep what was typed; what is missing stays as it is, what is empty is emptied. Raises Invalid."""
    user: User = User.objects.get(pk=person.user_id)
    profile = CustomerProfile.objects.filter(user=user).first()
    kept, wrong = details.clean_all(typed, {name: by for name, by in OF_USER.items() if name in typed})
    more, wrong_too = details.clean_all(typed, {name: by for name, by in OF_CUSTOMER.items() if name in typed})
    if "first_name" in kept and "last_name" in kept and not (kept["first_name"] or kept["last_name"]):
        wrong["last_name"] = _("Please fill in a name.")
    if wrong or wrong_too:
        raise Invalid(fields={**wrong, **wrong_too})
    if not kept.get("time_zone", "x"):
        del kept["time_zone"]
    if "birth_date" in more:
        more["birth_date"] = more["birth_date"] or None
    with transaction.atomic():
        changed = assign(user, kept)
        changed += assign(profile, more) if profile is not None else []
        if changed:
            audit.record(
                person, "people.profile.changed", target_kind="user", target_id=user.pk, detail={"fields": changed}
            )
    return user


def assign(row: User | CustomerProfile, values: Mapping[str, object]) -> list[str]:
    """The names of what is different now; the row is saved."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
