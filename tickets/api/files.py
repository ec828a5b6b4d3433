"""`/api/v1/files/`: uploads in one piece, or in parts that may be cut off (tus 1.0.0; docs/how/files.md)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hub.accounts.public import ApiView, Person
from hub.base.api.idempotency import find_key
from hub.base.api.paging import url_of
from hub.base.errors import BadFrame, NotFound, TooLarge
from tickets.api.tickets import limit_of
from tickets.files import serving, uploads
from tickets.files.describing import describe
from tickets.files.errors import FileTooLarge
from tickets.library import Asked, Kept, read_library
from tickets.models import StoredFile

Fields = dict[str, object]
TUS = "1.0.0"
SUBJECTS = ("chat", "tickets", "knowledge")
NAME_BYTES_MAX = 1200  # a multiple of three, as base64 is cut
FORM_BYTES = 4096  # what a form adds around the file


class FileOut(serializers.Serializer[Fields]):
    id = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes; of a picture, as it was drawn anew")
    type = serializers.CharField(help_text="By its content; empty until all of it has arrived")
    state = serializers.CharField(help_text="receiving, received, checking, ready, refused, gone")
    received = serializers.IntegerField(help_text="How many bytes have arrived")
    reason = serializers.CharField(required=False, help_text="Of one that was refused")
    url = serializers.CharField(required=False)
    preview_url = serializers.CharField(required=False)
    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)


class KeptFileOut(FileOut):
    ticket = serializers.CharField(help_text="With which it was sent")
    entry = serializers.CharField()
    at = serializers.DateTimeField()
    removable = serializers.BooleanField(help_text="One sent it oneself, and it is still there")


class KeptFilesOut(serializers.Serializer[Fields]):
    results = KeptFileOut(many=True)
    next = serializers.CharField(allow_null=True)


class FileIn(serializers.Serializer[Fields]):
    file = serializers.FileField()


class PartParser(BaseParser):
    """The bytes of one part, with a bound. Raises TooLarge."""

    media_type = "application/offset+octet-stream"

    def parse(  # type: ignore[override]  # DRF gives on what a parser makes, whatever it is
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        content = stream.read(settings.FILE_PART_BYTES_MAX + 1)
        if len(content) > settings.FILE_PART_BYTES_MAX:
            raise TooLarge
        return content


class FileApiView(ApiView):
    """Chats, tickets and articles have files: a token for any of them will do. The action says whose they are."""

    answers_once = False  # the upload carries the key itself: a form with a file has no digest

    def _require_scope(self, request: Request, person: Person | None) -> None:
        if person is None:
            return
        wanted = [f"{one}:read" if request.method in ("GET", "HEAD", "OPTIONS") else one for one in SUBJECTS]
        if not any(person.may(one) for one in wanted):
            person.require(wanted[0])

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = TUS
        return answer


class Files(FileApiView):
    parser_classes = (MultiPartParser, *ApiView.parser_classes)

    def _require_scope(self, request: Request, person: Person | None) -> None:
        super()._require_scope(request, person)
        if person is not None and request.method == "GET":
            person.require("tickets:read")  # the library is of tickets

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Part of a name"),
            OpenApiParameter("ticket", int, description="Of this ticket"),
            OpenApiParameter("customer", int, description="For staff"),
            OpenApiParameter("organisation", int, description="For staff: of its members' tickets"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=KeptFilesOut,
    )
    def get(self, request: Request) -> Response:
        """The library: files of the tickets that one may see (P4, P5), the newest first (T11). Staff say of whom, or of
        which ticket.
        """
        asked, before = _asked(request, self.person), _key(request, "cursor")
        shelf = read_library(self.person, asked, before=before, limit=limit_of(request))
        following = None if shelf.older is None else url_of(request, str(shelf.older))
        return Response({"results": [_kept(one) for one in shelf.rows], "next": following})

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """What a client of the tus protocol asks first."""
        said = {"Tus-Version": TUS, "Tus-Extension": "creation,termination"}
        return Response(status=204, headers={**said, "Tus-Max-Size": str(settings.FILE_BYTES_MAX)})

    @extend_schema(
        parameters=[
            OpenApiParameter("Upload-Length", int, OpenApiParameter.HEADER, description="Of one that comes in parts"),
            OpenApiParameter("Upload-Metadata", str, OpenApiParameter.HEADER, description="filename, in base64"),
        ],
        request={"multipart/form-data": FileIn},
        responses={201: FileOut},
    )
    def post(self, request: Request) -> Response:
        """A whole file as a form's field `file`; or with `Upload-Length` word of one that comes in parts."""
        key = find_key(request)
        if "Upload-Length" in request.headers:
            row = uploads.begin(self.person, _announced_name(request), _number(request, "Upload-Length"), key=key)
        else:
            row = self._take_whole(request, key)
        where = reverse("api-file", args=[row.pk])
        return Response(describe(row), status=201, headers={"Location": where, "Upload-Offset": str(row.received)})

    def _take_whole(self, request: Request, key: str | None) -> StoredFile:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_BYTES_MAX + FORM_BYTES:
            raise FileTooLarge(settings.FILE_BYTES_MAX)
        given = request.data.get("file") if isinstance(request.data, Mapping) else None
        if given is None or not hasattr(given, "read"):
            raise BadFrame(field="file")
        if given.size > settings.FILE_BYTES_MAX:
            raise FileTooLarge(settings.FILE_BYTES_MAX)
        return uploads.take_whole(self.person, given.name or "", given.read(), key=key)


class OneFile(FileApiView):
    public = True  # files of public articles
    parser_classes = (PartParser,)

    @extend_schema(responses=FileOut)
    def get(self, request: Request, file_id: UUID) -> Response:
        """One that the reader may see."""
        return Response(describe(_visible(self.find_person, file_id)))

    @extend_schema(exclude=True)
    def head(self, request: Request, file_id: UUID) -> Response:
        """Where an own upload goes on (tus)."""
        row = uploads.find_own(self.person, file_id)
        said = {"Upload-Offset": str(row.received), "Upload-Length": str(row.size), "Cache-Control": "no-store"}
        return Response(status=200, headers=said)

    @extend_schema(
        parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
        request={PartParser.media_type: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, file_id: UUID) -> Response:
        """The next part of an own upload (tus). 409 says in `offset` where to go on."""
        uploads.find_own(self.person, file_id)
        offset = _number(request, "Upload-Offset")
        content: Any = request.data
        if not isinstance(content, bytes) or str(len(content)) != request.META.get("CONTENT_LENGTH"):
            raise BadFrame  # no bytes, or fewer than were announced: the line was cut
        row = uploads.receive(self.person, file_id, offset, content)
        return Response(status=204, headers={"Upload-Offset": str(row.received)})

    @extend_schema(responses={204: None})
    def delete(self, request: Request, file_id: UUID) -> Response:
        """An own upload that belongs nowhere yet goes."""
        uploads.give_up(self.person, file_id)
        return Response(status=204)


class FileContent(FileApiView):
    public = True
    preview = False

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)  # a page's picture accepts pictures alone

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, file_id: UUID) -> HttpResponse:
        """Its bytes, as a download."""
        inner: HttpRequest = request._request
        return serving.give(inner, _visible(self.find_person, file_id), preview=self.preview)


class FilePreview(FileContent):
    preview = True


def _visible(person: Person | None, file_id: UUID) -> StoredFile:
    found = StoredFile.objects.visible_to(person).filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found


def _asked(request: Request, person: Person) -> Asked:
    """Raises BadFrame: also for staff who say neither whose files nor of which ticket."""
    name = request.query_params.get("q", "").strip()
    if "\0" in name or len(name) > 80:
        raise BadFrame(field="q")
    number = _key(request, "ticket")
    whose = {one: _key(request, one) if person.is_staff else None for one in ("customer", "organisation")}
    if person.is_staff and number is None and not any(whose.values()):
        raise BadFrame(field="customer")
    return Asked(name=name, number=number, customer_id=whose["customer"], organisation_id=whose["organisation"])


def _key(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise BadFrame(field=name)
    return int(text)


def _kept(one: Kept) -> Fields:
    where: Fields = {"ticket": str(one.ticket_id), "entry": str(one.entry_id), "at": one.at}
    return describe(one.file) | where | {"removable": one.removable}


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise BadFrame(field=header)
    return int(text)


def _announced_name(request: Request) -> str:
    """`Upload-Metadata: filename d29ybGQucG5n,…`"""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        if name in ("filename", "name"):
            try:
                return base64.b64decode(value[: NAME_BYTES_MAX * 2], validate=True)[:NAME_BYTES_MAX].decode(
                    errors="replace"
                )
            except (binascii.Error, ValueError):
                raise BadFrame(field="Upload-Metadata") from None
    return ""
