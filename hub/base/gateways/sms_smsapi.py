"""SMSAPI (smsapi.com), by its own client. It refuses a second message with the same `idx` within a day, so that a try
whose answer was lost does not become a second SMS.
"""

from __future__ import annotations

from typing import Final

import requests
from smsapi.client import Client
from smsapi.exception import EndpointException, SmsApiException

from hub.base.gateways.outcomes import GatewayDown, NotNow, NotSent, Refused
from hub.base.gateways.sms import Sms

# The API's error numbers. What is in none of these is about the message, and final.
SENT_ALREADY: Final = 53
OURS: Final = frozenset({101, 102, 103, 105, 110, 1000, 1001, 14, 34})  # sign-in, credit, rights, sender's name
LATER: Final = frozenset({200, 201, 202, 999})
TOO_FAST: Final = 203


class SmsApi:
    def __init__(self, token: str, url: str, timeout_s: float) -> None:
        self._client = Client(url, access_token=token)
        self._timeout_s = timeout_s

    def send(self, sms: Sms) -> str:
        try:
            result = self._client.sms.send(
                to=sms.to.removeprefix("+"),
                message=sms.text,
                from_=sms.sender,
                encoding="utf-8",
                idx=sms.reference,
                check_idx=1,
                timeout=self._timeout_s,
            )
        except requests.ConnectionError as error:
            raise GatewayDown(type(error).__name__) from error
        except (requests.RequestException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        except SmsApiException as error:
            if error.code == SENT_ALREADY and not isinstance(error.code, bool):
                return sms.reference
            raise _outcome(error) from error
        if not result.results:
            raise NotNow("SMSAPI answered without a message.")
        return str(result.results[0].id or "")


def _outcome(error: SmsApiException) -> NotSent:
    reason = f"{error.code} {error.message}"
    code = error.code if isinstance(error.code, int) else -1
    if type(error) is EndpointException:  # an HTTP status, not an error of the API
        return GatewayDown(reason) if code == 429 or 400 <= code < 500 else NotNow(reason)
    if code == TOO_FAST or code in OURS:
        return GatewayDown(reason)
    return NotNow(reason) if code in LATER else Refused(reason)
