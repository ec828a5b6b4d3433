"""X1 over pages: every page of the hub, every role in a browser of its own, and what each may reach.

With test_endpoints.py (the API) and test_setup_pages.py (how the hub is set up) this table covers the whole URL
configuration: a page that nobody thought about fails the first test. An object that somebody may not see answers as one
that does not exist.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.access import test_endpoints, test_setup_pages
from tests.access.pages import NOBODY, Pages, pages_of
from tests.access.test_endpoints import ENDPOINTS, scene  # noqa: F401 - a fixture

CUSTOMERS = "customer other_customer employee"
STAFF = "agent colleague stranger manager other_manager owner"
SIGNED_IN = f"{CUSTOMERS} {STAFF}"
EVERYBODY = f"{NOBODY} {SIGNED_IN}"
OWNER, MANAGERS, NONE = "owner", "manager other_manager owner", ""
SEES = "agent manager owner"  # the customer in the scene, and what is theirs (P5, P6)
IN_CHARGE = "manager owner"  # of that customer, or of their organisation's personnel (P4, P5)
THEIRS = "customer"  # whose chat it is, and who owns the organisation (P4)


class Page(NamedTuple):
    """Who comes in, and by which methods. Where the address names an object: who sees the one in the scene."""

    roles: str
    methods: str = "get"
    same: bool = False  # says the same of what is there and what is not, to everybody


FORM, DEED = "get post", "post"
TABLE: dict[str, Page] = {
    # for everybody, whether or not they are signed in
    "api-docs": Page(EVERYBODY),
    "start": Page(EVERYBODY),
    "register": Page(EVERYBODY, FORM),
    "register-sent": Page(EVERYBODY),
    "login": Page(EVERYBODY),
    "login-code": Page(EVERYBODY, FORM),
    "language": Page(EVERYBODY, DEED),
    "password-forgot": Page(EVERYBODY, FORM),
    "password-sent": Page(EVERYBODY),
    "account-security": Page(EVERYBODY),  # only leads on to the page of who is signed in
    "loader": Page(EVERYBODY),
    # steps of signing in: without the one before, back to the beginning
    "login-code-enter": Page(SIGNED_IN, FORM),
    "new-password": Page(NONE, FORM),
    "verify": Page(NONE, FORM),
    "verify-by-mail": Page(NONE, DEED),
    "enrol": Page(NONE, FORM),
    "logout": Page(SIGNED_IN),
    # links that are mailed: a made-up one is unknown, whoever brings it
    "password-link": Page(NONE, FORM, same=True),
    "password-link-again": Page(EVERYBODY, DEED, same=True),  # says the same whether or not there is such a link
    "email-link": Page(NONE, FORM, same=True),
    "invitation-link": Page(NONE, FORM, same=True),
    # one's own account
    "profile": Page(SIGNED_IN, FORM),
    "profile-security": Page(SIGNED_IN),
    "profile-password": Page(SIGNED_IN, FORM),
    "profile-email": Page(SIGNED_IN, FORM),
    "profile-mobile": Page(SIGNED_IN, FORM),
    "profile-mobile-confirm": Page(SIGNED_IN, FORM),
    "profile-second-factor": Page(STAFF, FORM),
    "profile-recovery-codes": Page(STAFF, FORM),
    "profile-devices": Page(SIGNED_IN),
    "devices-end": Page(SIGNED_IN, DEED),
    "device-end": Page(SIGNED_IN, DEED, same=True),  # leads back to the list, and ends none but an own one (P9)
    "profile-tokens": Page(SIGNED_IN),
    "profile-token-new": Page(SIGNED_IN, FORM),
    "profile-token-revoke": Page(SIGNED_IN, DEED, same=True),  # leads back to the list, and revokes none but an own one
    "profile-privacy": Page(CUSTOMERS),
    "privacy-export": Page(CUSTOMERS, DEED),
    "privacy-export-file": Page(THEIRS),
    "privacy-erase": Page(CUSTOMERS, FORM),
    "privacy-keep": Page(CUSTOMERS, DEED),
    # the customers' portal
    "portal-now": Page(CUSTOMERS),
    "portal-identity": Page(CUSTOMERS),
    "forum-sign-in": Page(NONE),  # there is no forum; tests/dashboard/test_forum.py asks as one does
    "portal-help": Page(CUSTOMERS),
    "portal-news": Page(CUSTOMERS),
    "portal-news-item": Page(CUSTOMERS),
    "tickets-page": Page(CUSTOMERS),
    "ticket-new": Page(CUSTOMERS, FORM),
    "ticket-files": Page(CUSTOMERS),
    "ticket-files-room": Page(CUSTOMERS),
    "ticket": Page(THEIRS),
    "ticket-answer": Page(THEIRS, DEED),
    "ticket-solve": Page(THEIRS, DEED),
    "ticket-reopen": Page(THEIRS, DEED),
    "ticket-file-remove": Page(THEIRS, DEED),  # which file the form says; tests/tickets/test_pages_tickets.py
    "robots": Page(EVERYBODY),
    "sitemap": Page(EVERYBODY),
    "contact": Page(EVERYBODY, FORM),  # who is signed in is led to their own form
    "contact-sent": Page(EVERYBODY),
    "help-articles": Page(EVERYBODY),
    "help-suggest": Page(EVERYBODY),
    "help-article": Page(EVERYBODY),
    "help-article-in": Page(EVERYBODY),
    "help-inside": Page(EVERYBODY),
    "help-opinion": Page(EVERYBODY, DEED),
    "help-avoided": Page(EVERYBODY, DEED),
    "chats-page": Page(CUSTOMERS),
    "chat-page": Page(THEIRS),
    "chat-transcript": Page(THEIRS),
    "chat-rating": Page(THEIRS, DEED),
    "chat-refund": Page(THEIRS, DEED),
    "chat-reopen": Page(THEIRS, DEED),
    "portal-wallet": Page(CUSTOMERS),
    "portal-wallet-file": Page(CUSTOMERS),
    "portal-wallet-lots": Page("customer other_customer"),  # members of an organisation see what they used (P4)
    "portal-top-up": Page(CUSTOMERS, FORM),
    "portal-auto-top-up": Page(CUSTOMERS, FORM),
    "portal-voucher": Page(CUSTOMERS, FORM),
    "portal-purchases": Page(CUSTOMERS),
    "portal-purchase": Page(THEIRS),
    "portal-purchase-state": Page(THEIRS),
    "portal-purchase-pay": Page(THEIRS),
    "portal-money-back": Page(THEIRS, DEED),
    "portal-money-keep": Page(THEIRS, DEED),
    "receipt-file": Page("customer agent manager owner"),
    # where payers and payment providers come back to: it says the same of every purchase, and of none
    "store-return": Page(EVERYBODY, same=True),
    "store-done": Page(EVERYBODY),
    "sandbox-pay": Page(NONE, FORM),  # the scene has no payment of the sandbox
    "personnel": Page(CUSTOMERS),
    "personnel-invite": Page(THEIRS, FORM),
    "personnel-invitation": Page(THEIRS, DEED),
    "personnel-member": Page(THEIRS),
    "personnel-units": Page(THEIRS, FORM),
    "personnel-name": Page(THEIRS, DEED),
    "personnel-start": Page(CUSTOMERS, DEED),
    "personnel-leave": Page("customer employee", DEED),
    "personnel-ask": Page(CUSTOMERS, DEED),
    "personnel-request": Page(THEIRS, FORM),
    # staff
    "console": Page(STAFF),
    "board": Page(STAFF),
    "admin": Page(STAFF),
    "admin-find": Page(STAFF),
    "admin-customers": Page(STAFF),
    "admin-customer-add": Page(STAFF, FORM),
    "admin-customers-import": Page(MANAGERS, FORM),
    "admin-customers-file": Page(MANAGERS),
    "admin-customer": Page(SEES),
    "admin-customer-lines": Page(SEES),
    "admin-customer-adjust": Page(SEES, DEED),
    "admin-customer-personnel": Page(SEES),
    "admin-customer-chats": Page(SEES),
    "admin-customer-devices": Page(SEES),
    "admin-customer-device-end": Page(SEES, DEED),
    "admin-customer-audit": Page(OWNER),
    "admin-customer-edit": Page(SEES, FORM),
    "admin-customer-bind": Page(SEES, FORM),
    "admin-customer-link": Page(SEES, DEED),
    "admin-customer-suspend": Page(SEES, DEED),
    "admin-customer-sign-out": Page(SEES, DEED),
    "admin-customer-vip": Page(SEES, DEED),
    "admin-customer-erase": Page(OWNER, FORM),
    "admin-customer-export": Page(OWNER, FORM),
    "admin-customer-merge": Page(IN_CHARGE, FORM),
    "admin-customer-note": Page(SEES, DEED),
    "admin-note": Page(SEES, DEED),
    "admin-organisations": Page(STAFF),
    "admin-organisation": Page(SEES),
    "admin-organisation-change": Page(SEES, DEED),
    "admin-organisation-vip": Page(SEES, DEED),
    "admin-organisation-credits": Page(SEES),
    "admin-organisation-lines": Page(SEES),
    "admin-organisation-adjust": Page(SEES, DEED),
    "admin-organisation-chats": Page(SEES),
    "admin-organisation-audit": Page(OWNER),
    "admin-organisation-note": Page(SEES, DEED),
    "admin-organisation-invite": Page(IN_CHARGE, FORM),
    "admin-organisation-invitation": Page(IN_CHARGE, DEED),
    "admin-organisation-unit": Page(IN_CHARGE, DEED),
    "admin-organisation-member": Page(IN_CHARGE, FORM),
    "admin-organisation-suspend": Page(IN_CHARGE, DEED),
    "admin-organisation-remove": Page(IN_CHARGE, DEED),
    "admin-approvals": Page(STAFF),
    "admin-approve": Page(SEES, DEED),
    "admin-decline": Page(SEES, DEED),
    "admin-audit": Page(OWNER),
    "admin-audit-file": Page(OWNER),
    "admin-chat": Page(SEES),
    "admin-chat-refund": Page(SEES, DEED),
    "admin-chat-refund-decline": Page(SEES, DEED),
    "admin-refunds": Page(STAFF),
    "admin-outbox": Page(OWNER),
    "admin-outbox-retry-all": Page(OWNER, DEED),
    "admin-outbox-retry": Page(OWNER, DEED),
    "admin-outbox-resend": Page(OWNER, DEED),
    "admin-outbox-file": Page(OWNER),
    # tickets: of the one in the scene, whoever sees it
    "desk-tickets": Page(STAFF),
    "desk-tickets-bulk": Page(STAFF, DEED),
    "desk-views": Page(STAFF, DEED),
    "desk-view": Page("agent", DEED),  # the agent's own
    "desk-ticket-new": Page(STAFF, FORM),
    "desk-ticket": Page(SEES),
    "desk-ticket-looking": Page(SEES, DEED),
    "desk-ticket-draft": Page(SEES, DEED),
    "desk-ticket-write": Page(SEES, DEED),
    "desk-ticket-change": Page(SEES, DEED),
    "desk-ticket-assign": Page(SEES, DEED),
    "desk-ticket-hand-over": Page(SEES, DEED),
    "desk-ticket-join": Page(SEES, DEED),
    "desk-ticket-work": Page(SEES, DEED),
    "desk-ticket-macro": Page(SEES, DEED),
    "desk-ticket-follow": Page(SEES, DEED),
    "desk-ticket-delete": Page(OWNER, DEED),
    "admin-customer-tickets": Page(SEES),
    "admin-customer-file-room": Page(IN_CHARGE, DEED),
    "admin-organisation-file-room": Page(IN_CHARGE, DEED),
    "admin-organisation-tickets": Page(SEES),
    # money: the owner's, but for one purchase, which whoever sees its wallet may open
    "admin-money": Page(OWNER),
    "admin-money-sales": Page(OWNER),
    "admin-money-credits": Page(OWNER),
    "admin-money-open": Page(OWNER),
    "admin-money-refund-end": Page(NONE, DEED),  # the scene has no refund of money
    "admin-money-purchases": Page(OWNER),
    "admin-money-prices": Page(OWNER, FORM),
    "admin-organisation-prices": Page(OWNER, FORM),
    "admin-money-vouchers": Page(OWNER, FORM),
    "admin-money-voucher-withdraw": Page(OWNER, DEED),
    "admin-money-bank": Page(OWNER, FORM),
    "admin-money-line-close": Page(OWNER, DEED),
    "admin-money-line-assign": Page(OWNER, DEED),
    "admin-customer-purchases": Page(SEES),
    "admin-organisation-purchases": Page(SEES),
    "admin-purchase-refund": Page(SEES, DEED),
    "admin-purchase": Page(SEES),
    "admin-money-request-decline": Page(SEES, DEED),
    "admin-purchase-notices": Page(OWNER),
    "admin-purchase-ask": Page(OWNER, DEED),
    "admin-purchase-close": Page(OWNER, DEED),
    # what only the demo has (X7), and what the scene has none of
    "demo-codes": Page(EVERYBODY),
    "demo-outbox": Page(EVERYBODY),
    "demo-outbox-message": Page(EVERYBODY),
    "demo-outbox-html": Page(EVERYBODY),
    "demo-outbox-file": Page(EVERYBODY),
    "demo-sign-in": Page(NONE, DEED),
    "demo_shop": Page(NONE),
    "widget_frame": Page(NONE),
    "brand-css": Page(EVERYBODY),
    "brand-logo": Page(NONE, same=True),
    "readyz": Page(NONE),  # a hub without workers is not ready
    "^api/": Page(NONE),
}
HAS_OBJECT = {name for name in TABLE if "<" in ENDPOINTS.get(name, "")}
FEW = (NOBODY, "customer", "agent", "owner")  # enough where everybody, or nobody, comes in


@pytest.fixture
def pages(scene: test_endpoints.Scene, settings: Any, tmp_path: Path) -> Iterator[Pages]:  # noqa: F811
    settings.MEDIA_ROOT = str(tmp_path)
    logging.disable(logging.ERROR)
    yield pages_of(scene)
    logging.disable(logging.NOTSET)


def test_x1_every_address_is_in_a_table() -> None:
    """Done-point 3: the three tables together are the URL configuration, to the name."""
    api = test_endpoints.TABLE.keys()
    setup = {name.removeprefix("+") for name in test_setup_pages.TABLE}
    known = api | setup | TABLE.keys()
    print(f"addresses: {len(known & ENDPOINTS.keys())} of {len(ENDPOINTS)} in a table")
    assert sorted(ENDPOINTS.keys() - known) == []
    assert sorted(known - ENDPOINTS.keys()) == []
    assert sorted((api & TABLE.keys()) | (setup & TABLE.keys())) == []


def _roles_to_try(page: Page) -> list[str]:
    return list(FEW) if page.roles in (EVERYBODY, NONE) else EVERYBODY.split()


@pytest.mark.parametrize("part", range(4))
def test_x1_who_comes_in_and_what_is_seen(pages: Pages, part: int) -> None:
    """X1, P4, P5: page × role × own or somebody else's object; where one may not, all is as if it did not exist."""
    wrong = []
    for name in sorted(TABLE)[part::4]:
        page = TABLE[name]
        for role in _roles_to_try(page):
            for method in page.methods.split():
                theirs = pages.asks(role, method, pages.address(name))
                fine = theirs.comes_in == (role in page.roles.split())
                if name in HAS_OBJECT:
                    nowhere = pages.asks(role, method, pages.address(name, nowhere=True))
                    fine = fine and (theirs == nowhere if page.same or not theirs.comes_in else nowhere.said == "404")
                if not fine or theirs.said == "500":
                    wrong.append((name, role, theirs))
    assert wrong == []


def test_x1_a_page_takes_no_method_that_is_not_in_the_table(pages: Pages) -> None:
    """A page that is only read changes nothing by a post, and a deed is not done by a link (405)."""
    wrong = []
    for name, page in TABLE.items():
        for method in {"get", "post"} - set(page.methods.split()):
            answers = {role: pages.asks(role, method, pages.address(name)).said for role in ("customer", "owner")}
            if not set(answers.values()) <= {"405", "401", "403", "404", "other side", "login"}:
                wrong.append((name, method, answers))
    assert wrong == []
