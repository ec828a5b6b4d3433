"""The outbox for the hub owner: what waits, was sent, failed; never what a message says."""

from __future__ import annotations

import uuid

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import OwnerApiView, audit
from hub.base.api.paging import page
from hub.base.errors import NotFound
from hub.base.models import OutboxMessage
from hub.base.outbox import queries, repeating
from hub.dashboard.api import care_shapes, shapes


class OutboxView(OwnerApiView):
    scope = "site"

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of a recipient or subject"),
            OpenApiParameter("state", str, description="waiting, sent or failed"),
        ],
        responses=care_shapes.OutboxOut(many=True),
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        rows = queries.find(search=request.query_params.get("q", ""), state=request.query_params.get("state", ""))
        return Response(page(request, rows, order=("-pk",), render=lambda found: [_shown(row) for row in found]))


class OutboxRetryView(OwnerApiView):
    scope = "site"

    @extend_schema(request=None, responses=care_shapes.OutboxOut)
    def post(self, request: Request, message_id: int) -> Response:
        """Let a message that failed wait again."""
        with transaction.atomic():
            row = repeating.retry(_known(message_id))
            audit.record(self.person, "outbox.message.retried", target_kind="message", target_id=message_id)
        return Response(_shown(row))


class OutboxResendView(OwnerApiView):
    scope = "site"

    @extend_schema(
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        request=None,
        responses={201: care_shapes.OutboxOut},
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Send the same once more, as a message of its own."""
        key = request.headers.get("Idempotency-Key") or uuid.uuid4().hex
        with transaction.atomic():
            row = repeating.resend(_known(message_id), key)
            audit.record(self.person, "outbox.message.resent", target_kind="message", target_id=message_id)
        return Response(_shown(row), status=201)


class OutboxRetryAllView(OwnerApiView):
    scope = "site"

    @extend_schema(request=None, responses=care_shapes.RetriedOut)
    def post(self, request: Request) -> Response:
        """Let everything that failed and is still of use wait again."""
        with transaction.atomic():
            count = repeating.retry_all()
            audit.record(self.person, "outbox.failed.retried", detail={"count": count})
        return Response(shapes.shown(care_shapes.RetriedOut, {"count": count}))


def _known(message_id: int) -> int:
    if not OutboxMessage.objects.filter(pk=message_id).exists():
        raise NotFound
    return message_id


def _shown(row: OutboxMessage) -> dict[str, object]:
    names = ("channel", "purpose", "to", "subject", "state", "tries", "error", "created_at", "sent_at")
    return shapes.shown(care_shapes.OutboxOut, {"id": str(row.pk), **{name: getattr(row, name) for name in names}})
