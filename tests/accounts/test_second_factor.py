"""P7: staff need a second factor, and nothing of the staff's opens without it."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from hub.accounts.actions import second_factor
from hub.accounts.errors import LockedOut, WrongCode
from hub.accounts.models import AuditEntry, User
from hub.accounts.tokens import issue
from tests import people
from tests.accounts.letters import last_to, path_in, purposes

pytestmark = pytest.mark.django_db


def code_of(device: TOTPDevice, steps: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time() + steps * device.step
    return f"{totp.token():06d}"


@pytest.fixture
def agent() -> User:
    return people.make_agent(password=people.PASSWORD)


@pytest.fixture
def device(agent: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=agent, name="app", confirmed=True)


def password_step(agent: User, **more: str) -> Client:
    client = Client()
    client.post("/login/", {"login": agent.login_number, "password": people.PASSWORD, **more})
    return client


def test_p7_the_password_alone_opens_nothing(agent: User, device: TOTPDevice) -> None:
    client = password_step(agent)
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/console/")["Location"].startswith("/login/")
    done = client.post("/login/verify/", {"code": code_of(device)})
    assert done["Location"] == "/console/"
    assert client.get("/api/v1/me/").json()["role"] == "agent"


def test_p7_a_session_that_lost_its_factor_is_refused(agent: User, device: TOTPDevice) -> None:
    """Whoever manages to be signed in by password alone: pages, API and sockets still refuse."""
    client = Client()
    client.force_login(agent)
    assert client.get("/api/v1/me/").status_code == 403
    assert client.get("/console/").status_code == 302


def test_p7_a_staff_token_is_not_made_without_it(agent: User) -> None:
    from datetime import timedelta

    from hub.accounts.errors import SecondFactorMissing

    with pytest.raises(SecondFactorMissing):
        issue(side="staff", lifetime=timedelta(hours=1), user_id=agent.pk)


def test_p7_a_code_works_once(agent: User, device: TOTPDevice) -> None:
    code = code_of(device)
    assert password_step(agent).post("/login/verify/", {"code": code}).status_code == 302
    assert password_step(agent).post("/login/verify/", {"code": code}).status_code == 401


def test_x6_codes_cannot_be_guessed(agent: User, device: TOTPDevice) -> None:
    """Five tries, from however many browsers; then the right one is refused too."""
    for number in range(5):
        with pytest.raises(WrongCode):
            second_factor.verify(agent, f"{number:06d}")
    with pytest.raises(LockedOut):
        second_factor.verify(agent, code_of(device))


@pytest.mark.parametrize("code", ["", "abc", "١٢٣٤٥٦", "1" * 50, "12345", "-12345", "\0"])
def test_what_is_no_code_is_refused(agent: User, device: TOTPDevice, code: str) -> None:
    with pytest.raises(WrongCode):
        second_factor.verify(agent, code)


def test_p7_enrolment_ends_with_recovery_codes(agent: User) -> None:
    client = password_step(agent, next="/board/")
    page = client.get("/login/second-factor/")
    assert b"<svg" in page.content
    device = TOTPDevice.objects.get(user=agent, confirmed=False)
    assert client.post("/login/second-factor/", {"code": "000000"}).status_code == 401
    done = client.post("/login/second-factor/", {"code": code_of(device)})
    codes = re.findall(r">([2-9a-z]{5}-[2-9a-z]{5})<", done.content.decode())
    assert len(set(codes)) == 10
    assert client.get("/api/v1/me/").status_code == 200
    assert 'href="/board/"' in done.content.decode()
    assert AuditEntry.objects.filter(fact="people.second_factor.enrolled", actor=agent).exists()
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert not stored & {code.replace("-", "") for code in codes}, "kept as digests"


def test_p7_a_mailbox_is_not_both_factors_by_way_of_a_forgotten_password(agent: User, device: TOTPDevice) -> None:
    """Whoever reads the mailbox sets a password by link, comes back with it, and wants the second code by mail too."""
    User.objects.filter(pk=agent.pk).update(email="agent@example.com")
    assert "by-mail" in password_step(agent).get("/login/verify/").content.decode()
    new = "a quiet harbour town"
    Client().post("/password/forgot/", {"login": "agent@example.com"})
    Client().post(path_in(last_to("agent@example.com")), {"password": new, "again": new})
    thief = Client()
    thief.post("/login/", {"login": agent.login_number, "password": new})
    assert "by-mail" not in thief.get("/login/verify/").content.decode()
    thief.post("/login/verify/by-mail/")
    assert purposes("agent@example.com").count("sign_in_code") == 0
    assert thief.post("/login/verify/", {"code": code_of(device)}).status_code == 302
    again = Client()
    again.post("/login/", {"login": agent.login_number, "password": new})
    assert "by-mail" in again.get("/login/verify/").content.decode(), "the app was shown since"


def test_p7_a_recovery_code_works_once_and_is_in_the_audit_log(agent: User, device: TOTPDevice) -> None:
    code = second_factor.new_recovery_codes(agent)[0]
    assert password_step(agent).post("/login/verify/", {"code": code.upper()}).status_code == 302
    assert password_step(agent).post("/login/verify/", {"code": code}).status_code == 401
    assert AuditEntry.objects.filter(fact="people.recovery_code.used").count() == 1


def test_p7_enrolment_cannot_replace_a_factor(agent: User, device: TOTPDevice) -> None:
    """Who only has the password cannot add an app of their own."""
    client = password_step(agent)
    assert client.get("/login/second-factor/")["Location"] == "/login/verify/"
    assert client.post("/login/second-factor/", {"code": "1"})["Location"] == "/login/verify/"
    assert TOTPDevice.objects.filter(user=agent).count() == 1


def test_p7_without_the_password_the_step_is_shut() -> None:
    assert Client().get("/login/verify/")["Location"] == "/login/"
    assert Client().post("/login/verify/", {"code": "123456"})["Location"] == "/login/"


def test_p9_removing_the_factor_ends_every_sign_in(agent: User, device: TOTPDevice) -> None:
    client = password_step(agent)
    client.post("/login/verify/", {"code": code_of(device)})
    second_factor.remove_second_factor(people.person_of(people.make_owner()), agent)
    assert client.get("/api/v1/me/").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_p7_of_many_who_show_one_code_at_once_one_comes_in(agent: User, device: TOTPDevice) -> None:
    code = code_of(device)

    def show(_: int) -> bool:
        try:
            second_factor.verify(agent, code)
        except (WrongCode, LockedOut):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(5) as threads:
        assert sum(threads.map(show, range(5))) == 1
