"""`/websites/`: those that carry the widget (C13, P11)."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.base.api.paging import page
from hub.base.api.parsing import Said, said_in
from hub.base.errors import NotFound
from hub.dashboard.api import setup_shapes, shapes
from hub.dashboard.api.owners import OwnerApiView
from hub.site import public as site


class WebsitesView(OwnerApiView):
    @extend_schema(responses=setup_shapes.WebsiteOut(many=True))
    def get(self, request: Request) -> Response:
        rows = site.all_websites()
        return Response(page(request, rows, order=("pk",), render=lambda found: [_website(row) for row in found]))

    @extend_schema(request=setup_shapes.WebsiteIn, responses={201: setup_shapes.WebsiteOut})
    def post(self, request: Request) -> Response:
        """Let another website carry the widget."""
        made = site.save_website(self.person, None, _website_in(said_in(setup_shapes.WebsiteIn, request)))
        return Response(_website(made), status=201)


class WebsiteView(OwnerApiView):
    @extend_schema(responses=setup_shapes.WebsiteOut)
    def get(self, request: Request, website_id: int) -> Response:
        return Response(_website(_get_website(website_id)))

    @extend_schema(request=setup_shapes.WebsiteIn, responses=setup_shapes.WebsiteOut)
    def put(self, request: Request, website_id: int) -> Response:
        row = _get_website(website_id)
        return Response(
            _website(site.save_website(self.person, row, _website_in(said_in(setup_shapes.WebsiteIn, request))))
        )


def _get_website(website_id: int) -> site.Website:
    found = site.all_websites().filter(pk=website_id).first()
    if found is None:
        raise NotFound
    return found


def _website_in(said: Said) -> site.WebsiteIn:
    return site.WebsiteIn(said["name"], tuple(said["origins"]), said["brand"], said["active"])


def _website(row: site.Website) -> dict[str, object]:
    fields = {
        "id": str(row.pk),
        "name": row.name,
        "site_key": row.site_key,
        "origins": row.origins,
        "brand": str(row.brand_id) if row.brand_id else None,
        "active": row.is_active,
    }
    return shapes.shown(setup_shapes.WebsiteOut, fields)
