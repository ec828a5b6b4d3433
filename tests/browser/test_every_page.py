"""Every page of the hub: for axe in every language and layout, on a phone of 360 px, by keyboard alone (U1 to U3, A3).

Which pages there are, every_page.py knows; a page that it does not know fails tests/access/test_every_page.py. What the
server made is looked at where no frame is drawn, as 1,300 visits are half of what browser tests take.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import colours, every_page, keyboard, page_objects, skeleton
from tests.browser.conftest import OpenWindow
from tests.browser.outbox import code_to, text_to
from tests.browser.portal import LANGUAGES, LAYOUTS, NARROW, WIDE, overflow, sign_in, speak, told, violations
from tests.browser.tickets import asks
from tests.browser.windows import SLOW_MS
from tests.running import RunningHub

pytestmark = pytest.mark.browser

DARK = ("nl", "fa")
PASSWORD = "three lamps over the quay"
DRAWN_BY_SCRIPT = ("/console/", "/board/")


def scheme(language: str) -> str:
    return "dark" if language in DARK else "light"


def go(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status in (200, 400) or "not-a-link" in path, f"{path} answered {answer.status}"
    if path in DRAWN_BY_SCRIPT:
        expect(page.get_by_role("heading").first).to_be_visible(timeout=SLOW_MS)
        expect(page.locator("#app .sk")).to_have_count(0)  # nothing is still on its way


def faults(page: Page, paths: Iterable[str], language: str) -> list[str]:
    found: list[str] = []
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for path in paths:
        go(page, path)
        # What a script draws follows from the width.
        found += in_another(page, language) + faults_here(page, anew=path in DRAWN_BY_SCRIPT)
    return found


def faults_here(page: Page, *, anew: bool = False) -> list[str]:
    """On a phone, as the window is; and for axe wide. Unless all is to be looked at anew, axe leaves out what it knows
    but for the words (skeleton.py) and colours that it has seen meet (colours.py): most pages in their second language.
    """
    found = too_wide(page)
    trees, meetings = skeleton.trees(page), colours.meetings(page)
    is_new = anew or not skeleton.are_known(trees), anew or not colours.are_known(meetings)
    if any(is_new):
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        found += told(page, skeleton.faults(page, trees)) if is_new[0] else []
        found += told(page, colours.faults(page, meetings)) if is_new[1] else []
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    return found


def in_another(page: Page, language: str) -> list[str]:
    said = page.locator("html").get_attribute("lang")
    return [f"{page.url} speaks {said}"] if said != language else []


def too_wide(page: Page) -> list[str]:
    more = overflow(page)
    return [f"{page.url} is {more} px wider than {NARROW['width']}"] if more > 0 else []


def guests(page: Page, hub: RunningHub) -> list[str]:
    about = page_objects.of_guests(page, hub)
    return every_page.paths(every_page.OF_GUESTS, about)


def customers(page: Page, hub: RunningHub, layout: str) -> list[str]:
    names = every_page.OF_CUSTOMERS + (every_page.OF_COMPANIES if layout == "compact" else ())
    return every_page.paths(names, page_objects.of_customers(page, hub, layout))


def staff(open_window: OpenWindow, hub: RunningHub) -> list[str]:
    window = open_window("/", viewport=WIDE)
    sign_in(window, hub, "customer")
    about = page_objects.of_staff(window, hub)
    others = {
        "admin-colleague": about | {"user_id": about["colleague_id"]},
        "admin-customer-personnel": about | {"customer_id": about["user_id"]},
    }
    names = every_page.OF_STAFF
    return [path for name in names for path in every_page.paths([name], others.get(name, about))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_u2_u3_every_page_of_guests(open_still_window: OpenWindow, hub: RunningHub, language: str) -> None:
    page = open_still_window("/login/", viewport=WIDE, color_scheme=scheme(language), locale=language)
    speak(page, language)
    assert faults(page, guests(page, hub), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_u2_u3_every_page_of_customers(
    open_still_window: OpenWindow, hub: RunningHub, layout: str, language: str
) -> None:
    """A3: in both layouts."""
    page = open_still_window("/", viewport=WIDE, color_scheme=scheme(language))
    sign_in(page, hub, LAYOUTS[layout])
    expect(page.locator("html")).to_have_attribute("data-layout", layout)
    paths = customers(page, hub, layout)
    page.goto("/")
    speak(page, language)
    assert faults(page, paths, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_u2_u3_every_page_of_staff(
    open_window: OpenWindow, open_still_window: OpenWindow, hub: RunningHub, language: str
) -> None:
    """As the owner, who sees all of them."""
    by_server = [path for path in staff(open_window, hub) if path not in DRAWN_BY_SCRIPT]
    found: list[str] = []
    for opens, paths in ((open_still_window, by_server), (open_window, DRAWN_BY_SCRIPT)):
        page = opens("/", viewport=WIDE, color_scheme=scheme(language))
        sign_in(page, hub, "owner")
        page.goto("/admin/")
        speak(page, language)
        found += faults(page, paths, language)
    assert found == []


@pytest.mark.parametrize("who", ["guest", "classic", "compact"])
def test_u2_every_page_by_keyboard_alone(open_still_window: OpenWindow, hub: RunningHub, who: str) -> None:
    """Customers of the classic layout on a phone's width, where menus are folded; the others on a wide screen."""
    page = open_still_window("/login/", viewport=NARROW if who == "classic" else WIDE, locale="en")
    if who != "guest":
        sign_in(page, hub, LAYOUTS[who])
    paths = guests(page, hub) if who == "guest" else customers(page, hub, who)
    assert not_by_keyboard(page, paths) == []


def test_u2_every_page_of_staff_by_keyboard_alone(
    open_window: OpenWindow, open_still_window: OpenWindow, hub: RunningHub
) -> None:
    by_server = [path for path in staff(open_window, hub) if path not in DRAWN_BY_SCRIPT]
    found: list[str] = []
    for opens, paths in ((open_still_window, by_server), (open_window, DRAWN_BY_SCRIPT)):
        page = opens("/login/", viewport=WIDE, locale="en")
        sign_in(page, hub, "owner")
        found += not_by_keyboard(page, paths)
    assert found == []


def not_by_keyboard(page: Page, paths: Iterable[str]) -> list[str]:
    found: list[str] = []
    for path in paths:
        go(page, path)
        found += keyboard.offences(page)
    return found


def test_u2_u3_every_step_of_getting_in(open_window: OpenWindow, hub: RunningHub) -> None:
    """P3, P7: from the invitation of a colleague to their second factor, each page in every language."""
    address = f"ana{time.time_ns()}@example.com"
    department = page_objects.of_department(hub)
    said = {"first_name": "Ana", "email": address, "departments": [int(department)]}
    asks(hub, "owner", "POST", "/staff/", said)
    page = open_window("/login/", viewport=WIDE, locale="en")
    page.goto(text_to(page, address, r"https?://[^/\s\"]+(/invitation/[^\s\"<]+)"))
    found = in_every_language(page)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/login/code/enter/")
    found += in_every_language(page)
    page.get_by_label("Code").fill(code_to(page, address))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/login/new-password/")
    found += in_every_language(page)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    page.wait_for_url("**/login/second-factor/")
    assert found + in_every_language(page) == []


def test_u2_u3_every_step_of_ones_own_account(open_window: OpenWindow, hub: RunningHub) -> None:
    """P2, P7: the second factor of who has one, and the code of a new number."""
    agent, customer = hub.account("agent"), hub.account("vip")
    page = open_window("/login/", viewport=WIDE, locale="en")
    page.locator("main [name=login]").fill(agent["login"])
    page.locator("main [name=password]").fill(agent["password"])
    page.locator("main [name=password]").press("Enter")
    page.wait_for_url("**/login/verify/")
    found = in_every_language(page)
    page = open_window("/login/", viewport=WIDE, locale="en")
    sign_in(page, hub, "vip")
    page.goto("/profile/mobile/")
    page.locator("main [name=mobile]").fill(f"+3161{time.time_ns() % 10_000_000:07d}")
    page.locator("main [name=current]").fill(customer["password"])
    page.locator("main [name=current]").press("Enter")
    page.wait_for_url("**/profile/mobile/confirm/")
    assert found + in_every_language(page) == []


def in_every_language(page: Page) -> list[str]:
    """The page as it stands; English again at the end."""
    found: list[str] = []
    for language in (*LANGUAGES[1:], "en"):
        speak(page, language)
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        found += [f"{said} in {language}" for said in faults_here(page)]
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


def test_u2_the_sandbox_and_the_page_of_the_api(open_still_window: OpenWindow, hub: RunningHub) -> None:
    wish = {"credits": 50, "provider": "sandbox", "method": "ideal"}
    pay = str(asks(hub, "customer", "POST", "/purchases/", wish)["redirect_url"])
    page = open_still_window("/", viewport=WIDE)
    page.goto(pay)
    assert violations(page) == []
    page.goto("/api/v1/docs/")
    assert violations(page, contrast=False) == []
    # The first of its sections have the colours of all forty, which would take ten seconds.
    all_of_them = colours.meetings(page)
    page.evaluate("[...document.querySelectorAll('main > section')].slice(5).forEach((one) => one.remove())")
    assert colours.meetings(page) == all_of_them
    assert told(page, colours.faults(page, all_of_them)) == []
