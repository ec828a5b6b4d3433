"""`/demo/pay/…`: the page of the payment provider that is none (S2); only where the sandbox is switched on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from credits.models import SandboxPayment
from credits.store.money_text import money_text
from credits.store.providers.sandbox import OUTCOMES, decide, send_notices, take_back

DELAY_S_MAX = 600
COPIES_MAX = 20
AFTERWARDS = ("refund", "chargeback", "chargeback_won")


@csrf_exempt  # it plays a page of somebody else; who knows the address pays, as elsewhere
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, ref: str) -> HttpResponse:
    payment = SandboxPayment.objects.filter(ref=ref).first() if settings.SANDBOX_PAYMENTS else None
    if payment is None:
        raise Http404
    if request.method == "POST":
        return _act(request, payment)
    values = {"payment": payment, "amount": money_text(payment.amount_cents, payment.currency)}
    return render(request, "demo/pay.html", values)


def _act(request: HttpRequest, payment: SandboxPayment) -> HttpResponse:
    outcome, after = request.POST.get("outcome", ""), request.POST.get("after", "")
    if outcome in OUTCOMES:
        decide(payment.ref, OUTCOMES[outcome])
    elif after in AFTERWARDS:
        take_back(payment.ref, after)
    else:
        return HttpResponse(status=400)
    if request.POST.get("webhook", "yes") == "yes":
        delay_s = _number(request.POST.get("delay_s"), 0, DELAY_S_MAX)
        copies = int(_number(request.POST.get("copies"), 1, COPIES_MAX))
        send_notices(payment.ref, delay_s=delay_s, copies=max(1, copies))
    if outcome:
        cancelled = outcome == "cancelled"
        return HttpResponseRedirect(payment.cancel_url if cancelled else payment.return_url)
    return HttpResponseRedirect(request.path)


def _number(text: str | None, default: int, most: int) -> float:
    try:
        return min(most, max(0.0, float(text or default)))
    except ValueError:
        return default
