"""Which of the two layouts the customers' pages have for whom (A3)."""

from __future__ import annotations

from django.db.models import QuerySet

from hub.accounts.public import Person, User
from hub.base.brand import Brand, Layout
from hub.base.prepared import prepared


def layout_of(person: Person | None, brand: Brand) -> Layout:
    """What the customer chose, else what their organisation did, else as the brand has it for people like them."""
    if person is None or person.user_id is None or person.is_staff:
        return brand.layout
    own, theirs = next(iter(_chosen(user=person.user_id)), ("", ""))
    if own:
        return _known(own)
    if person.organisation_id is None:
        return brand.layout
    return _known(theirs) if theirs else brand.business_layout


@prepared
def _chosen(*, user: int) -> QuerySet[User, tuple[str | None, str | None]]:
    """By the customer and by their organisation."""
    found: QuerySet[User, tuple[str | None, str | None]] = User.objects.filter(pk=user).values_list(
        "customer_profile__layout", "membership__organisation__layout"
    )
    return found


def _known(text: str) -> Layout:
    return "compact" if text == "compact" else "classic"
