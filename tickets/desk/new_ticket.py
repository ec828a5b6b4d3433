"""`/admin/tickets/new/`: a ticket on behalf of a customer who calls, mails or stands at the counter (T7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.accounts.public import Department, Invalid, User, finding, staff_page
from hub.base.errors import BadFrame, DomainError, NotFound
from hub.base.filters import number_of
from hub.base.forms import KEY_FIELD, Filled, typed
from hub.base.rich_text import RichText
from hub.site.public import person_of, refused, shown
from tickets import billing, contacts
from tickets.actions.creating import NewTicket, create
from tickets.desk import choices
from tickets.desk.writing import after_deed, html_again, words_of
from tickets.errors import SameKeyOtherContent
from tickets.pages.uploads import files_kept, files_of_form, limits, named
from tickets.states import PRIORITIES, Channel

if TYPE_CHECKING:
    from hub.accounts.public import Person

FIELDS = (
    *("customer", "contact", "department", "subject", "channel", "priority", "agent", "phone", "cc", "tags", "charge"),
    KEY_FIELD,
)
FOUND_MAX = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """For whom first; then what."""
    person = person_of(request)
    if request.method != "POST":
        begun = {**typed(request.GET, ("customer", "department")), "channel": Channel.PHONE, "priority": "normal"}
        return _form(request, Filled(begun))
    said = typed(request.POST, FIELDS)
    try:
        words = words_of(request)
        files = files_of_form(request, person, said[KEY_FIELD])
        number = _make(person, said, words, files)
    except DomainError as refusal:
        form = refused(refusal, {**said, "html": html_again(request)})
        if isinstance(refusal, SameKeyOtherContent):
            form = replace(form, summary=_("You sent this already. Send it again to make another ticket."))
        return _form(request, form, refusal)
    messages.success(request, _("The ticket is made, and the customer is told its number."))
    return HttpResponseRedirect(after_deed(person, number))


def _make(person: Person, said: dict[str, str], words: RichText, files: list[UUID]) -> int:
    """The number of the ticket. The form's key is the ticket's: what arrives twice is one."""
    department_id, customer_id = number_of(said["department"]), number_of(said["customer"])
    if department_id is None:
        raise Invalid(fields={"department": _("Choose a department.")})
    if customer_id is None:
        raise NotFound
    if said["priority"] not in PRIORITIES or said["channel"] not in Channel.values:
        raise BadFrame(field="priority")
    asked = NewTicket(
        department_id=department_id,
        subject=said["subject"],
        html=words.html,
        agent_id=person.user_id if said["agent"] == "me" else None,
        cc=[one for one in said["cc"].replace(";", ",").split(",") if one.strip()],
        phone=said["phone"],
        contact_id=number_of(said["contact"]),
        channel=said["channel"],
        key=said[KEY_FIELD][:40] or None,
        customer_id=customer_id,
        priority=int(PRIORITIES[said["priority"]]),
        tags=said["tags"].split(","),
        charge=said["charge"] == "on",
        files=files,
    )
    return int(create(person, asked).pk)


def _form(request: HttpRequest, form: Filled, refusal: DomainError | None = None) -> HttpResponse:
    person = person_of(request)
    customer = _customer(person, number_of(str(form.values.get("customer", ""))))
    said = request.GET.get("who", "").strip()[:80]
    values: dict[str, Any] = {"form": form, "customer": customer, "search": Filled({"who": said}), "said": said}
    if customer is None:
        return shown(request, "tickets/desk_new_who.html", {**values, "found": _found(person, said)}, refusal)
    prices = billing.prices_m(Department.objects.filter(is_active=True).values_list("pk", flat=True), billing.TICKET)
    departments = list(Department.objects.visible_to(person).filter(is_active=True).order_by("position", "pk"))
    values |= {
        "departments": [("", _("Choose a department")), *((str(row.pk), row.name) for row in departments)],
        "prices": [(row, prices[row.pk]) for row in departments if prices.get(row.pk)],
        "channels": choices.channels(),
        "priorities": choices.priorities(),
        "agents": [("", _("Whoever is free")), ("me", _("Me"))],
        "contacts": contacts.choices_of(person, customer),
        "wallet": billing.wallet_of(customer.pk),
        "limits": limits(),
        "kept": files_kept(person, named(request.POST.getlist("file"))),
    }
    return shown(request, "tickets/desk_new.html", values, refusal)


def _customer(person: Person, customer_id: int | None) -> User | None:
    if customer_id is None:
        return None
    seen = User.objects.visible_to(person).filter(kind=User.Kind.CUSTOMER, erased_at__isnull=True)
    found: User | None = seen.select_related("membership__organisation").filter(pk=customer_id).first()
    return found


def _found(person: Person, said: str) -> list[User]:
    """Customers by the words that were typed, as the list of people finds them."""
    if not said:
        return []
    rows = finding.find_customers(person, finding.Wanted(text=said), after=None, limit=FOUND_MAX)
    ids = [row.pk for row in rows]
    users = User.objects.select_related("membership__organisation").in_bulk(ids)
    return [users[pk] for pk in ids if pk in users]
