"""Where one is signed in (P9): the list, ending one, ending all, and the second factor on one's own page (P7)."""

from __future__ import annotations

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from hub.accounts.access import load_person
from hub.accounts.actions import housekeeping, second_factor
from hub.accounts.errors import WrongCode
from hub.accounts.models import AuditEntry, OneTimeCode, OneTimeLink, SignedInDevice, User
from hub.accounts.sessions import claims_of_cookie
from hub.base import clock
from hub.base.errors import NotSignedIn
from hub.base.hub_settings import HubSettings
from tests import people
from tests.accounts.letters import code_in, last_to, letters_to, purposes

pytestmark = pytest.mark.django_db
EMAIL = "sanne@example.com"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"


@pytest.fixture
def customer() -> User:
    return people.make_customer(password=people.PASSWORD, email=EMAIL)


def signed_in(user_agent: str = FIREFOX, address: str = "10.0.0.1", login: str = EMAIL) -> Client:
    browser = Client(headers={"User-Agent": user_agent}, REMOTE_ADDR=address)
    browser.post("/login/", {"login": login, "password": people.PASSWORD})
    return browser


def is_signed_in(client: Client) -> bool:
    return client.get("/api/v1/me/").status_code == 200


def listed(client: Client) -> str:
    """The list on the page of devices."""
    return client.get("/profile/devices/").content.decode().partition("Signed in now")[2]


def key_of(client: Client) -> str:
    return str(client.cookies["balie_session"].value)


def device_of(client: Client) -> SignedInDevice:
    return SignedInDevice.objects.get(session_key=key_of(client))


@pytest.mark.parametrize(
    ("header", "browser", "system"),
    [
        (FIREFOX, "Firefox", "Linux"),
        (EDGE, "Edge", "Windows"),
        (IPHONE, "Safari", "iPhone"),
        ("", "", ""),
        ("x" * 100_000, "", ""),
        ("<script>alert(1)</script>", "", ""),
    ],
)
def test_p9_a_device_is_named_by_browser_and_system(customer: User, header: str, browser: str, system: str) -> None:
    device = device_of(signed_in(header))
    assert (device.browser, device.operating_system, device.address) == (browser, system, "10.0.0.1")


def test_p9_the_list_shows_where_one_is_signed_in(customer: User) -> None:
    here = signed_in(FIREFOX)
    signed_in(EDGE, "2001:db8::1")
    gone = signed_in(IPHONE)
    gone.post("/logout/")
    page = listed(here)
    assert "Firefox on Linux" in page
    assert "Edge on Windows" in page
    assert "2001:db8::/64" in page
    assert "iPhone" not in page
    assert page.index("Firefox on Linux") < page.index("Edge on Windows")  # this one first
    assert page.count('action="/profile/devices/') == 2  # the other one, and all others


def test_p9_one_device_is_ended_and_its_sockets_with_it(customer: User) -> None:
    """X2: the rights version goes up, and what its sockets check again is not signed in any more."""
    here, there = signed_in(), signed_in(EDGE)
    claims = claims_of_cookie(key_of(there))
    assert claims is not None
    version = load_person(claims).rights_version
    assert here.post(f"/profile/devices/{device_of(there).pk}/end/")["Location"] == "/profile/devices/"
    with pytest.raises(NotSignedIn):
        load_person(claims)
    assert User.objects.get(pk=customer.pk).rights_version > version
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert AuditEntry.objects.filter(fact="people.device.ended", actor=customer).count() == 1


def test_x1_nobody_ends_the_device_of_another(customer: User) -> None:
    people.make_customer("Tom Visser", email="tom@example.com", password=people.PASSWORD)
    there, mallory = signed_in(), signed_in(login="tom@example.com")
    theirs = mallory.post(f"/profile/devices/{device_of(there).pk}/end/")
    nothing = mallory.post("/profile/devices/999999999/end/")
    assert (theirs.status_code, theirs["Location"]) == (nothing.status_code, nothing["Location"])
    assert is_signed_in(there)
    assert "Firefox" in mallory.get("/profile/devices/").content.decode()  # the own one


def test_p9_ending_a_device_twice_is_harmless(customer: User) -> None:
    here, there = signed_in(), signed_in(EDGE)
    pk = device_of(there).pk
    for _ in range(2):
        assert here.post(f"/profile/devices/{pk}/end/").status_code == 302
    assert AuditEntry.objects.filter(fact="people.device.ended").count() == 1


def test_p9_everywhere_else_but_not_here(customer: User) -> None:
    here, there = signed_in(), signed_in(EDGE)
    assert here.post("/profile/devices/end-others/")["Location"] == "/profile/devices/"
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert "Edge" not in listed(here)
    assert AuditEntry.objects.filter(fact="people.signed_out_everywhere").count() == 1


def test_p9_signing_in_again_in_a_browser_is_one_device(customer: User) -> None:
    browser = signed_in()
    browser.post("/login/", {"login": EMAIL, "password": people.PASSWORD})
    assert SignedInDevice.objects.filter(user=customer, ended_at__isnull=True).count() == 1


def test_p9_somebody_else_in_the_same_browser_takes_it_over(customer: User) -> None:
    """Without signing out first: the one before is signed out, and the new one's device can be ended."""
    people.make_customer("Tom Visser", email="tom@example.com", password=people.PASSWORD)
    browser = signed_in()
    before = device_of(browser)
    browser.post("/login/", {"login": "tom@example.com", "password": people.PASSWORD})
    before.refresh_from_db()
    assert before.ended_at is not None
    assert device_of(browser).user.email == "tom@example.com"
    assert "This one" in listed(browser)


def test_p9_a_new_device_is_told_by_mail_and_a_known_one_is_not(customer: User) -> None:
    first = signed_in()
    assert letters_to(EMAIL) == []  # the very first
    first.post("/logout/")
    first.post("/login/", {"login": EMAIL, "password": people.PASSWORD})
    signed_in(FIREFOX)  # the same browser and address, its cookies cleared
    assert letters_to(EMAIL) == []
    signed_in(EDGE, "10.9.9.9")
    assert purposes(EMAIL) == ["new_device"]
    assert "Edge on Windows" in last_to(EMAIL).text


def test_p9_when_a_device_was_last_seen(customer: User) -> None:
    with clock.freeze() as time:
        browser = signed_in()
        device = device_of(browser)
        time.advance(minutes=10)
        from hub.accounts import sessions

        sessions._seen.clear()
        browser.get("/profile/devices/")
        device.refresh_from_db()
        assert device.last_seen_at == clock.now()


def test_p9_the_sign_in_before_this_one_is_shown(customer: User) -> None:
    first = signed_in(EDGE)
    assert "Before this one" not in first.get("/profile/devices/").content.decode()
    first.post("/logout/")
    page = signed_in(FIREFOX).get("/profile/devices/").content.decode()
    assert "Before this one you signed in last" in page
    assert "with Edge on Windows" in page


def test_what_is_over_for_long_is_removed(customer: User) -> None:
    """Codes after a day, links a month after their end, devices when nobody has seen them for three months."""
    signed_in()
    Client().post("/login/code/", {"login": EMAIL})
    Client().post("/password/forgot/", {"login": EMAIL})
    for days, left in ((0, (1, 1, 1)), (2, (0, 1, 1)), (32, (0, 0, 1)), (91, (0, 0, 0))):
        with clock.travel(minutes=days * 24 * 60):
            housekeeping.remove_old()
        counts = tuple(model.objects.count() for model in (OneTimeCode, OneTimeLink, SignedInDevice))
        assert counts == left, days


# -- Staff: the second factor ------------------------------------------------------------------------------------------
@pytest.fixture
def agent() -> User:
    return people.make_agent(email="agent@example.com", password=people.PASSWORD)


def enrolled(agent: User) -> tuple[TOTPDevice, list[str]]:
    device = second_factor.begin_enrolment(agent)
    return second_factor.confirm_enrolment(agent, code_of(device))


def code_of(device: TOTPDevice, ahead: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    return f"{int(totp.token()) if not ahead else _later(device, ahead):06d}"


def _later(device: TOTPDevice, steps: int) -> int:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, steps)
    return int(totp.token())


def staff_in(agent: User, codes: list[str]) -> Client:
    browser = signed_in(login="agent@example.com")
    browser.post("/login/verify/", {"code": codes.pop()})
    assert browser.get("/profile/security/").status_code == 200
    return browser


def test_p7_the_page_shows_how_many_recovery_codes_are_left_and_makes_new_ones(agent: User) -> None:
    _, codes = enrolled(agent)
    browser = staff_in(agent, codes)
    assert "9 are left." in browser.get("/profile/security/").content.decode()
    assert browser.post("/profile/recovery-codes/", {"current": "guess"}).status_code == 400
    made = browser.post("/profile/recovery-codes/", {"current": people.PASSWORD}).content.decode()
    assert made.count('class="code ltr"') == 10
    assert codes[0] not in made
    assert StaticToken.objects.filter(device__user=agent).count() == 10
    with pytest.raises(WrongCode):
        second_factor.verify(agent, codes[0])
    assert purposes("agent@example.com")[-1] == "second_factor_changed"


def test_p7_another_app_takes_the_place_of_the_one_there_is(agent: User) -> None:
    old, codes = enrolled(agent)
    browser = staff_in(agent, codes)
    assert browser.get("/profile/second-factor/").status_code == 200
    new = TOTPDevice.objects.get(user=agent, confirmed=False)
    assert browser.post("/profile/second-factor/", {"code": "000000", "current": people.PASSWORD}).status_code == 401
    assert second_factor.find_device(agent) == old
    done = browser.post("/profile/second-factor/", {"code": code_of(new), "current": people.PASSWORD})
    assert done.status_code == 200
    assert second_factor.find_device(agent) == new
    assert browser.get("/profile/security/").status_code == 200  # still in


def test_p7_customers_have_no_second_factor_page(customer: User) -> None:
    assert signed_in().get("/profile/second-factor/").status_code == 403


def test_p7_a_code_by_mail_when_the_app_is_not_at_hand(agent: User) -> None:
    enrolled(agent)
    browser = signed_in(login="agent@example.com")
    assert browser.post("/login/verify/by-mail/")["Location"] == "/login/verify/"
    done = browser.post("/login/verify/", {"code": code_in(last_to("agent@example.com"))})
    assert done["Location"] == "/console/"
    assert is_signed_in(browser)


def test_p7_the_owner_can_switch_it_off(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(agent)
    browser = signed_in(login="agent@example.com")
    browser.post("/login/verify/by-mail/")
    code = code_in(last_to("agent@example.com"))
    off = HubSettings(email_code_fallback=False)
    monkeypatch.setattr("hub.accounts.views.sign_in.hub_settings", lambda: off)
    assert "by e-mail" not in browser.get("/login/verify/").content.decode()
    assert browser.post("/login/verify/", {"code": code}).status_code == 401
    browser.post("/login/verify/by-mail/")
    assert len(letters_to("agent@example.com")) == 1


def test_p7_the_mailbox_is_not_both_factors(agent: User) -> None:
    """Who came in by a code in the mailbox confirms with something else."""
    enrolled(agent)
    browser = Client()
    browser.post("/login/code/", {"login": "agent@example.com"})
    browser.post("/login/code/enter/", {"code": code_in(last_to("agent@example.com"))})
    before = len(letters_to("agent@example.com"))
    assert "by e-mail" not in browser.get("/login/verify/").content.decode()
    browser.post("/login/verify/by-mail/")
    assert len(letters_to("agent@example.com")) == before
    assert not is_signed_in(browser)


def test_p7_a_code_by_mail_is_no_way_around_the_password(agent: User) -> None:
    enrolled(agent)
    assert Client().post("/login/verify/by-mail/")["Location"] == "/login/verify/"
    assert letters_to("agent@example.com") == []
