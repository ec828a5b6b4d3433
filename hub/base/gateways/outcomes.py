"""How sending can end, other than well. What a gateway raises decides what becomes of the message."""

from __future__ import annotations


class NotSent(Exception):
    """`reason` is for staff to read: the other side's words, or a msgid of ours. It holds no secret and no text."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotSent):
    """This message will never get through: it has failed."""


class NotNow(NotSent):
    """It may get through later; perhaps it got through and the answer was lost. It is tried again."""


class GatewayDown(NotSent):
    """Nothing gets through at the moment, and it is not this message's fault: all wait, and no try is counted."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
