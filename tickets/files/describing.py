"""A file as the outside knows it: over the API, in a chat's frames, in a ticket's entries."""

from __future__ import annotations

from django.urls import reverse

from tickets.models import StoredFile

Fields = dict[str, object]


def describe(row: StoredFile) -> Fields:
    """A file as the outside knows it."""
    fields: Fields = {
        "id": str(row.pk),
        "name": row.name,
        "size": row.size,
        "type": row.type,
        "state": row.state,
        "received": row.received,
    }
    if row.state == StoredFile.State.REFUSED:
        fields["reason"] = row.refused_because
    if row.content.name:
        fields["url"] = reverse("api-file-content", args=[row.pk])
    if row.preview.name:
        fields |= {"preview_url": reverse("api-file-preview", args=[row.pk]), "width": row.width, "height": row.height}
    return fields
