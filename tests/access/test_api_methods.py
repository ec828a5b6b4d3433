"""X1 over the API: every method of every address, for every role. test_endpoints.py looks closer at the reading ones.

The methods come from the views themselves: one that this table does not know fails the first test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from rest_framework.views import APIView

from tests.access.test_endpoints import (
    EVERYBODY,
    IN_CHARGE,
    NO_SESSION,
    OF_A_SESSION,
    STAFF,
    TABLE,
    Caller,
    Scene,
    _filled,
    scene,  # noqa: F401 - a fixture
    walk,
)

METHODS = ("get", "post", "put", "patch", "delete")
# Into no department: managers invite into their own, which is test_setup_pages.py's matter.
COLLEAGUE = {"first_name": "Ana", "last_name": "Kovač", "email": "ana@example.com", "level": "agent", "departments": []}
OWNER = "owner"
PUBLISHERS = "manager other_manager owner"


@dataclass(frozen=True)
class Deed:
    """Who may do it. What else is wrong with what was sent (400, 409) is no matter of access."""

    roles: str
    object: bool = False  # about something in the scene: it is the same as nothing for who may not
    known: bool = False  # but that it is there is no secret to them
    body: dict[str, Any] = field(default_factory=dict)


# What test_endpoints.py does not do: there each address is read, or posted to where `posts` says so.
DEEDS: dict[tuple[str, str], Deed] = {
    ("api-customers", "post"): Deed(STAFF),
    ("api-my-exports", "post"): Deed("customer other_customer"),
    ("api-customer-exports", "post"): Deed(OWNER, object=True),
    ("api-customer-notes", "post"): Deed("agent manager owner", object=True, body={"text": "Likes tea"}),
    ("api-organisation-notes", "post"): Deed("agent manager owner", object=True, body={"text": "Pays late"}),
    ("api-customer-file-room", "put"): Deed("manager owner", object=True, body={"quota_mb": 5}),
    ("api-organisation-file-room", "put"): Deed("manager owner", object=True, body={"quota_mb": 5}),
    ("api-files", "get"): Deed(EVERYBODY),  # whose, is for tests/tickets/test_library.py
    ("api-note", "patch"): Deed("agent", object=True, known=True, body={"text": "Likes coffee"}),
    ("api-note", "delete"): Deed("agent manager owner", object=True),
    ("api-device", "delete"): Deed("agent manager owner", object=True),
    ("api-sessions", "post"): Deed("customer other_customer"),
    ("api-session-messages", "post"): Deed(OF_A_SESSION, object=True),
    ("api-tickets", "post"): Deed(EVERYBODY),
    ("api-ticket", "patch"): Deed(OF_A_SESSION, object=True, body={"status": "solved"}),
    ("api-ticket", "delete"): Deed(OWNER, object=True, known=True),
    ("api-ticket-entries", "post"): Deed(OF_A_SESSION, object=True, body={"html": "<p>Yes</p>"}),
    ("api-ticket-worklog", "post"): Deed("agent manager owner", object=True, body={"do": "start"}),
    ("api-ticket-worklog", "patch"): Deed("agent manager owner", object=True, body={"id": 1, "kind": "free"}),
    ("api-ticket-views", "post"): Deed(STAFF, body={"name": "Mine"}),
    ("api-ticket-view", "patch"): Deed("agent", object=True, body={"name": "Mine too"}),
    ("api-ticket-view", "delete"): Deed("agent", object=True),
    ("api-ticket-draft", "put"): Deed("agent manager owner", object=True, body={"html": "<p>Dear</p>"}),
    ("api-departments", "post"): Deed(OWNER),
    ("api-department", "patch"): Deed("manager owner", object=True, known=True, body={"greeting": "Hello"}),
    ("api-ticket-setup", "patch"): Deed("manager owner", object=True, body={"rules": {"remind_days": 3}}),
    ("api-ticket-form", "put"): Deed("manager owner", object=True, known=True, body={"fields": []}),
    ("api-macros", "post"): Deed(OWNER, body={"name": "M", "deeds": [{"do": "tag", "value": "x"}]}),
    ("api-macro", "put"): Deed(
        OWNER, object=True, known=True, body={"name": "M", "deeds": [{"do": "tag", "value": "x"}]}
    ),
    ("api-macro", "delete"): Deed(OWNER, object=True, known=True),
    ("api-ticket-rules", "post"): Deed(OWNER),
    ("api-ticket-rule", "put"): Deed(OWNER, object=True),
    ("api-ticket-rule", "delete"): Deed(OWNER, object=True),
    ("api-staff", "post"): Deed(OWNER, body=COLLEAGUE),
    ("api-colleague", "patch"): Deed("manager owner", object=True, known=True, body={"capacity": 2}),
    ("api-announcements", "post"): Deed(OWNER),
    ("api-announcement", "put"): Deed(OWNER, object=True, known=True),
    ("api-brands", "post"): Deed(OWNER),
    ("api-brand", "put"): Deed(OWNER, object=True),
    ("api-websites", "post"): Deed(OWNER),
    ("api-website", "put"): Deed(OWNER, object=True),
    ("api-settings", "patch"): Deed(OWNER),
    ("api-units", "post"): Deed("customer manager owner", object=True),
    ("api-members", "post"): Deed(IN_CHARGE, object=True),
    ("api-unit", "patch"): Deed("customer manager owner", object=True),
    ("api-unit", "delete"): Deed("customer manager owner", object=True),
    ("api-member", "patch"): Deed(IN_CHARGE, object=True),
    ("api-member", "delete"): Deed(IN_CHARGE, object=True),
    ("api-prices", "put"): Deed(OWNER),
    ("api-organisation-prices", "put"): Deed(OWNER, object=True),
    ("api-vouchers", "post"): Deed(OWNER),
    ("api-voucher", "delete"): Deed(OWNER, object=True),
    ("api-bank-lines", "post"): Deed(OWNER),
    ("api-bank-line", "patch"): Deed(OWNER, object=True, body={"reason": "why"}),
    ("api-purchases", "post"): Deed("customer other_customer"),
    ("api-purchase-money-back", "delete"): Deed("customer", object=True, known=True),
    ("api-articles", "post"): Deed(STAFF),
    ("api-article", "patch"): Deed(STAFF, object=True),
    ("api-article-categories", "post"): Deed(PUBLISHERS, body={"names": {"en": "Start"}}),
    ("api-article-category", "put"): Deed(PUBLISHERS, object=True, known=True, body={"names": {"en": "Start"}}),
    ("api-file", "patch"): Deed("customer", object=True),
    ("api-file", "delete"): Deed("customer", object=True),
    ("api-auto-top-up", "put"): Deed("customer other_customer"),
    ("api-auto-top-up", "delete"): Deed("customer other_customer"),
}
# Their addresses have a UUID.
OF_UUID = {"api-file", "api-purchase-money-back"}
# Not behind a token: how they judge is in tests/dashboard/test_widget_session.py.
OPEN = {("api-widget-session", "post"), ("api-widget-code", "post"), ("api-schema", "get")}


def offered() -> set[tuple[str, str]]:
    """(name, method) of every view of the API."""
    found = set()
    for _, entry in walk(get_resolver().url_patterns):
        view: Any = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
        if entry.name and view is not None and issubclass(view, APIView):
            found |= {(entry.name, method) for method in METHODS if hasattr(view, method)}
    return found


def looked_at() -> set[tuple[str, str]]:
    """What test_endpoints.py does with each address."""
    return {(name, "get" if door.posts is None else "post") for name, door in TABLE.items()}


def test_x1_every_method_is_in_a_table() -> None:
    """Done-point 3: a method that nobody thought about fails here."""
    known = looked_at() | DEEDS.keys() | OPEN
    print(f"methods of the API: {len(known & offered())} of {len(offered())} in a table")
    assert sorted(offered() - known) == []
    assert sorted(DEEDS.keys() - offered()) == []


def test_x1_who_may_do_what(scene: Scene) -> None:  # noqa: F811
    """X1, P4, P5: method × role × own or somebody else's object."""
    wrong = []
    assert set(scene.roles) == set(EVERYBODY.split())
    callers = {role: Caller(actor) for role, actor in scene.roles.items()}
    for (name, method), deed in DEEDS.items():
        for role, caller in callers.items():
            address = scene.address(name, of="theirs") if deed.object else _filled_of(name)
            theirs = caller.does(method, address, deed.body).status_code
            nowhere = caller.does(method, scene.address(name), deed.body).status_code if deed.object else 404
            may = role in deed.roles.split()
            fine = (theirs not in (401, 403, 404)) == may and theirs < 500
            if deed.object:
                fine = fine and nowhere < 500 and (nowhere == 404 if may or deed.known else nowhere == theirs)
            if not fine:
                wrong.append((name, method, role, theirs, nowhere))
    assert not wrong, "\n".join(map(str, wrong))


def _filled_of(name: str) -> str:
    from tests.access.test_endpoints import ENDPOINTS

    return _filled(ENDPOINTS[name], "1")


@pytest.mark.parametrize(("name", "method"), sorted(DEEDS))
def test_x1_without_a_token_nobody_does_anything(db: None, name: str, method: str) -> None:
    address = _filled_of(name).replace("/1/", f"/{NO_SESSION}/") if "session" in name or name in OF_UUID else None
    response = getattr(Client(), method)(address or _filled_of(name), {}, content_type="application/json")
    assert response.status_code == 401
