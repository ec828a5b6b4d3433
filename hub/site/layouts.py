"""Which of the two layouts the customers' pages have for whom (A3)."""

from __future__ import annotations

from hub.accounts.public import CustomerProfile, Organisation, Person
from hub.base.brand import Brand, Layout


def layout_of(person: Person | None, brand: Brand) -> Layout:
    """What the customer chose, else what their organisation did, else as the brand has it for people like them."""
    if person is None or person.user_id is None or person.is_staff:
        return brand.layout
    own = CustomerProfile.objects.filter(pk=person.user_id).values_list("layout", flat=True).first()
    if own:
        return _known(own)
    if person.organisation_id is None:
        return brand.layout
    theirs = Organisation.objects.filter(pk=person.organisation_id).values_list("layout", flat=True).first()
    return _known(theirs) if theirs else brand.business_layout


def _known(text: str) -> Layout:
    return "compact" if text == "compact" else "classic"
