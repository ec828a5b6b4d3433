"""U4: a page with nothing on it says so and what comes next; one that cannot be shown says that in words."""

from __future__ import annotations

import re

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views import defaults

from tests import people
from tests.browsers import browser_of

pytestmark = pytest.mark.django_db

OF_A_NEW_CUSTOMER = ["/", "/chats/", "/wallet/", "/news/"]
OF_A_NEW_HUB = [
    "/admin/customers/",
    "/admin/organisations/",
    "/admin/approvals/",
    "/admin/outbox/",
    "/admin/departments/",
    "/admin/announcements/",
    "/admin/news/",
    "/admin/websites/",
    "/admin/brands/",
]
SEARCHES = [
    ("/admin/customers/?q=nobody-of-this-name", "admin"),
    ("/admin/organisations/?q=nobody-of-this-name", "admin"),
    ("/admin/outbox/?q=nobody-of-this-name", "admin"),
    ("/admin/audit/?until=2001-01-01", "admin"),
    ("/chats/?q=nothing-of-this-kind", "portal"),
    ("/wallet/?since=2001-01-01&until=2001-01-02", "portal"),
]


def said_when_empty(client: Client, path: str) -> str:
    """The words of the empty state; '' where there is none."""
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    found = re.search(r'<div class="(?:card )?empty">(.*?)</div>', page.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


@pytest.mark.parametrize("path", OF_A_NEW_CUSTOMER)
def test_u4_a_new_customers_pages_say_that_there_is_nothing_yet(path: str) -> None:
    assert said_when_empty(browser_of(people.make_customer()), path)


@pytest.mark.parametrize("path", OF_A_NEW_HUB)
def test_u4_a_new_hubs_pages_say_that_there_is_nothing_yet(path: str) -> None:
    assert said_when_empty(browser_of(people.make_owner()), path)


@pytest.mark.parametrize(("path", "side"), SEARCHES)
def test_u4_a_search_that_finds_nothing_says_so(path: str, side: str) -> None:
    who = people.make_owner() if side == "admin" else people.make_customer()
    assert re.search("[Nn]othing|[Nn]obody|[Nn]o ", said_when_empty(browser_of(who), path))


def _missing(request: HttpRequest) -> HttpResponse:
    return defaults.page_not_found(request, Http404())


def _refused(request: HttpRequest) -> HttpResponse:
    return defaults.permission_denied(request, PermissionError())


def _breaks(*_: object, **__: object) -> None:
    raise RuntimeError("on purpose")


def test_u1_u4_a_page_that_broke_speaks_the_readers_language_and_offers_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hub.dashboard.portal.help_page.read_page", _breaks)
    browser = browser_of(people.make_customer(language="nl"))
    browser.raise_request_exception = False
    answer = browser.get("/help/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert '<html lang="nl" dir="ltr">' in page
    assert 'name="language" value="fa"' in page
    assert 'name="next" value="/help/"' in page


def test_u4_a_frame_that_breaks_too_leaves_the_bare_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.dashboard.portal.help_page.read_page", _breaks)
    browser = browser_of(people.make_customer())
    browser.raise_request_exception = False
    monkeypatch.setattr("hub.site.error_pages.render", _breaks)
    answer = browser.get("/help/")
    assert (answer.status_code, "please try again" in answer.content.decode()) == (500, True)


@pytest.mark.parametrize(
    ("show", "status", "says"),
    [
        (_missing, 404, "Back to the start page"),
        (_refused, 403, "Back"),
        (defaults.server_error, 500, "please try again"),
    ],
)
def test_u4_what_cannot_be_shown_says_why_and_what_to_do(show: object, status: int, says: str) -> None:
    page = show(RequestFactory().get("/nowhere/"))  # type: ignore[operator]
    assert page.status_code == status
    assert says in page.content.decode()
