"""X7: the same hub without DEBUG: nothing of the demo is there, and what leaves it is as strict as it should be."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest

from tests.running import RunningHub, running_hub

pytestmark = pytest.mark.faults

ENVIRONMENT = {
    "DEBUG": "0",
    "SECRET_KEY": "kR7-pWq2_zLx9vTn4-sYb8cHd3-fGj6mXa1-eUo5iQ",
    "ALLOWED_HOSTS": "hub.example",
    "PUBLIC_URL": "https://hub.example",
    "BEHIND_PROXY": "1",
}


@pytest.fixture(scope="module")
def production() -> Iterator[RunningHub]:
    with running_hub(environment=ENVIRONMENT) as hub:
        yield hub


def _get(hub: RunningHub, path: str, host: str = "hub.example") -> tuple[int, "Message[str, str]", str]:
    headers = {"Host": host, "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{hub.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_x7_nothing_of_the_demo_is_there(production: RunningHub) -> None:
    assert production.demo["accounts"] == []
    assert production.demo["site_key"] is None
    for path in ("/demo/", "/demo/codes/"):
        assert _get(production, path)[0] == 404
    status, _, start_page = _get(production, "/")
    assert status == 200
    assert "demo-balie" not in start_page


def test_x3_pages_have_strict_headers(production: RunningHub) -> None:
    status, headers, _ = _get(production, "/login/")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie", []))


def test_x7_other_hosts_are_refused_without_a_word_about_the_inside(production: RunningHub) -> None:
    status, _, page = _get(production, "/login/", host="evil.example")
    assert status == 400
    assert "Traceback" not in page
    status, _, page = _get(production, "/there-is-nothing-here/")
    assert status == 404
    assert "urlpatterns" not in page


def test_logs_are_json_lines(production: RunningHub) -> None:
    of_dispatcher = [line for line in production.output().splitlines() if "dispatcher.leads" in line]
    assert of_dispatcher
    assert '"event": "dispatcher.leads"' in of_dispatcher[0]
