"""Every page of the hub by the name of its address, and by whom it is looked at: with axe, on a phone, by keyboard.

A page that stands in none of these lists fails tests/access/test_every_page.py. Objects in an address come from
tests/browser/page_objects.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.urls import get_resolver

from tests.access.test_endpoints import walk

ADDRESSES = {entry.name: address for address, entry in walk(get_resolver().url_patterns) if entry.name}

OF_GUESTS = (
    "start",
    "login",
    "login-code",
    "register",
    "register-sent",
    "password-forgot",
    "password-sent",
    "password-link",  # one that nobody knows; a good one is a step
    "email-link",
    "invitation-link",
    "contact",
    "contact-sent",
    "help-articles",
    "help-article",
    "help-article-in",
    "store-done",
    "demo-outbox",
    "demo-outbox-message",
    "demo_shop",
)
OF_EVERYBODY_SIGNED_IN = (
    "profile",
    "profile-security",
    "profile-password",
    "profile-email",
    "profile-mobile",
    "profile-devices",
    "profile-tokens",
    "profile-token-new",
    "logout",
)
OF_CUSTOMERS = (
    "start",
    *OF_EVERYBODY_SIGNED_IN,
    "profile-privacy",
    "privacy-erase",
    "chats-page",
    "chat-page",
    "tickets-page",
    "ticket-new",
    "ticket",
    "ticket-files",
    "help-articles",
    "help-article",
    "portal-help",
    "portal-news",
    "portal-news-item",
    "portal-wallet",
    "portal-wallet-lots",
    "portal-top-up",
    "portal-auto-top-up",
    "portal-voucher",
    "portal-purchases",
    "portal-purchase",
    "personnel",
)
OF_COMPANIES = ("personnel-invite", "personnel-member", "personnel-units")
OF_STAFF = (
    *OF_EVERYBODY_SIGNED_IN,
    "profile-second-factor",
    "profile-recovery-codes",
    "console",
    "board",
    "admin-customers",
    "admin-customer-add",
    "admin-customers-import",
    "admin-customer",
    "admin-customer-purchases",
    "admin-customer-personnel",
    "admin-customer-chats",
    "admin-customer-tickets",
    "admin-customer-devices",
    "admin-customer-audit",
    "admin-customer-edit",
    "admin-customer-bind",
    "admin-customer-erase",
    "admin-customer-merge",
    "admin-customer-export",
    "admin-organisations",
    "admin-organisation",
    "admin-organisation-credits",
    "admin-organisation-purchases",
    "admin-organisation-prices",
    "admin-organisation-chats",
    "admin-organisation-tickets",
    "admin-organisation-audit",
    "admin-organisation-invite",
    "admin-organisation-member",
    "admin-approvals",
    "admin-audit",
    "admin-chat",
    "admin-refunds",
    "admin-outbox",
    "desk-tickets",
    "desk-ticket",
    "desk-ticket-new",
    "admin-bin",
    "admin-rules",
    "admin-rule",
    "admin-rule-new",
    "admin-rule-log",
    "admin-macros",
    "admin-macro",
    "admin-macro-new",
    "admin-articles",
    "admin-article",
    "admin-article-new",
    "admin-article-categories",
    "admin-money",
    "admin-money-open",
    "admin-money-purchases",
    "admin-money-prices",
    "admin-money-vouchers",
    "admin-money-bank",
    "admin-purchase",
    "admin-purchase-notices",
    "admin-departments",
    "admin-department",
    "admin-department-tickets",
    "admin-department-form",
    "admin-staff",
    "admin-staff-invite",
    "admin-colleague",
    "admin-brands",
    "admin-brand-new",
    "admin-brand",
    "admin-brand-preview",
    "admin-websites",
    "admin-website-new",
    "admin-website",
    "admin-news",
    "admin-announcements",
    "admin-announcement-new",
    "admin-announcement",
    "admin-announcement-seen",
    "admin-settings",
)
# Other states of pages above, by what is asked behind their address.
MORE: dict[str, tuple[str, ...]] = {
    "chats-page": ("?q=nothing+like+this",),
    "tickets-page": ("?q=nothing+like+this",),
    "portal-wallet": ("?until=2020-01-01",),
    "help-articles": ("?q=nothing+like+this",),
    "ticket-new": ("?department={department_id}",),
    "demo-outbox": ("?q=nobody",),
    "admin-customers": ("?q=nothing+like+this",),
    "admin-outbox": ("?state=failed",),
    "admin-money": ("?by=month",),
    "desk-tickets": ("?q=nothing+like+this", "?number=x"),
    "desk-ticket-new": ("?who=sanne", "?customer={customer_id}"),
}
# One comes there by what one did before: test_every_page.py takes these steps, in every language.
BY_STEPS = (
    "login-code-enter",
    "new-password",
    "verify",
    "enrol",
    "profile-mobile-confirm",
)
# In a state that a list cannot make: the test that looks at it.
ELSEWHERE = {
    "widget_frame": "test_u2_the_widget_and_the_console_in_a_chat",
    "personnel-request": "test_p4_who_is_at_the_limit_asks_and_goes_on_by_itself",
    "sandbox-pay": "test_u2_the_sandbox_and_the_page_of_the_api",
    "api-docs": "test_u2_the_sandbox_and_the_page_of_the_api",
}
# They answer a get, and what they answer is no page.
NO_PAGE = {
    "account-security": "leads on",
    "admin": "leads on",
    "store-return": "leads on",
    "forum-sign-in": "leads on; tests/dashboard/test_forum.py",
    "portal-purchase-pay": "leads on to the provider",
    "brand-css": "a style sheet",
    "brand-logo": "a picture",
    "loader": "a script",
    "readyz": "a probe",
    "robots": "data",
    "sitemap": "data",
    "^api/": "an error of the API",
    "demo-codes": "data",
    "admin-find": "data",
    "portal-identity": "data",
    "portal-purchase-state": "data",
    "portal-now": "a part of the home page",
    "ticket-files-room": "a part of the library",
    "help-suggest": "a part of the form",
    "help-inside": "a part of the form",
    "privacy-export-file": "a file",
    "chat-transcript": "a file",
    "portal-wallet-file": "a file",
    "receipt-file": "a file",
    "demo-outbox-html": "a mail, as its reader's program shows it",
    "demo-outbox-file": "a file",
    "admin-outbox-file": "a file",
    "admin-customers-file": "a file",
    "admin-customer-lines": "a file",
    "admin-organisation-lines": "a file",
    "admin-audit-file": "a file",
    "admin-money-sales": "a file",
    "admin-money-credits": "a file",
}


def looked_at() -> set[str]:
    return {*OF_GUESTS, *OF_CUSTOMERS, *OF_COMPANIES, *OF_STAFF, *BY_STEPS, *ELSEWHERE}


def paths(names: Iterable[str], about: Mapping[str, str]) -> list[str]:
    """Their addresses, with the objects they are about, and their other states."""
    found = []
    for name in names:
        path = "/" + re.sub(r"<\w+:(\w+)>", lambda part: about[part[1]], ADDRESSES[name])
        found += [path, *(path + more.format(**about) for more in MORE.get(name, ()))]
    return found
