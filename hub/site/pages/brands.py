"""Brands on screen (A3): the list, one of them as a form, how it will look, publishing and undoing that."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import owner_page
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.site import colours, logos
from hub.site.actions import brands as actions
from hub.site.brands import outer_fence, view_of
from hub.site.form_pages import done_once, person_of, refused, shown
from hub.site.models import BrandRow, BrandVersion

LAYOUTS = [("classic", gettext_lazy("Classic")), ("compact", gettext_lazy("Compact"))]
TEXTS = ("name", "colour", "accent", "sender_name", "sender_address", "default_language", "layout", "business_layout")


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/brands/`."""
    rows = []
    for row in BrandRow.objects.select_related("current").order_by("-is_default", "pk"):
        newest = actions.newest_version(row)
        version = row.current or newest
        rows.append({"row": row, "version": version, "has_draft": newest is not None and newest != row.current})
    return shown(request, "admin/brands.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@owner_page
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request, None)
    everything = [code for code, _name in settings.LANGUAGES]
    values = {
        "colour": colours.DEFAULT_COLOUR,
        "accent": colours.DEFAULT_ACCENT,
        "languages": everything,
        "default_language": settings.LANGUAGE_CODE,
        "layout": "classic",
        "business_layout": "compact",
    }
    return _form(request, None, Filled(values))


@require_http_methods(["GET", "POST"])
@owner_page
def edit(request: HttpRequest, brand_id: int) -> HttpResponse:
    """`/admin/brands/<id>/`: the draft where there is one, else what everybody sees."""
    row = _get(brand_id)
    if request.method == "POST":
        return _save(request, row)
    version = actions.newest_version(row)
    return _form(request, row, Filled(_values_of(version) if version else {}))


def _get(brand_id: int) -> BrandRow:
    found = BrandRow.objects.select_related("current").filter(pk=brand_id).first()
    if found is None:
        raise Http404
    return found


def _values_of(version: BrandVersion) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(version, name) for name in TEXTS}
    return values | {"languages": version.languages, "hosts": "\n".join(version.hosts)}


def _form(request: HttpRequest, row: BrandRow | None, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    version = actions.newest_version(row) if row else None
    values = {
        "row": row,
        "form": form,
        "version": version,
        "is_draft": version is not None and (row is None or version != row.current),
        "previous": actions.previous_version(row) if row else None,
        "logo": view_of(version).logo_url if version else "",
        "languages": settings.LANGUAGES,
        "layouts": LAYOUTS,
        "fence": [host for host in outer_fence() if not host.startswith("[")],
        "nearest": _nearest(form.values) if form.errors else {},
    }
    return shown(request, "admin/brand.html", values, refusal)


def _nearest(values: Mapping[str, object]) -> dict[str, str]:
    """What would do, for each colour that does not: a button takes it."""
    found: dict[str, str] = {}
    for name, family in (("colour", colours.BRAND), ("accent", colours.CLAY)):
        colour = str(values.get(name, "")).lower()
        if colours.HEX.fullmatch(colour) and colours.weak_pairs(colour, family):
            found[name] = colours.nearest_readable(colour, family)
    return found


def _save(request: HttpRequest, row: BrandRow | None) -> HttpResponse:
    """What was filled in becomes a draft, and the page that shows it comes next."""
    values: dict[str, object] = {**typed(request.POST, [*TEXTS, "hosts"])}
    values["languages"] = request.POST.getlist("languages")
    for name in ("colour", "accent"):
        values[name] = request.POST.get(f"take_{name}") or values[name]
    made: list[BrandVersion] = []
    person = person_of(request)
    try:
        done_once(request, lambda: made.append(actions.save_draft(person, row, _brand_in(request, values))))
    except DomainError as refusal:
        return _form(request, row, refused(refusal, values), refusal)
    if not made:  # this very form was sent before
        return HttpResponseRedirect(reverse("admin-brands"))
    return HttpResponseRedirect(reverse("admin-brand-preview", args=[made[0].brand_id, made[0].number]))


def _brand_in(request: HttpRequest, values: Mapping[str, object]) -> actions.BrandIn:
    upload = request.FILES.get("logo")
    texts = {name: str(values[name]) for name in TEXTS}
    languages = values["languages"]
    return actions.BrandIn(
        **texts,
        languages=tuple(languages) if isinstance(languages, list) else (),
        hosts=tuple(line for line in str(values["hosts"]).split() if line),
        logo=upload.read(logos.BYTES_MAX + 1) if upload else None,
        no_logo="no_logo" in request.POST,
    )


@require_safe
@owner_page
def preview(request: HttpRequest, brand_id: int, number: int) -> HttpResponse:
    """How a version looks, by day and by night, in both layouts, before anybody else sees it."""
    version = _version(brand_id, number)
    row = _get(brand_id)
    values = {
        "row": row,
        "version": version,
        "shown": view_of(version),
        "is_current": row.current_id == version.pk,
        "unreachable": [host for host in version.hosts if host not in outer_fence()],
        "themes": [("light", _("By day")), ("dark", _("By night"))],
    }
    return shown(request, "admin/brand_preview.html", values)


def _version(brand_id: int, number: int) -> BrandVersion:
    found = BrandVersion.objects.filter(brand=brand_id, number=number).first()
    if found is None:
        raise Http404
    return found


@require_POST
@owner_page
def publish(request: HttpRequest, brand_id: int, number: int) -> HttpResponse:
    """Also how publishing is undone: by publishing the version before."""
    version, row = _version(brand_id, number), _get(brand_id)
    try:
        actions.publish(person_of(request), version)
    except DomainError as refusal:
        return _form(request, row, refused(refusal, _values_of(version)), refusal)
    messages.success(request, _("Published. Everybody sees it within a few seconds."))
    return HttpResponseRedirect(reverse("admin-brand", args=[brand_id]))


@require_POST
@owner_page
def make_default(request: HttpRequest, brand_id: int) -> HttpResponse:
    row = _get(brand_id)
    try:
        actions.make_default(person_of(request), row)
    except DomainError as refusal:
        version = actions.newest_version(row)
        return _form(request, row, refused(refusal, _values_of(version) if version else {}), refusal)
    messages.success(request, _("This is the default brand now."))
    return HttpResponseRedirect(reverse("admin-brands"))


@require_POST
@owner_page
def delete(request: HttpRequest, brand_id: int) -> HttpResponse:
    row = _get(brand_id)
    try:
        actions.delete_brand(person_of(request), row)
    except DomainError as refusal:
        version = actions.newest_version(row)
        return _form(request, row, refused(refusal, _values_of(version) if version else {}), refusal)
    messages.success(request, _("The brand is deleted. Its hosts show the default brand."))
    return HttpResponseRedirect(reverse("admin-brands"))
