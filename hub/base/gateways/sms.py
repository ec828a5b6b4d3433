"""SMS out: one provider, chosen by SMS_PROVIDER. Each is a class that knows one API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_noop

from hub.base.gateways.outcomes import GatewayDown

NO_PROVIDER = gettext_noop("No SMS provider is set up (SMS_PROVIDER).")


@dataclass(frozen=True, slots=True)
class Sms:
    """`reference` is the same for each try of one message: who has seen it needs not send it again."""

    to: str
    text: str
    sender: str
    reference: str


class SmsProvider(Protocol):
    def send(self, sms: Sms) -> str:
        """Hand it over; answers the provider's own reference. Raises an outcome (hub.base.gateways.outcomes)."""
        ...


class OutboxOnly:
    """Of a demo: what is in the outbox counts as sent, and is looked at there."""

    def send(self, sms: Sms) -> str:
        return ""


class NoProvider:
    def send(self, sms: Sms) -> str:
        raise GatewayDown(NO_PROVIDER)


def provider_of_settings() -> SmsProvider:
    if settings.SMS_PROVIDER == "http":
        from hub.base.gateways.sms_http import provider_of_settings as http

        return http()
    if settings.SMS_PROVIDER == "smsapi":
        from hub.base.gateways.sms_smsapi import SmsApi

        return SmsApi(settings.SMSAPI_TOKEN, settings.SMSAPI_URL, settings.SMS_TIMEOUT_S)
    return OutboxOnly() if settings.SMS_PROVIDER == "demo" else NoProvider()
