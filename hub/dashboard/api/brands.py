"""`/brands/` (A3)."""

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


class BrandsView(OwnerApiView):
    @extend_schema(responses=setup_shapes.BrandOut(many=True))
    def get(self, request: Request) -> Response:
        """Each with its newest version, which may be a draft."""
        return Response(
            page(request, site.all_brands(), order=("pk",), render=lambda rows: [_brand(row) for row in rows])
        )

    @extend_schema(request=setup_shapes.BrandIn, responses={201: setup_shapes.BrandOut})
    def post(self, request: Request) -> Response:
        """A new brand, as a draft (A3). Colours that cannot be read are refused, with the nearest that can."""
        version = site.save_brand_draft(self.person, None, _brand_in(said_in(setup_shapes.BrandIn, request)))
        return Response(_brand(version.brand), status=201)


class BrandView(OwnerApiView):
    @extend_schema(responses=setup_shapes.BrandOut)
    def get(self, request: Request, brand_id: int) -> Response:
        return Response(_brand(_get_brand(brand_id)))

    @extend_schema(request=setup_shapes.BrandIn, responses=setup_shapes.BrandOut)
    def put(self, request: Request, brand_id: int) -> Response:
        """A new draft; it is seen by nobody until it is published."""
        row = _get_brand(brand_id)
        site.save_brand_draft(self.person, row, _brand_in(said_in(setup_shapes.BrandIn, request)))
        return Response(_brand(row))


class BrandPublishView(OwnerApiView):
    @extend_schema(request=None, responses=setup_shapes.BrandOut)
    def post(self, request: Request, brand_id: int) -> Response:
        """The newest version becomes what everybody sees."""
        row = _get_brand(brand_id)
        version = site.newest_brand_version(row)
        if version is None:
            raise NotFound
        site.publish_brand(self.person, version)
        return Response(_brand(_get_brand(brand_id)))


def _get_brand(brand_id: int) -> site.BrandRow:
    found = site.all_brands().filter(pk=brand_id).first()
    if found is None:
        raise NotFound
    return found


def _brand_in(said: Said) -> site.BrandIn:
    return site.BrandIn(**{**said, "languages": tuple(said["languages"]), "hosts": tuple(said["hosts"])})


def _brand(row: site.BrandRow) -> dict[str, object]:
    version = site.newest_brand_version(row)
    fields: dict[str, object] = {
        "id": str(row.pk),
        "version": version.number if version else 0,
        "published_version": row.current.number if row.current else None,
        "is_default": row.is_default,
    }
    names = [str(name) for name in setup_shapes.BrandIn().fields]
    return shapes.shown(setup_shapes.BrandOut, fields | {name: getattr(version, name, "") for name in names})
