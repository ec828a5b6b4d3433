"""Websites with the widget on screen: what to put on the page, who may, and how a site signs its users (P11)."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.public import owner_page
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.site.actions import websites as actions
from hub.site.brands import find_brand
from hub.site.form_pages import done_once, person_of, refused, shown
from hub.site.models import BrandRow, Website
from hub.site.portal_site import PORTAL_SITE_KEY


@require_safe
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/websites/`."""
    rows = Website.objects.exclude(site_key=PORTAL_SITE_KEY).select_related("brand__current").order_by("name", "pk")
    return shown(request, "admin/websites.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@owner_page
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request, None)
    return _form(request, None, Filled({"active": True}))


@require_http_methods(["GET", "POST"])
@owner_page
def edit(request: HttpRequest, website_id: int) -> HttpResponse:
    """`/admin/websites/<id>/`."""
    website = _get(website_id)
    if request.method == "POST":
        return _save(request, website)
    return _form(request, website, Filled(_values_of(website)))


def _get(website_id: int) -> Website:
    found = Website.objects.exclude(site_key=PORTAL_SITE_KEY).filter(pk=website_id).first()
    if found is None:
        raise Http404
    return found


def _values_of(website: Website) -> dict[str, object]:
    return {
        "name": website.name,
        "origins": "\n".join(website.origins),
        "brand": website.brand_id or "",
        "active": website.is_active,
    }


def _form(
    request: HttpRequest, website: Website | None, form: Filled, refusal: DomainError | None = None
) -> HttpResponse:
    brands = BrandRow.objects.filter(current__isnull=False).select_related("current").order_by("-is_default", "pk")
    values = {
        "website": website,
        "form": form,
        "brands": [("", _("The default brand")), *((row.pk, row.current.name) for row in brands if row.current)],
        "hub_url": settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/"),
        "look": find_brand(website.brand_id if website else None),
    }
    return shown(request, "admin/website.html", values, refusal)


def _save(request: HttpRequest, website: Website | None) -> HttpResponse:
    values: dict[str, object] = {**typed(request.POST, ["name", "origins", "brand"])}
    values["active"] = "active" in request.POST
    made: list[Website] = []
    try:
        done_once(request, lambda: made.append(actions.save_website(person_of(request), website, _website_in(values))))
    except DomainError as refusal:
        return _form(request, website, refused(refusal, values), refusal)
    messages.success(request, _("The website is saved."))
    if not made:
        return HttpResponseRedirect(reverse("admin-websites"))
    return HttpResponseRedirect(reverse("admin-website", args=[made[0].pk]))


def _website_in(values: Mapping[str, object]) -> actions.WebsiteIn:
    brand = str(values["brand"])
    return actions.WebsiteIn(
        name=str(values["name"]),
        origins=tuple(str(values["origins"]).split()),
        brand_id=int(brand) if brand.isdecimal() and len(brand) < 19 else None,
        is_active=bool(values["active"]),
    )


@require_POST
@owner_page
@sensitive_variables("website")
def renew_secret(request: HttpRequest, website_id: int) -> HttpResponse:
    website = _get(website_id)
    actions.renew_secret(person_of(request), website)
    messages.success(request, _("There is a new secret. The website must sign with it from now on."))
    return HttpResponseRedirect(reverse("admin-website", args=[website.pk]) + "#identity")
