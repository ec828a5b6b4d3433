"""The gateways against servers that answer as real ones do, errors and silence included."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from hub.base.gateways.mail import MailGateway
from hub.base.gateways.outcomes import GatewayDown, NotNow, NotSent, Refused
from hub.base.gateways.sms import NoProvider, Sms, provider_of_settings
from hub.base.gateways.sms_http import HttpSmsProvider
from hub.base.gateways.sms_smsapi import SmsApi
from hub.base.models import OutboxMessage
from tests.base.outbox import mail
from tests.base.stand_ins import HttpStandIn, SmtpStandIn, http_stand_in, smtp_stand_in

SMS = Sms(to="+31612345678", text='کد "123456" & {to}', sender="Balie", reference="8a1f")


# -- mail --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def smtp(settings: Any) -> Iterator[SmtpStandIn]:
    with smtp_stand_in() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 1
        yield server


@pytest.fixture
def row(db: None, nobodys_templates: None) -> OutboxMessage:
    return mail(language="fa", context={"name": "پریسا احمدی", "path": "/a/"})


def test_a_mail_arrives_whole(smtp: SmtpStandIn, row: OutboxMessage) -> None:
    with MailGateway() as gateway:
        reference = gateway.send(row)
        gateway.send(row)
    assert smtp.connections == 1
    to, text = smtp.mails[0]
    message = message_from_bytes(text, policy=default)
    assert isinstance(message, EmailMessage)
    assert (to, message["Subject"], message["Message-ID"]) == ("sanne@example.com", "Hello پریسا احمدی", reference)
    html = message.get_body(("html",))
    assert html is not None
    assert '<html lang="fa" dir="rtl">' in html.get_content()
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "Dear پریسا احمدی" in plain.get_content()
    assert message_from_bytes(smtp.mails[1][1], policy=default)["Message-ID"] == reference


@pytest.mark.parametrize(
    ("replies", "outcome", "reason"),
    [
        ({"RCPT": "550 5.1.1 no such user"}, Refused, "550 5.1.1 no such user"),
        ({"RCPT": "450 4.2.1 mailbox busy"}, NotNow, "450 4.2.1 mailbox busy"),
        ({"END": "554 5.7.1 looks like spam"}, Refused, "554 5.7.1 looks like spam"),
        ({"END": "451 4.3.0 try again later"}, NotNow, "451 4.3.0 try again later"),
        ({"DATA": "452 4.3.1 no room"}, NotNow, "452 4.3.1 no room"),
        ({"MAIL": "553 5.1.8 this sender is not yours"}, GatewayDown, "553 5.1.8 this sender is not yours"),
        ({"END": ""}, NotNow, "SMTPServerDisconnected"),
        ({"HELLO": "421 4.3.2 shutting down"}, GatewayDown, "421"),
        ({"HELLO": ""}, GatewayDown, ""),
    ],
)
def test_what_the_mail_server_answers_decides(
    smtp: SmtpStandIn, row: OutboxMessage, replies: dict[str, str], outcome: type[NotSent], reason: str
) -> None:
    smtp.replies = replies
    with MailGateway() as gateway, pytest.raises(outcome) as error:
        gateway.send(row)
    assert type(error.value) is outcome
    assert reason in error.value.reason


def test_after_a_broken_connection_the_next_mail_has_a_new_one(smtp: SmtpStandIn, row: OutboxMessage) -> None:
    smtp.replies = {"END": ""}
    with MailGateway() as gateway:
        with pytest.raises(NotNow):
            gateway.send(row)
        smtp.replies = {}
        gateway.send(row)
    assert (smtp.connections, len(smtp.mails)) == (2, 2)


def test_a_mail_server_that_is_not_there_is_down(settings: Any, smtp: SmtpStandIn, row: OutboxMessage) -> None:
    settings.EMAIL_PORT = 1
    with MailGateway() as gateway, pytest.raises(GatewayDown, match="ConnectionRefused"):
        gateway.send(row)


def test_without_a_mail_server_mail_waits_and_says_why(settings: Any, row: OutboxMessage) -> None:
    settings.EMAIL_BACKEND = "hub.base.gateways.mail.NoServer"
    with MailGateway() as gateway, pytest.raises(GatewayDown, match="MAIL_HOST"):
        gateway.send(row)
    settings.EMAIL_BACKEND = "hub.base.gateways.mail.OutboxOnly"
    with MailGateway() as gateway:
        assert gateway.send(row)


def test_a_broken_header_is_refused_and_not_sent(smtp: SmtpStandIn, row: OutboxMessage) -> None:
    row.sender = "Balie\r\nBcc: everybody@example.com <help@example.com>"
    with MailGateway() as gateway, pytest.raises(Refused):
        gateway.send(row)
    assert smtp.mails == []


# -- SMS by any HTTP provider ------------------------------------------------------------------------------------------
@pytest.fixture
def http() -> Iterator[HttpStandIn]:
    with http_stand_in() as server:
        yield server


def provider(http: HttpStandIn, **more: Any) -> HttpSmsProvider:
    return HttpSmsProvider(
        **{"url": http.url, "method": "POST", "body": "to={digits}&message={text}&from={sender}", **more}
    )


def test_p2_a_form_is_filled_in_and_nothing_in_the_text_counts_as_a_placeholder(http: HttpStandIn) -> None:
    provider(http, header="Authorization: Bearer abc").send(SMS)
    (request,) = http.requests
    assert request.form == {"to": "31612345678", "message": SMS.text, "from": "Balie"}
    assert (request.headers["Authorization"], request.headers["Idempotency-Key"]) == ("Bearer abc", "8a1f")


def test_p2_json_is_filled_in(http: HttpStandIn) -> None:
    body = '{"messages": [{"to": ["{to}"], "text": "{text}", "ref": "{reference}", "urgent": true}]}'
    provider(http, body=body).send(SMS)
    sent = json.loads(http.requests[0].body)
    assert sent == {"messages": [{"to": ["+31612345678"], "text": SMS.text, "ref": "8a1f", "urgent": True}]}


def test_p2_with_get_it_goes_into_the_address(http: HttpStandIn) -> None:
    provider(http, method="GET").send(SMS)
    assert http.requests[0].query == {"to": "31612345678", "message": SMS.text, "from": "Balie"}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Refused),
        (422, Refused),
        (401, GatewayDown),
        (402, GatewayDown),
        (403, GatewayDown),
        (302, GatewayDown),
        (408, NotNow),
        (500, NotNow),
        (503, NotNow),
    ],
)
def test_p2_what_the_provider_answers_decides(http: HttpStandIn, status: int, outcome: type[NotSent]) -> None:
    http.answer(status, "because\nof this", Location=f"{http.url}elsewhere")
    with pytest.raises(outcome) as error:
        provider(http).send(SMS)
    assert type(error.value) is outcome
    assert error.value.reason.startswith(f"{status} ")
    assert status == 302 or error.value.reason == f"{status} because of this"
    assert len(http.requests) == 1


def test_p2_too_many_requests_wait_as_long_as_the_provider_says(http: HttpStandIn) -> None:
    http.answer(429, "slow down", Retry_After="90")
    with pytest.raises(GatewayDown) as error:
        provider(http).send(SMS)
    assert error.value.retry_after_s == 90


def test_p2_an_answer_must_hold_what_the_rule_says(http: HttpStandIn) -> None:
    http.answer(200, {"status": "error"})
    with pytest.raises(NotNow):
        provider(http, success='"status": "ok"').send(SMS)
    http.answer(200, {"status": "ok"})
    provider(http, success='"status": "ok"').send(SMS)


def test_p2_a_provider_that_is_silent_is_not_waited_for(http: HttpStandIn) -> None:
    http.silent = threading.Event()
    try:
        with pytest.raises(NotNow, match="ReadTimeout"):
            provider(http, timeout_s=0.1).send(SMS)
    finally:
        http.silent.set()


def test_p2_a_provider_that_is_not_there_is_down() -> None:
    gone = HttpSmsProvider(url="http://127.0.0.1:1/", method="POST", body="to={to}")
    with pytest.raises(GatewayDown):
        gone.send(SMS)


# -- SMS by SMSAPI -----------------------------------------------------------------------------------------------------
def smsapi(http: HttpStandIn, timeout_s: float = 5) -> SmsApi:
    return SmsApi("token", http.url, timeout_s)


SENT = {"count": 1, "list": [{"id": "5E1F", "points": 0.16, "number": "31612345678", "status": "QUEUE", "idx": "8a1f"}]}


def test_p2_smsapi_gets_the_message_once_by_its_reference(http: HttpStandIn) -> None:
    http.answer(200, SENT)
    assert smsapi(http).send(SMS) == "5E1F"
    (request,) = http.requests
    assert request.path == "/sms.do"
    assert request.headers["Authorization"] == "Bearer token"
    assert request.form == {
        "to": "31612345678",
        "message": SMS.text,
        "from": "Balie",
        "encoding": "utf-8",
        "idx": "8a1f",
        "check_idx": "1",
        "format": "json",
    }


def test_p2_smsapi_says_that_it_has_the_message_already(http: HttpStandIn) -> None:
    http.answer(200, {"error": 53, "message": "Not unique idx"})
    assert smsapi(http).send(SMS) == "8a1f"


@pytest.mark.parametrize(
    ("status", "error", "outcome"),
    [
        (200, 13, Refused),
        (200, 11, Refused),
        (200, 101, GatewayDown),
        (200, 103, GatewayDown),
        (200, 203, GatewayDown),
        (200, 201, NotNow),
        (401, 101, GatewayDown),
        (429, 0, GatewayDown),
        (502, 0, NotNow),
    ],
)
def test_p2_what_smsapi_answers_decides(http: HttpStandIn, status: int, error: int, outcome: type[NotSent]) -> None:
    http.answer(status, {"error": error, "message": "because"})
    with pytest.raises(outcome) as raised:
        smsapi(http).send(SMS)
    assert type(raised.value) is outcome


def test_p2_smsapi_may_be_silent_gone_or_talk_nonsense(http: HttpStandIn) -> None:
    http.answer(200, "<html>")
    with pytest.raises(NotNow):
        smsapi(http).send(SMS)
    http.silent = threading.Event()
    try:
        with pytest.raises(NotNow, match="ReadTimeout"):
            smsapi(http, timeout_s=0.1).send(SMS)
    finally:
        http.silent.set()
    with pytest.raises(GatewayDown):
        SmsApi("token", "http://127.0.0.1:1/", 1).send(SMS)


# -- which one ---------------------------------------------------------------------------------------------------------
def test_p2_the_settings_choose_the_provider(settings: Any) -> None:
    settings.SMS_PROVIDER, settings.SMS_HTTP_URL, settings.SMS_HTTP_BODY = "http", "https://sms.example/", "to={to}"
    assert isinstance(provider_of_settings(), HttpSmsProvider)
    settings.SMS_PROVIDER, settings.SMSAPI_TOKEN = "smsapi", "token"
    assert isinstance(provider_of_settings(), SmsApi)
    settings.SMS_PROVIDER = ""
    assert isinstance(provider_of_settings(), NoProvider)
    with pytest.raises(GatewayDown, match="SMS_PROVIDER"):
        provider_of_settings().send(SMS)
