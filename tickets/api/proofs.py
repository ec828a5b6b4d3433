"""`/api/v1/proof/`: what a guest's browser computes before it may send something (T1)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView
from hub.base.proof_of_work import new_challenge


class ProofOut(serializers.Serializer[dict[str, object]]):
    challenge = serializers.DictField(help_text="As ALTCHA, version 2, takes it; good for twenty minutes, and once")


class ProofView(ApiView):
    public = True

    @extend_schema(responses=ProofOut)
    def get(self, request: Request) -> Response:
        """A challenge. Its solution is sent as base64 of the JSON {"challenge", "solution"}."""
        return Response({"challenge": new_challenge()})
