"""Customers from a file and as a file, and two accounts that become one (A1; docs/how/merging.md)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hub.accounts.public import (
    Invalid,
    User,
    audit,
    customer_import,
    customer_list,
    data_exports,
    merging,
    owner_page,
    staff_page,
)
from hub.base import formats
from hub.base.csv_files import csv_file
from hub.base.errors import DomainError, Forbidden, NotFound
from hub.base.forms import Filled
from hub.dashboard.admin.frames import customer_page, open_customer
from hub.site.public import done_once, person_of, refused, said_by, shown

FAULTS_SHOWN = 100


@require_http_methods(["GET", "POST"])
@staff_page
def import_page(request: HttpRequest) -> HttpResponse:
    """A file is looked at first; the second step makes what is good of it."""
    person = person_of(request)
    if not (person.is_owner or person.managed):
        raise Http404
    if request.method != "POST":
        return _import_form(request, Filled())
    try:
        if "content" in request.POST:
            return _import(request, request.POST["content"])
        text = customer_import.decode(_file(request))
        return _report(request, text, customer_import.check(person, text))
    except DomainError as refusal:
        return _import_form(request, refused(refusal, {}), refusal)


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(fields={"file": _("Please choose a file.")})
    return bytes(file.read(customer_import.BYTES_MAX + 1))


def _import(request: HttpRequest, text: str) -> HttpResponse:
    made: list[int] = []
    done_once(request, lambda: made.append(customer_import.import_customers(person_of(request), text)))
    if made:
        said = ngettext("%(n)s customer was added.", "%(n)s customers were added.", made[0])
        messages.success(request, said % {"n": formats.number(made[0])})
    else:
        messages.info(request, _("This was done already."))
    return HttpResponseRedirect(reverse("admin-customers"))


def _import_form(request: HttpRequest, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    values = {"form": form, "columns": customer_import.COLUMNS, "most": customer_import.ROWS_MAX}
    return shown(request, "admin/customers_import.html", values, refusal)


def _report(request: HttpRequest, text: str, found: customer_import.Import) -> HttpResponse:
    faulty = [row for row in found.rows if row.faults]
    values = {
        "form": Filled(),
        "content": text,
        "count": len(found.rows),
        "good": len(found.good),
        "first": found.good[:3],
        "faulty": faulty[:FAULTS_SHOWN],
        "faulty_more": max(0, len(faulty) - FAULTS_SHOWN),
        "unknown": found.unknown,
    }
    return shown(request, "admin/customers_import_report.html", values)


@require_safe
@staff_page
def export_file(request: HttpRequest) -> HttpResponse:
    """Every customer whom one sees, safe for spreadsheets (X4); in the audit log, since it leaves the house."""
    person = person_of(request)
    if not (person.is_owner or person.managed):
        raise Http404
    rows = list(customer_list.rows(person))
    audit.record(person, "people.customers.exported", detail={"count": len(rows)})
    return csv_file("customers", [customer_list.COLUMNS, *rows])


@require_http_methods(["GET", "POST"])
@owner_page
def export_of(request: HttpRequest, customer_id: int) -> HttpResponse:
    """All that is known about this customer, what staff wrote included, for the owner to read and hand over (P10)."""
    person, user = person_of(request), open_customer(request, customer_id)
    form = Filled()
    if request.method == "POST":
        try:
            data_exports.ask_export(person, user, complete=True)
        except DomainError as refusal:
            form = Filled(summary=said_by(refusal))
        else:
            messages.success(request, _("The copy is being made. It is here in a few minutes."))
            return HttpResponseRedirect(reverse("admin-customer-export", args=[user.pk]))
    values = {"form": form, "exports": data_exports.own_exports(person, user)}
    return customer_page(request, user, "admin/customer_export.html", "", values, status=400 if form.summary else 200)


@require_http_methods(["GET", "POST"])
@staff_page
def merge(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Which other account; what would move; then it is done. This customer's account is the one that goes on."""
    person, user = person_of(request), open_customer(request, customer_id)
    if not (person.is_owner or person.managed):
        raise Http404
    said = (request.POST if request.method == "POST" else request.GET).get("other", "").strip()
    form, preview = Filled({"other": said}), None
    try:
        other = _other(request, said) if said else None
        if other is not None and request.method == "POST":
            other_id = other.pk
            done_once(request, lambda: merging.merge(person, user.pk, other_id))
            messages.success(request, _("The two accounts are one now."))
            return HttpResponseRedirect(reverse("admin-customer", args=[user.pk]))
        preview = merging.preview_merge(person, user.pk, other.pk) if other is not None else None
    except (NotFound, Forbidden):
        form = Filled({"other": said}, errors={"other": _("There is no other customer with this number or address.")})
    except DomainError as refusal:
        form = Filled({"other": said}, summary=said_by(refusal))
    values = {"form": form, "preview": preview}
    status = 400 if form.errors or form.summary else 200
    return customer_page(request, user, "admin/customer_merge.html", "", values, status=status)


def _other(request: HttpRequest, said: str) -> User:
    """By login number, e-mail or mobile, among those whom this member of staff sees."""
    found = merging.find_double(person_of(request), said)
    if found is None:
        raise NotFound
    return found
