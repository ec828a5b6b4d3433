"""`/receipts/<id>/`: a receipt or credit note as PDF (S4).

For who may see the purchase: the buyer, the owner of the organisation, staff of the wallet.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from credits.store.receipts import file_of, receipt_seen_by
from hub.accounts.public import signed_in_page
from hub.base.downloads import download
from hub.site.public import person_of


@require_safe
@signed_in_page
def receipt_file(request: HttpRequest, receipt_id: int) -> HttpResponse:
    receipt = receipt_seen_by(person_of(request), receipt_id)
    if receipt is None:
        raise Http404
    file = file_of(receipt)
    return download(file.content, file.name, file.content_type)
