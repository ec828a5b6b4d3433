"""`/wallet/voucher/`: a code gives credits (S1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credits.reader_wallet import wallet_of_reader
from credits.store.purchases import may_buy
from credits.store.vouchers import redeem
from hub.accounts.public import customer_page
from hub.base import formats
from hub.base.addresses import client_address
from hub.base.errors import DomainError
from hub.base.forms import Filled, typed
from hub.site.public import person_of, said_by

CODE_CHARACTERS_MAX = 64
REFUSED = 409


@require_http_methods(["GET", "HEAD", "POST"])
@customer_page
def voucher(request: HttpRequest) -> HttpResponse:
    """Wrong tries are counted, so it is redeemed outside of any transaction. The same code again says what it gave."""
    person = person_of(request)
    wallet = wallet_of_reader(request, person)
    if wallet is None:
        raise Http404
    if wallet.unmetered:
        return render(request, "portal/wallet_vip.html")
    if not may_buy(person):
        return render(request, "portal/top_up_not.html", {"wallet": wallet})
    if request.method != "POST":
        return render(request, "portal/voucher.html", {"form": Filled()})
    code = typed(request.POST, ["code"])["code"][:CODE_CHARACTERS_MAX]
    try:
        given = redeem(person, code, address=client_address(request.META))
    except DomainError as refusal:
        form = Filled(values={"code": code}, errors={"code": said_by(refusal)})
        return render(request, "portal/voucher.html", {"form": form}, status=REFUSED)
    text = _("The voucher gave you %(amount)s credits.") % {"amount": formats.credits(given.credits_m)}
    if given.expires_at is not None:
        text += " " + _("Use them before %(day)s.") % {"day": formats.day(given.expires_at)}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("portal-wallet"))
