"""What staff do about a customer's account: devices, copies of data, erasing, merging (P9, P10, A1); import of many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import (
    ApiView,
    OwnerApiView,
    SignedInDevice,
    StaffApiView,
    User,
    customer_details,
    customer_import,
    data_exports,
    erasure,
    merging,
)
from hub.base.api.paging import page
from hub.base.api.parsing import said_in
from hub.base.errors import BadFrame, Forbidden, NotFound
from hub.dashboard.api import care_shapes, shapes


def _customer(view: ApiView, customer_id: int) -> User:
    seen = User.objects.visible_to(view.person).filter(kind=User.Kind.CUSTOMER, erased_at=None, merged_into=None)
    found: User | None = seen.filter(pk=customer_id).first()
    if found is None:
        raise NotFound
    return found


class CustomerDevicesView(StaffApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.DeviceOut(many=True))
    def get(self, request: Request, customer_id: int) -> Response:
        """Where they are signed in (P9)."""
        rows = SignedInDevice.objects.filter(user=_customer(self, customer_id), ended_at=None)
        return Response(page(request, rows, order=("-pk",), render=lambda found: [_device(row) for row in found]))


class DeviceView(StaffApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.DeviceOut)
    def get(self, request: Request, device_id: int) -> Response:
        """Of a customer whom one may see."""
        return Response(_device(self._get(device_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, device_id: int) -> Response:
        """Sign it out."""
        row = self._get(device_id)
        customer_details.end_device_of(self.person, row.user_id, row.pk)
        return Response(status=204)

    def _get(self, device_id: int) -> SignedInDevice:
        row: SignedInDevice | None = SignedInDevice.objects.filter(pk=device_id, ended_at=None).first()
        if row is None:
            raise NotFound
        _customer(self, row.user_id)
        return row


def _device(row: SignedInDevice) -> dict[str, object]:
    said = {"id": str(row.pk), "kind": row.kind, "means": row.means, "created_at": row.created_at}
    return shapes.shown(care_shapes.DeviceOut, said | {"last_seen_at": row.last_seen_at})


# -- Copies of data (P10) ----------------------------------------------------------------------------------------------
class MyExportsView(ApiView):
    """A customer's own."""

    scope = "people"

    @extend_schema(responses=care_shapes.ExportOut(many=True))
    def get(self, request: Request) -> Response:
        """Those that are kept, the newest first."""
        return Response({"results": _exports(self.person, self._own()), "next": None})

    @extend_schema(request=None, responses={202: care_shapes.ExportOut})
    def post(self, request: Request) -> Response:
        """Ask for a copy of one's own data; the one that is being made, where there is one."""
        return Response(_export(data_exports.ask_export(self.person, self._own())), status=202)

    def _own(self) -> User:
        if self.person.kind != "customer":
            raise Forbidden
        user: User = User.objects.get(pk=self.person.user_id)
        return user


class CustomerExportsView(OwnerApiView):
    scope = "people"

    @extend_schema(responses=care_shapes.ExportOut(many=True))
    def get(self, request: Request, customer_id: int) -> Response:
        """Those that this owner asked for and that are kept."""
        return Response({"results": _exports(self.person, _customer(self, customer_id)), "next": None})

    @extend_schema(request=None, responses={202: care_shapes.ExportOut})
    def post(self, request: Request, customer_id: int) -> Response:
        """Ask for all that is known of this customer, what staff wrote for each other included."""
        made = data_exports.ask_export(self.person, _customer(self, customer_id), complete=True)
        return Response(_export(made), status=202)


class ExportView(ApiView):
    scope = "people"

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: UUID) -> FileResponse:
        """The file, for who asked for it and for nobody else."""
        export = data_exports.get_ready(self.person, export_id)
        try:
            file = export.file.open("rb")
        except FileNotFoundError:
            raise NotFound from None
        return FileResponse(file, as_attachment=True, filename=f"{export.pk}.zip", content_type="application/zip")


def _exports(person: Any, user: User) -> list[dict[str, object]]:
    return [_export(row) for row in data_exports.own_exports(person, user)]


def _export(row: Any) -> dict[str, object]:
    state = "ready" if row.ready_at else "failed" if row.failed_at else "making"
    said = {"id": row.pk, "state": state, "complete": row.complete, "size": row.size_bytes or 0}
    return shapes.shown(care_shapes.ExportOut, said | {"asked_at": row.asked_at, "expires_at": row.expires_at})


# -- Accounts that go ----------------------------------------------------------------------------------------------
class CustomerEraseView(OwnerApiView):
    scope = "people"

    @extend_schema(request=care_shapes.EraseIn, responses={204: None})
    def post(self, request: Request, customer_id: int) -> Response:
        """Empty this person everywhere, now (P10). The ledger stays."""
        user = _customer(self, customer_id)
        if said_in(care_shapes.EraseIn, request)["login"] != user.login_number:
            raise BadFrame(field="login")
        erasure.erase_now(self.person, user)
        return Response(status=204)


class CustomerMergeView(StaffApiView):
    scope = "people"

    @extend_schema(request=care_shapes.MergeIn, responses=care_shapes.MergeOut)
    def post(self, request: Request, customer_id: int) -> Response:
        """Two accounts of one person become this one; by managers and the owner. With `preview` nothing is changed."""
        if not (self.person.is_owner or self.person.managed):
            raise NotFound
        kept = _customer(self, customer_id)
        said = said_in(care_shapes.MergeIn, request)
        found = merging.preview_merge(self.person, kept.pk, said["gone"])
        if not said["preview"]:
            merging.merge(self.person, kept.pk, said["gone"])
        shown = {
            "kept": {"id": str(found.kept.pk), "name": found.kept.name},
            "gone": {"id": str(found.gone.pk), "name": found.gone.name},
            "merged": not said["preview"],
            "moves": found.moves,
            "obstacles": found.obstacles,
        }
        return Response(shapes.shown(care_shapes.MergeOut, shown))


class CustomersImportView(StaffApiView):
    scope = "people"

    @extend_schema(request=care_shapes.ImportIn, responses=care_shapes.ImportOut)
    def post(self, request: Request) -> Response:
        """Customers from a table (A1), by managers and the owner. Lines with faults are left out and told."""
        said = said_in(care_shapes.ImportIn, request)
        found = customer_import.check(self.person, said["csv"])
        made = 0 if said["preview"] else customer_import.import_customers(self.person, said["csv"])
        faulty = [{"line": row.line, "faults": row.faults} for row in found.rows if row.faults]
        told = {"made": made, "good": len(found.good), "faulty": faulty, "unknown": found.unknown}
        return Response(shapes.shown(care_shapes.ImportOut, told))
