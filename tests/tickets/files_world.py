"""Somebody with a token who uploads, and things that files belong to: here, people, whom not everybody may see."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from hub.accounts import tokens
from hub.accounts.access import Person
from hub.accounts.models import User
from tests import people
from tests.builders import committed
from tickets.files.homes import FileHome, homes

KIND = "test_person"
TUS = {"Tus-Resumable": "1.0.0"}


def see_people(person: Person | None) -> Any:
    return User.objects.visible_to(person) if person is not None else User.objects.none()


def register_home() -> None:
    if KIND not in homes._by_name:
        homes.register(FileHome(KIND, see_people))


@dataclass
class Uploader:
    user: User

    def __post_init__(self) -> None:
        self.user.refresh_from_db()
        token = tokens.issue(
            side="staff" if self.user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=self.user.pk,
            two_factor=self.user.is_staff,
            sign_in_version=self.user.sign_in_version,
        )
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    @property
    def person(self) -> Person:
        return people.person_of(self.user)

    def announces(self, name: str, size: int, **headers: str) -> Any:
        named = base64.b64encode(name.encode()).decode()
        said = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {named},type eA==", **headers}
        return self.client.post("/api/v1/files/", headers=said)

    def begins(self, name: str, size: int) -> UUID:
        answer = self.announces(name, size)
        assert answer.status_code == 201, answer.json()
        return UUID(answer.json()["id"])

    def sends(self, file_id: UUID, offset: int, content: bytes, **more: Any) -> Any:
        with committed():
            return self.client.patch(
                f"/api/v1/files/{file_id}/",
                content,
                content_type="application/offset+octet-stream",
                headers={**TUS, "Upload-Offset": str(offset)},
                **more,
            )

    def uploads(self, name: str, content: bytes) -> UUID:
        file_id = self.begins(name, len(content))
        answer = self.sends(file_id, 0, content)
        assert answer.status_code == 204, answer.json()
        return file_id

    def stands_at(self, file_id: UUID) -> int:
        return int(self.client.head(f"/api/v1/files/{file_id}/").headers["Upload-Offset"])

    def reads(self, file_id: UUID, what: str = "") -> Any:
        return self.client.get(f"/api/v1/files/{file_id}/{what}")
