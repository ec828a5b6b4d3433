"""`/admin/money/bank/`: transfers that came in at the bank are booked for the orders they name (S2)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from credits.admin.owners import owners_of
from credits.admin.words import UNREADABLE, trouble_text
from credits.ledger.accounts import wallets_by_id
from credits.store import bank_orders
from credits.store.bank_orders import Outcome
from credits.store.open_items import count_open_items
from credits.store.providers.bank_transfer import in_groups
from credits.store.providers.camt053 import FILE_BYTES_MAX
from hub.accounts.public import Invalid, owner_page
from hub.base.errors import BadFrame, DomainError
from hub.base.forms import Filled
from hub.site.public import do_and_go, person_of, refused, shown


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def index(request: HttpRequest) -> HttpResponse:
    """Each line is booked once, so the same statement may be brought again."""
    if request.method != "POST":
        return _page(request, Filled())
    text = request.POST.get("lines", "").replace("\0", "")
    try:
        outcomes = bank_orders.book_statement(person_of(request), _sent(request, text))
    except BadFrame as refusal:
        sentence = UNREADABLE.get(str(refusal.params.get("field")), UNREADABLE["file"])
        wrong = Invalid(fields={"lines": str(sentence)})
        return _page(request, refused(wrong, {"lines": text}), refusal=wrong)
    except DomainError as refusal:
        return _page(request, refused(refusal, {"lines": text}), refusal=refusal)
    return _page(request, Filled(), outcomes=outcomes)


def _sent(request: HttpRequest, text: str) -> bytes:
    """The file that was chosen, else what was pasted. Raises Invalid, BadFrame."""
    file = request.FILES.get("file")
    if file is None:
        if not text.strip():
            raise Invalid(fields={"lines": _("Paste a line, or choose a file.")})
        return text.encode()
    if (file.size or 0) > FILE_BYTES_MAX:
        raise BadFrame(field="length")
    return bytes(file.read())


def _page(
    request: HttpRequest, form: Filled, *, outcomes: list[Outcome] | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    waiting, lines = bank_orders.waiting_orders(), bank_orders.open_lines()
    owners = owners_of(wallets_by_id({one.purchase.wallet_id for one in waiting}))
    found = [_row(one) for one in outcomes or [] if one.booked is not None or one.wrong]
    values = {
        "form": form,
        "configured": bool(settings.BANK_IBAN),
        "outcomes": found,
        "booked": outcomes is not None,
        "left_aside": len(outcomes or []) - len(found),
        "waiting": [
            (one, owners.get(one.purchase.wallet_id), in_groups(str(one.purchase.provider_ref))) for one in waiting
        ],
        "lines": [(line, trouble_text(line.trouble)) for line in lines],
        "items": count_open_items(),
    }
    return shown(request, "admin/money/bank.html", values, refusal)


def _row(outcome: Outcome) -> dict[str, object]:
    booked = outcome.booked
    if booked is None:
        return {"text": outcome.text, "look": "danger", "said": UNREADABLE.get(outcome.wrong, UNREADABLE["file"])}
    if booked.again:
        said, look = _("Was booked before"), ""
    elif booked.trouble:
        said, look = str(trouble_text(booked.trouble)), "caution"
    else:
        said, look = _("Booked; the credits are there"), "ok"
    return {"text": outcome.text, "look": look, "said": said, "line": booked.line, "purchase": booked.purchase}


def _back(request: HttpRequest) -> str:
    return reverse("admin-money-open" if request.POST.get("from") == "list" else "admin-money-bank")


@require_POST
@owner_page
def close(request: HttpRequest, line_id: int) -> HttpResponse:
    person, reason = person_of(request), request.POST.get("reason", "")
    act = lambda: bank_orders.close_line(person, line_id, reason)  # noqa: E731
    return do_and_go(request, act, _("Closed. Your reason is in the audit log."), to=_back(request))


@require_POST
@owner_page
def assign(request: HttpRequest, line_id: int) -> HttpResponse:
    """For an order that the line did not name."""
    person, reference = person_of(request), request.POST.get("reference", "")
    act = lambda: bank_orders.assign_line(person, line_id, reference)  # noqa: E731
    return do_and_go(request, act, _("The line was booked for this order."), to=_back(request))
