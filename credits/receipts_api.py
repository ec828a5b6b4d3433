"""`/api/v1/receipts/`: receipts and credit notes of purchases that one may see, as PDF (S4)."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from credits.models import Purchase, Receipt
from credits.store.receipts import file_of, number_of, receipt_seen_by
from hub.accounts.public import ApiView
from hub.base.downloads import download
from hub.base.errors import NotFound


class ReceiptFile(ApiView):
    scope = "credits"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, receipt_id: int) -> HttpResponse:
        """The file, for who sees the purchase."""
        receipt = receipt_seen_by(self.person, receipt_id)
        if receipt is None:
            raise NotFound
        file = file_of(receipt)
        return download(file.content, file.name, file.content_type)


def receipts_of(purchase: Purchase) -> list[dict[str, object]]:
    return [
        {"id": str(one.pk), "number": number_of(one), "kind": one.kind, "issued_at": one.issued_at}
        for one in Receipt.objects.filter(purchase=purchase).order_by("pk")
    ]
