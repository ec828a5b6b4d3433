"""`/api/v1/approvals/`: what waits for a second person (L6, M6), and what was answered."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from credits import shapes
from credits.approvals import approve, decline
from credits.models import Approval
from credits.permissions import may_approve
from hub.accounts.public import Person, StaffApiView
from hub.base.api.paging import page
from hub.base.errors import BadFrame


class Approvals(StaffApiView):
    scope = "credits"

    @extend_schema(
        parameters=[OpenApiParameter("state", str, description="open (the default) or answered")],
        responses=shapes.ApprovalOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Of wallets that one may see, the newest first."""
        state = request.query_params.get("state", "open")
        if state not in ("open", "answered"):
            raise BadFrame(field="state")
        rows = Approval.objects.visible_to(self.person).select_related("asked_by", "answered_by")
        is_open = {"state": Approval.State.OPEN}
        rows = rows.filter(**is_open) if state == "open" else rows.exclude(**is_open)
        return Response(
            page(request, rows, order=("-pk",), render=lambda found: [_shown(self.person, row) for row in found])
        )


class Approve(StaffApiView):
    scope = "credits"

    @extend_schema(request=None, responses=shapes.ApprovalOut)
    def post(self, request: Request, approval_id: int) -> Response:
        """Do what was asked, as the second person; never what one asked oneself."""
        return Response(_shown(self.person, approve(self.person, approval_id)))


class Decline(StaffApiView):
    scope = "credits"

    @extend_schema(request=None, responses=shapes.ApprovalOut)
    def post(self, request: Request, approval_id: int) -> Response:
        """It will not be done; who asked may withdraw it by this too."""
        return Response(_shown(self.person, decline(self.person, approval_id)))


def _shown(person: Person, row: Approval) -> dict[str, object]:
    said = {
        "id": str(row.pk),
        "what": row.what,
        "wallet": str(row.wallet_id),
        "amount_m": row.amount_m,
        "reference": row.reference,
        "reason": row.reason,
        "text": row.text,
        "state": row.state,
        "asked_by": {"id": str(row.asked_by_id), "name": row.asked_by.name},
        "asked_at": row.asked_at,
        "answered_by": {"id": str(row.answered_by_id), "name": row.answered_by.name} if row.answered_by else None,
        "answered_at": row.answered_at,
        "may_approve": row.state == Approval.State.OPEN and may_approve(person, row),
    }
    return dict(shapes.ApprovalOut(said).data)
