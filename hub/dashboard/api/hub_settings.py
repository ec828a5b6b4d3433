"""`/settings/` (A2)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hub.dashboard.api.owners import OwnerApiView
from hub.site import public as site


class SettingsView(OwnerApiView):
    @extend_schema(responses=serializers.DictField())
    def get(self, request: Request) -> Response:
        """Every setting by its name, as it stands in its field on the screen."""
        return Response(site.settings_as_text())

    @extend_schema(request=serializers.DictField(), responses=serializers.DictField())
    def patch(self, request: Request) -> Response:
        """Change those that are sent, all or none; each as text, as on the screen."""
        sent = request.data if isinstance(request.data, dict) else {}
        known = site.settings_as_text()
        if set(sent) - set(known):
            raise serializers.ValidationError({name: ["There is no such setting."] for name in set(sent) - set(known)})
        typed = {name: _as_typed(value) for name, value in sent.items()}
        site.set_settings(self.person, typed)
        return Response(site.settings_as_text())


def _as_typed(value: object) -> str:
    return {True: "on", False: ""}[value] if isinstance(value, bool) else str(value)
