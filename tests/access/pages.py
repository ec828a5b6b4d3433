"""Browsers of everybody around one customer, and the objects that pages are about (X1)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from credits.models import Approval, Wallet
from hub.accounts.actions import data_exports
from hub.accounts.models import ApiToken, Invitation, SignedInDevice, StaffNote, User
from hub.base import clock
from hub.base.models import OutboxFile
from hub.base.outbox import Attachment, put_mail
from hub.site.models import Announcement, AnnouncementText
from tests import people
from tests.access.test_endpoints import ENDPOINTS, NO_SESSION, Scene, _bank_line, _voucher, money_request_of
from tests.builders import Actor
from tickets.knowledge import writing
from tickets.models import SavedView

NOBODY = "nobody"
NOTHING = "999999999"


@dataclass(frozen=True)
class Answer:
    """What a page said: `in` is the page itself, or a form of it that was wrong; else why not."""

    method: str
    said: str

    @property
    def comes_in(self) -> bool:
        return self.said == "in"


@dataclass
class Pages:
    """Every role in a browser of its own, and what the addresses' parameters stand for."""

    sessions: dict[str, str]
    theirs: dict[str, str]
    _client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def address(self, name: str, *, nowhere: bool = False) -> str:
        def filled(found: re.Match[str]) -> str:
            kind, parameter = found.group(1), found.group(2)
            if nowhere:
                return NO_SESSION if kind == "uuid" else NOTHING
            return self.theirs[parameter]

        return "/" + re.sub(r"<(\w+):(\w+)>", filled, ENDPOINTS[name])

    def asks(self, role: str, method: str, address: str) -> Answer:
        """What it does is undone: the next one sees the same."""
        client = self._client
        client.cookies.clear()  # it is another browser each time, and one way through the middleware
        if role != NOBODY:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        with transaction.atomic():
            response = client.get(address) if method == "get" else client.post(address, {})
            transaction.set_rollback(True)
        return Answer(method, _said(response))


def _said(response: Any) -> str:
    to = response.headers.get("Location", "")
    if response.status_code in (301, 302, 303) and to.startswith("/login/"):
        return "login"
    if response.status_code in (301, 302, 303) and to == "/console/":
        return "other side"
    return (
        str(response.status_code)
        if response.status_code in (401, 403, 404, 405) or response.status_code >= 500
        else "in"
    )


def signed_in(user: User) -> str:
    """The key of a browser session of this person, staff with the second factor."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if user.is_staff:
        session[DEVICE_ID_SESSION_KEY] = TOTPDevice.objects.create(user=user, confirmed=True).persistent_id
    session.create()
    return str(session.session_key)


def pages_of(scene: Scene) -> Pages:
    people: dict[str, Actor] = {**scene.roles, "employee": scene.employee}
    people.pop("visitor")  # whoever has no account has no page of their own
    for actor in people.values():
        actor.user.refresh_from_db()
    return Pages({role: signed_in(actor.user) for role, actor in people.items()}, _theirs(scene))


def _theirs(scene: Scene) -> dict[str, str]:
    """Of each parameter the value that is about the customer in the scene, or about their organisation."""
    customer, agent = scene.roles["customer"].user, scene.roles["agent"].user
    now = clock.now()
    seen = {"kind": "browser", "means": "code", "created_at": now, "last_seen_at": now}
    device = SignedInDevice.objects.create(user=customer, **seen)
    token = ApiToken.objects.create(user=customer, name="Till", scopes=["chat"], created_at=now)
    note = StaffNote.objects.create(about_user=customer, author=agent, text="Likes tea", created_at=now)
    about = f"user:{customer.pk}"
    mail_id = put_mail(
        to="a@example.com",
        template="erasure_cancelled",
        language="en",
        context={},
        about=about,
        files=[Attachment("a.txt", "text/plain", b"a")],
    )
    return {
        "session_id": str(scene.chat.pk),
        "customer_id": str(customer.pk),
        "organisation_id": str(scene.organisation.pk),
        "user_id": str(scene.employee.id),
        "request_id": str(scene.asked_id),
        "device_id": str(device.pk),
        "token_id": str(token.pk),
        "note_id": str(note.pk),
        "approval_id": str(_approval(scene, agent)),
        "invitation_id": str(_invitation(scene)),
        "announcement_id": str(_announcement()),
        "export_id": str(_export(scene)),
        "message_id": str(mail_id),
        "file_id": str(OutboxFile.objects.get(message=mail_id).pk),
        "token": uuid.uuid4().hex,
        "brand_id": scene.set_up["brand"],
        "number": "1",
        "article_id": str(_article()),
        "language": "en",
        "digest": "0" * 64,
        "purchase_id": _purchase(scene),
        "receipt_id": scene.ids["receipt"],
        "asked_id": str(money_request_of(scene.roles["customer"])),
        "refund_id": str(uuid.uuid4()),
        "voucher_id": str(_voucher()),
        "line_id": str(_bank_line()),
        "ticket_number": scene.address("api-ticket", of="theirs").split("/")[-2],
        "view_id": str(SavedView.objects.create(user=agent, name="Mine").pk),
        "provider": "sandbox",
        "ref": "sb_0",
    }


def _purchase(scene: Scene) -> str:
    return scene.address("api-purchase", of="theirs").split("/")[-2]


def _approval(scene: Scene, agent: User) -> int:
    wallet = Wallet.objects.get(organisation=scene.organisation)
    made = Approval.objects.create(
        key=uuid.uuid4().hex,
        what="adjust",
        wallet_id=wallet.pk,
        amount_m=1000,
        text="why",
        asked_by=agent,
        asked_at=clock.now(),
    )
    return int(made.pk)


def _invitation(scene: Scene) -> int:
    now = clock.now()
    guest = scene.world.customer("Omid Rahimi", here=False).user
    made = Invitation.objects.create(
        user=guest,
        organisation=scene.organisation,
        unit=scene.organisation.units.first(),
        role="employee",
        created_at=now,
        sent_at=now,
        expires_at=now + timedelta(days=1),
    )
    return int(made.pk)


def _article() -> int:
    """One that everybody reads."""
    said = writing.ArticleIn(texts={"en": writing.TextIn("Printers", "<p>Switch it off.</p>")})
    row = writing.save_article(people.person_of(people.make_owner()), None, said)
    return int(writing.publish(people.person_of(people.make_owner()), row.pk).pk)


def _announcement() -> int:
    now = clock.now()
    made = Announcement.objects.create(state="published", from_at=now, created_at=now, published_at=now)
    AnnouncementText.objects.create(announcement=made, language="en", title="News", source="News", html="<p>News</p>")
    return int(made.pk)


def _export(scene: Scene) -> uuid.UUID:
    customer = scene.roles["customer"]
    export = data_exports.ask_export(customer.person, customer.user)
    data_exports.make_exports()
    return uuid.UUID(str(export.pk))
