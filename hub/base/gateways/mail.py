"""E-mail out, by whatever backend Django's settings name: SMTP in production, nothing but the outbox in a demo."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_noop

from hub.base.gateways.outcomes import GatewayDown, NotNow, Refused
from hub.base.models import OutboxMessage

NO_SERVER = gettext_noop("No mail server is set up (MAIL_HOST).")
BAD_HEADER = gettext_noop("A header of this mail would be broken.")


class OutboxOnly(BaseEmailBackend):
    """Of a demo: what is in the outbox counts as sent, and is looked at there."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)


class NoServer(BaseEmailBackend):
    """Where no mail server is set: mail waits, and says why."""

    def open(self) -> bool:
        raise GatewayDown(NO_SERVER)


class MailGateway:
    """One connection for several mails. A context manager; `send` answers nothing or raises an outcome."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def __enter__(self) -> MailGateway:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def send(self, row: OutboxMessage) -> str:
        """Hand one mail to the server. Answers the Message-ID."""
        mail = mail_of(row)
        self._open()
        try:
            self._connection.send_messages([mail])
        except ValueError:  # BadHeaderError is one, and so is an address that is none
            raise Refused(BAD_HEADER) from None
        except (smtplib.SMTPException, OSError) as error:
            self._close()  # in which state it is nobody knows
            raise _outcome(error) from error
        return str(mail.extra_headers["Message-ID"])

    def _open(self) -> None:
        try:
            self._connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise GatewayDown(_words(error)) from error

    def _close(self) -> None:
        try:
            self._connection.close()
        except (smtplib.SMTPException, OSError):
            self._connection = get_connection()


def mail_of(row: OutboxMessage) -> EmailMultiAlternatives:
    """The mail as it leaves: the same each time, so that whoever gets it twice has one message."""
    headers = {
        "Message-ID": message_id_header(row),
        "Date": format_datetime(row.created_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": row.language,
    }
    if row.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{row.unsubscribe_url}>"
    mail = EmailMultiAlternatives(row.subject, row.text, row.sender, [row.to], headers=headers)
    if row.html:
        mail.attach_alternative(row.html, "text/html")
    for file in sorted(row.files.all(), key=lambda one: one.pk):
        mail.attach(file.name, bytes(file.content), file.content_type)
    return mail


def message_id_header(row: OutboxMessage) -> str:
    domain = parseaddr(row.sender)[1].rpartition("@")[2] or "localhost"
    return f"<{row.message_id}@{domain}>"


def _outcome(error: Exception) -> NotNow | Refused | GatewayDown:
    """A server's 5xx about the mail or its recipient is for good. What concerns us (sender, sign-in) concerns all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, _ = next(iter(error.recipients.values()), (450, b""))
        return Refused(_words(error)) if 500 <= code < 600 else NotNow(_words(error))
    if isinstance(error, smtplib.SMTPDataError):
        return Refused(_words(error)) if 500 <= error.smtp_code < 600 else NotNow(_words(error))
    if isinstance(error, smtplib.SMTPSenderRefused):
        return GatewayDown(_words(error))
    return NotNow(_words(error))


def _words(error: Exception) -> str:
    """What the server said, in one line."""
    code: int
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return f"{type(error).__name__}: {error}"
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
