"""X1 over HTTP: every address of the hub, every role, and what each may reach.

test_pages.py holds the tables together against the URL configuration. An object that somebody may
not see answers, to the letter, as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from chat.models import Session
from credits.models import Approval, BankLine, MoneyRequest, Purchase, Receipt, Voucher
from hub.accounts import tokens
from hub.accounts.access import SYSTEM
from hub.accounts.models import Membership, Organisation, SignedInDevice, StaffNote, Unit
from hub.base import clock
from hub.base.outbox import put_mail
from hub.site.models import Announcement, AnnouncementText, BrandRow, BrandVersion, Website
from tests import people
from tests.builders import Actor, World, a_world
from tickets.models import Article, ArticleCategory, Macro, Rule, SavedView, StoredFile

NO_SESSION = "00000000-0000-7000-8000-000000000000"
EVERYBODY = "visitor other_customer customer colleague stranger other_manager agent manager owner"
SIGNED_IN = EVERYBODY
STAFF = "colleague stranger other_manager agent manager owner"
OWNER = "owner"


@dataclass(frozen=True)
class Door:
    """Who may come in, and of an object: who may see the one in the world below."""

    roles: str = EVERYBODY
    object: str = ""  # the word for it in World: session, customer, wallet, organisation
    seen_by: str = ""
    posts: dict[str, Any] | None = None  # a body that would be good; None: it is only read
    may_refuse: bool = False  # a seer may still be told no, by a rule of the trade and not with `not_found`
    kwargs: dict[str, Any] = field(default_factory=dict)


PUBLIC = Door()
OF_A_SESSION = "customer agent manager owner"
IN_CHARGE = "customer manager owner"  # of an organisation's personnel: its owner, and staff in charge (P4, A1)
TABLE: dict[str, Door] = {
    "healthz": PUBLIC,
    "metrics": PUBLIC,
    "api-me": Door(),
    "api-my-exports": Door(roles="customer other_customer"),
    "api-export": Door(object="purchase"),  # of it there is none; tests/dashboard/test_care_api.py has one
    "api-departments": Door(),
    "api-customers-import": Door(roles="manager other_manager owner", posts={"csv": "email\na@b.example"}),
    "api-customer-notes": Door(object="customer", seen_by="agent manager owner"),
    "api-customer-devices": Door(object="customer", seen_by="agent manager owner"),
    "api-customer-exports": Door(object="customer", seen_by=OWNER),
    "api-customer-erase": Door(object="customer", seen_by=OWNER, posts={"login": "0"}, may_refuse=True),
    "api-customer-merge": Door(object="customer", seen_by="manager owner", posts={"gone": 0}, may_refuse=True),
    "api-customer-file-room": Door(object="customer", seen_by="agent manager owner"),
    "api-organisation-file-room": Door(object="organisation", seen_by="agent manager owner"),
    "api-organisation-notes": Door(object="organisation", seen_by="agent manager owner"),
    "api-note": Door(object="note", seen_by="agent manager owner"),
    "api-device": Door(object="device", seen_by="agent manager owner"),
    "api-outbox": Door(roles=OWNER),
    "api-outbox-retry-all": Door(roles=OWNER, posts={}),
    "api-outbox-retry": Door(object="message", seen_by=OWNER, posts={}, may_refuse=True),
    "api-outbox-resend": Door(object="message", seen_by=OWNER, posts={}, may_refuse=True),
    "api-approvals": Door(roles=STAFF),
    "api-approve": Door(object="approval", seen_by="agent manager owner", posts={}, may_refuse=True),
    "api-decline": Door(object="approval", seen_by="agent manager owner", posts={}, may_refuse=True),
    "api-customers": Door(roles=STAFF),
    "api-customer": Door(object="customer", seen_by="agent manager owner"),
    "api-organisations": Door(),
    "api-organisation": Door(object="organisation", seen_by="agent manager owner customer"),
    "api-ticket-setup": Door(object="department", seen_by="manager owner"),
    "api-ticket-form": Door(object="department", seen_by=EVERYBODY),
    "api-staff": Door(roles=STAFF),
    "api-department": Door(object="department", seen_by=EVERYBODY),
    "api-colleague": Door(object="staff_member", seen_by="colleague agent manager owner"),
    "api-announcements": Door(),
    "api-announcement": Door(object="announcement", seen_by=STAFF),
    "api-announcement-seen": Door(object="announcement", seen_by=STAFF, posts={}),
    "api-brands": Door(roles=OWNER),
    "api-brand": Door(object="brand", seen_by=OWNER),
    "api-brand-publish": Door(object="brand", seen_by=OWNER, posts={}),
    "api-websites": Door(roles=OWNER),
    "api-website": Door(object="website", seen_by=OWNER),
    "api-settings": Door(roles=OWNER),
    "api-audit": Door(roles=OWNER),
    "api-widget-session": PUBLIC,
    "api-widget-code": PUBLIC,
    "api-schema": PUBLIC,
    "api-sessions": Door(),
    "api-session": Door(object="session", seen_by=OF_A_SESSION),
    "api-session-messages": Door(object="session", seen_by=OF_A_SESSION),
    "api-session-charges": Door(object="session", seen_by=OF_A_SESSION),
    "api-session-transcript": Door(object="session", seen_by=OF_A_SESSION),
    "api-session-end": Door(object="session", seen_by=OF_A_SESSION, posts={}, may_refuse=True),
    "api-session-reopen": Door(object="session", seen_by=OF_A_SESSION, posts={}, may_refuse=True),
    "api-session-rating": Door(object="session", seen_by=OF_A_SESSION, posts={"score": 5}, may_refuse=True),
    "api-session-refund": Door(  # customers ask for one in the chat (M6); here staff give it
        object="session", seen_by="agent manager owner", posts={"amount_m": 1000, "reason": "unsolved"}, may_refuse=True
    ),
    "api-session-refund-ask": Door(
        object="session", seen_by="agent manager owner", posts={"amount_m": 1000, "reason": "quality"}, may_refuse=True
    ),
    "api-session-refund-decline": Door(
        object="session", seen_by="agent manager owner", posts={"reason": "why"}, may_refuse=True
    ),
    "api-refund-requests": Door(roles=STAFF),
    "api-units": Door(object="organisation", seen_by=IN_CHARGE),
    "api-unit": Door(object="unit", seen_by=IN_CHARGE),
    "api-members": Door(object="organisation", seen_by=IN_CHARGE),
    "api-member": Door(object="member", seen_by=IN_CHARGE),
    "api-requests": Door(object="organisation", seen_by=IN_CHARGE),
    "api-limit-request": Door(object="limit_request", seen_by=IN_CHARGE, posts={"by_m": 1000}),
    "api-hand-over": Door(object="organisation", seen_by=IN_CHARGE, posts={"to": 0}, may_refuse=True),
    "api-packages": Door(roles="customer other_customer"),
    "api-purchases": Door(),
    "api-purchase": Door(object="purchase", seen_by="customer agent manager owner"),
    "api-purchase-refund": Door(
        object="purchase",
        seen_by="agent manager owner",
        posts={"credits_m": 1000, "reason": "goodwill"},
        may_refuse=True,
    ),
    "api-purchase-refund-ask": Door(
        object="purchase",
        seen_by="agent manager owner",
        posts={"credits_m": 1000, "reason": "goodwill", "text": "why"},
        may_refuse=True,
    ),
    "api-purchase-notices": Door(object="purchase", seen_by=OWNER),
    "api-receipt": Door(object="receipt", seen_by="customer agent manager owner"),
    "api-purchase-money-back": Door(
        object="purchase", seen_by="customer agent manager owner", posts={}, may_refuse=True
    ),
    "api-money-requests": Door(roles=STAFF),
    "api-money-request-decline": Door(object="money_request", seen_by="agent manager owner", posts={"reason": "why"}),
    "api-money": Door(roles=OWNER),
    "api-money-open": Door(roles=OWNER),
    "api-purchase-ask": Door(object="purchase", seen_by=OWNER, posts={}, may_refuse=True),
    "api-purchase-close": Door(object="purchase", seen_by=OWNER, posts={"reason": "why"}, may_refuse=True),
    "api-money-refund-end": Door(object="purchase", posts={"paid_out": True, "reason": "why"}),  # of it there is none
    "api-prices": Door(roles=OWNER),
    "api-organisation-prices": Door(object="organisation", seen_by=OWNER),
    "api-vouchers": Door(roles=OWNER),
    "api-voucher": Door(object="voucher", seen_by=OWNER),
    "api-bank-lines": Door(roles=OWNER),
    "api-bank-line": Door(object="bank_line", seen_by=OWNER),
    "api-voucher-redeem": Door(roles="", posts={"code": "ABCD"}),  # a code that nobody knows is not found
    "api-auto-top-up": Door(roles="customer other_customer"),
    "api-files": Door(posts={}),
    "api-own-file-room": Door(),
    "api-file": Door(object="file", seen_by="customer"),  # an own upload that belongs nowhere yet
    "api-file-content": Door(object="file", seen_by="customer"),
    "api-file-preview": Door(object="file", seen_by="customer"),
    "api-proof": Door(),
    "api-tickets": Door(),
    "api-ticket": Door(object="ticket", seen_by=OF_A_SESSION),
    "api-ticket-entries": Door(object="ticket", seen_by=OF_A_SESSION),
    "api-ticket-files": Door(object="ticket", seen_by=OF_A_SESSION),
    "api-tickets-bulk": Door(roles=STAFF, posts={"numbers": []}),
    "api-ticket-views": Door(roles=STAFF),
    "api-ticket-view": Door(object="view", seen_by="agent"),  # the agent's own
    "api-ticket-draft": Door(object="ticket", seen_by="agent manager owner"),
    "api-ticket-macro": Door(object="ticket", seen_by="agent manager owner", posts={"macro": 0}, may_refuse=True),
    "api-ticket-looking": Door(object="ticket", seen_by="agent manager owner", posts={}),
    "api-ticket-join": Door(object="ticket", seen_by="agent manager owner", posts={"do": "split"}, may_refuse=True),
    "api-ticket-transfer": Door(object="ticket", seen_by="agent manager owner", posts={"agent": 0}, may_refuse=True),
    "api-ticket-worklog": Door(object="ticket", seen_by="agent manager owner"),
    "api-tickets-bin": Door(roles=OWNER),
    "api-ticket-restore": Door(object="binned", seen_by=OWNER, posts={}),
    "api-macros": Door(roles=STAFF),
    "api-macro": Door(object="macro", seen_by=STAFF),  # everybody's
    "api-ticket-rules": Door(roles=OWNER),
    "api-ticket-rule": Door(object="rule", seen_by=OWNER),
    "api-ticket-rule-matches": Door(object="rule", seen_by=OWNER),
    "api-rule-runs": Door(roles=OWNER),
    "api-articles": Door(),
    "api-article-suggest": Door(),
    "api-article": Door(object="article", seen_by=STAFF),  # a draft
    "api-article-versions": Door(object="article", seen_by=STAFF),
    "api-article-feedback": Door(object="article", seen_by=STAFF, posts={"helpful": True}),
    "api-article-avoided": Door(object="article", seen_by=STAFF, posts={}),
    "api-article-categories": Door(),
    "api-article-category": Door(object="article_category", seen_by=EVERYBODY),
    "wallet-ask": Door(roles="", posts={}),  # only members with a limit ask (P4)
    "wallet": Door(roles="customer other_customer"),
    "wallet-lines": Door(roles="customer other_customer"),
    "wallet-lots": Door(roles="customer other_customer"),
    "wallet-lots-of": Door(object="wallet", seen_by="agent manager owner"),
    "wallet-of": Door(object="wallet", seen_by="agent manager owner"),
    "wallet-lines-of": Door(object="wallet", seen_by="agent manager owner"),
    "wallet-adjust": Door(
        object="wallet", seen_by="agent manager owner", posts={"amount_m": 1000, "reason": "gift"}, may_refuse=True
    ),
}


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


ENDPOINTS = {entry.name or address: address for address, entry in walk(get_resolver().url_patterns)}


@dataclass
class Scene:
    """A chat that is over, and everybody around it."""

    world: World
    roles: dict[str, Actor]
    chat: Session
    organisation: Organisation
    employee: Actor
    asked_id: int
    set_up: dict[str, str]

    @cached_property
    def ids(self) -> dict[str, str]:
        """What the addresses are about: made at the first question, and there until the test ends."""
        return {
            "session": str(self.chat.pk),
            "customer": str(self.roles["customer"].id),
            "organisation": str(self.organisation.pk),
            "wallet": str(_wallet_of(self.roles["customer"])),
            "member": str(self.employee.id),
            "unit": str(self.employee.person.unit_id),
            "limit_request": str(self.asked_id),
            "purchase": str(_purchase_of(self.roles["customer"])),
            "file": str(_file_of(self.roles["customer"])),
            "money_request": str(money_request_of(self.roles["customer"])),
            "receipt": str(receipt_of(_purchase_of(self.roles["customer"]))),
            "voucher": str(_voucher()),
            "bank_line": str(_bank_line()),
            "department": str(self.chat.department_id),
            "ticket": str(_ticket_of(self.roles["customer"], self.roles["agent"])),
            "view": str(SavedView.objects.get_or_create(user=self.roles["agent"].user, name="Mine")[0].pk),
            "staff_member": str(self.roles["colleague"].id),
            "article": str(_draft()),
            "binned": str(_binned(self.roles["customer"], self.roles["agent"])),
            "rule": str(
                Rule.objects.get_or_create(name="R", events=["created"], deeds=[{"do": "tag", "value": "x"}])[0].pk
            ),
            "macro": str(Macro.objects.get_or_create(name="M", deeds=[{"do": "tag", "value": "x"}])[0].pk),
            "article_category": str(ArticleCategory.objects.get_or_create(names={"en": "Start"})[0].pk),
            **self.set_up,
        }

    def address(self, name: str, *, of: str = "") -> str:
        """The URL of the object in this scene, or of one that does not exist."""
        nobody = dict.fromkeys(("session", "purchase", "file"), NO_SESSION)
        wanted = self.ids[TABLE[name].object] if of == "theirs" else nobody.get(TABLE[name].object, "999999999")
        return _filled(ENDPOINTS[name], wanted)


def what_is_set_up() -> dict[str, str]:
    """What the hub owner made: an announcement to staff, a brand, a website."""
    now = clock.now()
    told = Announcement.objects.create(audience="staff", state="published", from_at=now, created_at=now)
    AnnouncementText.objects.create(announcement=told, language="en", title="T", source="S", html="<p>S</p>")
    brand = BrandRow.objects.create(created_at=now)
    BrandVersion.objects.create(brand=brand, number=1, name="B", colour="#264e9c", accent="#b54a20", created_at=now)
    website = Website.objects.create(name="Shop", origins=["https://shop.example"])
    return {"announcement": str(told.pk), "brand": str(brand.pk), "website": str(website.pk)}


def _wallet_of(actor: Actor) -> int:
    from credits import public as money

    wallet = money.wallet_for(actor.id)
    assert wallet is not None
    return wallet.id


def _purchase_of(actor: Actor) -> UUID:
    """One that is open, and has not reached its provider."""
    wallet = _wallet_of(actor)
    made, _ = Purchase.objects.get_or_create(
        buyer=actor.user,
        key="scene",
        defaults={
            "wallet_id": wallet,
            "credits_m": 50_000,
            "amount_cents": 5000,
            "currency": "EUR",
            "vat_bp": 2100,
            "vat_at": "sale",
            "provider": "sandbox",
            "method": "ideal",
            "test": True,
            "created_at": clock.now(),
        },
    )
    return made.pk


def receipt_of(purchase_id: UUID) -> int:
    figures = {"credits_m": 50_000, "amount_cents": 5000, "vat_cents": 868, "issued_at": clock.now()}
    made, _ = Receipt.objects.get_or_create(
        purchase_id=purchase_id, kind="receipt", defaults={"year": 2026, "number": 1, **figures}
    )
    return int(made.pk)


def money_request_of(actor: Actor) -> int:
    """They ask for the money of that purchase back."""
    asked = {"asked_by": actor.user, "asked_at": clock.now()}
    purchase = Purchase.objects.get(pk=_purchase_of(actor))
    return int(MoneyRequest.objects.get_or_create(purchase=purchase, defaults=asked)[0].pk)


def _file_of(actor: Actor) -> object:
    """A picture that was uploaded and belongs nowhere yet."""
    now = clock.now()
    made, is_new = StoredFile.objects.get_or_create(
        owner=actor.user,
        key="scene",
        defaults={
            "name": "a.png",
            "type": "image/png",
            "size": 3,
            "created_at": now,
            "touched_at": now,
        },
    )
    if is_new:
        made.state, made.is_picture = StoredFile.State.READY, True
        made.content.save("files/scene", ContentFile(b"abc"), save=False)
        made.preview.save("files/scene", ContentFile(b"abc"))
    return made.pk


def _ticket_of(customer: Actor, agent: Actor) -> int:
    """One of theirs, which this agent has."""
    from tickets.models import Ticket
    from tickets.public import NewTicket, create

    found = Ticket.objects.filter(customer=customer.user, deleted_at=None).first()
    if found is None:
        department = next(iter(agent.person.departments))
        found = create(customer.person, NewTicket(department_id=department, subject="Fire", html="<p>It burns</p>"))
        Ticket.objects.filter(pk=found.pk).update(agent=agent.user)
    return int(found.pk)


def _binned(customer: Actor, agent: Actor) -> int:
    """One that the owner deleted."""
    from tickets.models import Ticket
    from tickets.public import NewTicket, create

    found = Ticket.objects.filter(customer=customer.user, deleted_at__isnull=False).first()
    if found is None:
        department = next(iter(agent.person.departments))
        found = create(customer.person, NewTicket(department_id=department, subject="Gone", html="<p>x</p>"))
        Ticket.objects.filter(pk=found.pk).update(deleted_at=clock.now())
    return int(found.pk)


def _voucher() -> int:
    digest = {"digest": "scene", "hint": "7K2M", "credits_m": 1000, "made_at": clock.now()}
    return int(Voucher.objects.get_or_create(digest="scene", defaults=digest)[0].pk)


def _bank_line() -> int:
    line = {"amount_cents": 100, "currency": "EUR", "state": "open", "trouble": "reference", "at": clock.now()}
    return int(BankLine.objects.get_or_create(digest="scene", defaults=line)[0].pk)


def _draft() -> object:
    """An article that staff write."""
    now = clock.now()
    return Article.objects.get_or_create(audience="public", defaults={"created_at": now, "updated_at": now})[0].pk


def _filled(address: str, value: str) -> str:
    """The address with its one parameter filled in."""
    head, _, rest = address.partition("<")
    return f"/{head}{value}{rest.partition('>')[2]}" if rest else f"/{address}"


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    with a_world() as world:
        yield _scene(world)


def _scene(world: World) -> Scene:
    here, elsewhere = world.department(price_m=2000), world.department(price_m=2000)
    agent = world.agent(here)
    customer = world.customer(credits=100, department=here, agent=agent.user)
    company = Organisation.objects.create(name="Bakkerij Bakker", created_at=clock.now())
    people.join(customer.user, company, Membership.Role.OWNER)
    customer.gets_credits(100)
    chat = customer.starts(here, "Can you help me?")
    world.runs(seconds=1)
    agent.accepts(chat)
    agent.says(chat, "Yes.")
    world.passes(minutes=2)
    customer.ends(chat)
    agent.wraps_up(chat)
    world.runs(seconds=5)
    roles = {
        "visitor": world.visitor(),
        "customer": customer,
        "other_customer": world.customer("Tom Visser", credits=10),
        "agent": agent,
        "colleague": world.agent(here, name="Ana Kovač"),
        "stranger": world.agent(elsewhere, name="Luca Rossi"),
        "manager": world.manager(here),
        "other_manager": world.manager(elsewhere, name="Bram Bos"),
        "owner": world.owner(),
    }
    employee = _employee(world, company)
    around = what_is_set_up() | what_is_about(customer, agent)
    return Scene(world, roles, chat, company, employee, _ask_for_more(employee, company), around)


def what_is_about(customer: Actor, agent: Actor) -> dict[str, str]:
    """What there is about a customer: a note of the agent, a device, an approval that the agent asked for, a mail."""
    now = clock.now()
    note = StaffNote.objects.create(about_user=customer.user, author=agent.user, text="Likes tea", created_at=now)
    seen = {"kind": "browser", "means": "code", "created_at": now, "last_seen_at": now}
    device = SignedInDevice.objects.create(user=customer.user, **seen)
    asked = {"what": "adjust", "amount_m": 1000, "text": "why", "asked_at": now}
    approval = Approval.objects.create(key="scene", wallet_id=_wallet_of(customer), asked_by=agent.user, **asked)
    about = f"user:{customer.id}"
    mail_id = put_mail(to="a@example.com", template="erasure_cancelled", language="en", context={}, about=about)
    return {"note": str(note.pk), "device": str(device.pk), "approval": str(approval.pk), "message": str(mail_id)}


def _employee(world: World, company: Organisation) -> Actor:
    unit = Unit.objects.create(organisation=company, name="Administration")
    made = world.customer("Lotte Smit", here=False)
    people.join(made.user, company, Membership.Role.EMPLOYEE, unit)
    return made


def _ask_for_more(employee: Actor, company: Organisation) -> int:
    """The id of a request for a higher limit (P4)."""
    from credits import public as money

    money.set_limit(SYSTEM, company.pk, employee.id, limit_m=1000)
    return int(money.ask_for_more(employee.person).pk)


class Caller:
    """Somebody with a token of their own."""

    def __init__(self, actor: Actor) -> None:
        user = actor.user
        user.refresh_from_db()
        token = tokens.issue(
            side="staff" if user.is_staff else "visitor",
            lifetime=timedelta(hours=1),
            user_id=user.pk,
            two_factor=user.is_staff,
            sign_in_version=user.sign_in_version,
        )
        self._client = Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)

    def does(self, method: str, address: str, body: dict[str, Any] | None) -> Any:
        """The response. What it did is undone: the next one sees the same."""
        with transaction.atomic():
            sent = {} if body is None else {"data": body, "content_type": "application/json"}
            response = getattr(self._client, method)(address, **sent)
            transaction.set_rollback(True)
        return response

    def asks(self, address: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        """Status and answer, without what names the request."""
        response = self.does("get" if body is None else "post", address, body)
        is_json = "json" in response.headers.get("Content-Type", "")
        answer = response.json() if is_json and response.content else None
        if isinstance(answer, dict):
            answer = {name: value for name, value in answer.items() if name not in ("instance", "reference")}
        return response.status_code, answer


SEEN, REFUSED = (200, 201, 202, 204), (400, 402, 403, 409)


def test_x1_what_one_may_not_see_answers_as_what_does_not_exist(scene: Scene) -> None:
    """X1, P5: every endpoint with an object, for everybody. What may not be seen answers, to the letter, as nothing."""
    wrong = []
    callers = {role: Caller(actor) for role, actor in scene.roles.items()}
    for name, door in TABLE.items():
        for role, caller in callers.items() if door.object else ():
            theirs = caller.asks(scene.address(name, of="theirs"), door.posts)
            nowhere = caller.asks(scene.address(name), door.posts)
            if role in door.seen_by.split():
                seen = theirs[0] in SEEN or (door.may_refuse and theirs[0] in REFUSED)
                fine = seen and nowhere[0] == 404
            else:
                fine = theirs == nowhere and nowhere[0] in (403, 404)
            if not fine:
                wrong.append((name, role, theirs, nowhere))
    assert wrong == []


def test_x1_who_may_come_in(scene: Scene) -> None:
    """X1: every endpoint without an object, for everybody."""
    wrong = []
    callers = {role: Caller(actor) for role, actor in scene.roles.items()}
    for name, door in TABLE.items():
        if door.object:
            continue
        for role, caller in callers.items():
            status, answer = caller.asks(_filled(ENDPOINTS[name], "1"), door.posts)
            comes_in = status < 500 and status not in (401, 403, 404)
            if comes_in != (role in door.roles.split()) or status >= 500:
                wrong.append((name, role, status, answer))
    assert wrong == []


OPEN_TO_ALL = ("api-articles", "api-article-suggest", "api-article-categories", "api-proof")


@pytest.mark.parametrize("name", [name for name in TABLE if name.startswith(("api-", "wallet"))])
def test_x1_without_a_token_nobody_comes_in(db: None, name: str) -> None:
    if name in ("api-widget-session", "api-widget-code", "api-schema", "api-docs"):
        return
    address = _filled(ENDPOINTS[name], NO_SESSION if TABLE[name].object in ("session", "purchase", "file") else "1")
    for answer in (Client().get(address), Client().post(address, {}, content_type="application/json")):
        # Whoever has no account reads public articles and their files; nothing else is there.
        open_to_all = 404 if TABLE[name].object in ("file", "article", "article_category") else 401
        open_to_all = 200 if name in OPEN_TO_ALL else open_to_all
        assert answer.status_code in (open_to_all, 401, 405), (address, answer.status_code)
