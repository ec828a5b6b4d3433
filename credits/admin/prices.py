"""`/admin/money/prices/`: what credits cost, and what an organisation pays instead (S1, S7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credits.admin.amounts import cents_text, find_basis_points, find_cents, percent_text
from credits.models import SIZES, OrganisationPrice, Package, VatAt
from credits.store.open_items import count_open_items
from credits.store.packages import set_organisation_price, set_package
from credits.store.providers.base import Money
from hub.accounts.public import Invalid, Organisation, Person, owner_page
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.site.public import done_once, person_of, refused, shown

CURRENCY = "EUR"
FIELDS = ("vat", "vat_at", *(f"price-{size}" for size in SIZES))
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@_form_page
@owner_page
def prices(request: HttpRequest) -> HttpResponse:
    """Each size with its price; without one it is not for sale."""
    if request.method != "POST":
        return _page(request, Filled(_now()))
    said = typed(request.POST, FIELDS)
    try:
        wanted = _wanted(said)
        done_once(request, lambda: _set_all(person_of(request), wanted))
    except DomainError as refusal:
        return _page(request, refused(refusal, dict(said)), refusal)
    messages.success(request, _("The prices were saved. What was bought keeps its own."))
    return HttpResponseRedirect(reverse("admin-money-prices"))


def _page(request: HttpRequest, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    own = OrganisationPrice.objects.select_related("organisation", "package").order_by("organisation__name", "package")
    of: dict[Organisation, list[OrganisationPrice]] = {}
    for row in own[:500]:
        of.setdefault(row.organisation, []).append(row)
    values = {
        "form": form,
        "sizes": [_field(form, size) for size in SIZES],
        "vat_ats": [(VatAt.SALE, _("at the sale of the credits")), (VatAt.USE, _("at the use of the credits"))],
        "own": list(of.items()),
        "currency": CURRENCY,
        "items": count_open_items(),
    }
    return shown(request, "admin/money/prices.html", values, refusal)


def _field(form: Filled, size: int) -> tuple[int, str, object, str]:
    """The size, and the name, value and error of its field."""
    name = f"price-{size}"
    return size, name, form.values.get(name, ""), form.errors.get(name, "")


def _now() -> dict[str, object]:
    rows = {row.credits: row for row in Package.objects.all()}
    any_of = next(iter(rows.values()), None)
    values: dict[str, object] = {
        f"price-{size}": cents_text(row.amount_cents) for size, row in rows.items() if row.active
    }
    values["vat"] = percent_text(any_of.vat_bp if any_of else 2100)
    values["vat_at"] = any_of.vat_at if any_of else VatAt.SALE
    return values


def _wanted(said: dict[str, str]) -> list[tuple[int, int | None, int, str]]:
    """(size, cents or None, basis points, when VAT is due). Raises Invalid."""
    wrong: dict[str, str] = {}
    vat_bp = find_basis_points(said["vat"])
    if vat_bp is None:
        wrong["vat"] = _("Write a percentage from 0 to 99, with at most two decimals.")
    found: list[tuple[int, int | None]] = []
    for size in SIZES:
        text = said[f"price-{size}"]
        cents = find_cents(text) if text else None
        if text and not cents:
            wrong[f"price-{size}"] = _("Write an amount above zero, with at most two decimals.")
        found.append((size, cents))
    if wrong or vat_bp is None:
        raise Invalid(fields=wrong)
    return [(size, cents, vat_bp, said["vat_at"]) for size, cents in found]


def _set_all(actor: Person, wanted: list[tuple[int, int | None, int, str]]) -> None:
    """Only what changes, so that the audit log says what did."""
    rows = {row.credits: row for row in Package.objects.all()}
    for size, cents, vat_bp, vat_at in wanted:
        row = rows.get(size)
        if row is None and cents is None:
            continue
        price = cents if cents is not None else row.amount_cents if row else 0
        new = (price, vat_bp, vat_at, cents is not None)
        if row is None or new != (row.amount_cents, row.vat_bp, row.vat_at, row.active):
            currency = row.currency if row else CURRENCY
            set_package(actor, size, Money(price, currency), vat_bp=vat_bp, vat_at=vat_at, active=cents is not None)


@_form_page
@owner_page
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """What one organisation pays instead; an empty field is the price for everybody."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    packages = list(Package.objects.filter(active=True).order_by("credits"))
    if request.method != "POST":
        own = OrganisationPrice.objects.filter(organisation=found).select_related("package")
        now = {f"price-{row.package.credits}": cents_text(row.amount_cents) for row in own}
        return _organisation_page(request, found, packages, Filled(now))
    said = typed(request.POST, [f"price-{row.credits}" for row in packages])
    try:
        wanted = _own_prices(said, packages)
        done_once(request, lambda: _set_own(person_of(request), found.pk, wanted))
    except DomainError as refusal:
        return _organisation_page(request, found, packages, refused(refusal, dict(said)), refusal)
    messages.success(request, _("The prices of this organisation were saved."))
    return HttpResponseRedirect(reverse("admin-organisation-prices", args=[found.pk]))


def _own_prices(said: dict[str, str], packages: list[Package]) -> dict[int, int | None]:
    wrong, found = {}, {}
    for row in packages:
        text = said[f"price-{row.credits}"]
        cents = find_cents(text) if text else None
        if text and not cents:
            wrong[f"price-{row.credits}"] = _("Write an amount above zero, with at most two decimals.")
        found[row.credits] = cents
    if wrong:
        raise Invalid(fields=wrong)
    return found


def _set_own(actor: Person, organisation_id: int, wanted: dict[int, int | None]) -> None:
    rows = OrganisationPrice.objects.filter(organisation=organisation_id)
    now = dict(rows.values_list("package__credits", "amount_cents"))
    for size, cents in wanted.items():
        if now.get(size) != cents:
            set_organisation_price(actor, organisation_id, size, cents)


def _organisation_page(
    request: HttpRequest, found: Organisation, packages: list[Package], form: Filled, refusal: DomainError | None = None
) -> HttpResponse:
    rows = [(row, *_field(form, row.credits)[1:]) for row in packages]
    values = {"organisation": found, "form": form, "rows": rows, "items": count_open_items()}
    return shown(request, "admin/money/organisation_prices.html", values, refusal)
