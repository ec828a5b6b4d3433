"""Put a message into the outbox, in the caller's transaction: it goes out if and only if that commits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from hub.base import clock
from hub.base.brand import Brand, brand_in_use
from hub.base.errors import BadAddress, TooLarge
from hub.base.models import OutboxFile, OutboxMessage
from hub.base.outbox.nudging import nudge
from hub.base.outbox.rendering import one_line, render_mail, render_sms
from hub.base.outbox.senders import mail_sender, sms_sender

URGENT: Final = 0  # somebody waits for it: codes and links
NORMAL: Final = 5
BULK: Final = 9  # one of many: announcements
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SMS_CHARACTERS_MAX: Final = 1000
FILES_BYTES_MAX: Final = 5 * 1024 * 1024  # of one mail; many servers take no more than ten after encoding


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside a mail. `name` is what the reader's program calls it."""

    name: str
    content_type: str
    content: bytes


def put_mail(
    *,
    to: str,
    template: str,
    language: str,
    context: Mapping[str, object],
    about: str = "",
    names: Iterable[int] = (),
    key: str | None = None,
    brand: Brand | None = None,
    secret: bool = False,
    expires_at: datetime | None = None,
    urgency: int | None = None,
    unsubscribe_url: str = "",
    files: Sequence[Attachment] = (),
) -> int:
    """Write an e-mail from mail/<template>.txt and .html; answers the id of its row.

    `about`: `user:<id>` of whom it is, for export and erasure. `names`: whom else it tells of; when they are erased,
    so are its words. `key`: the same key again is the same message, and nothing is written. `secret`: it holds a code
    or a link that opens something; the text is wiped once it was sent. `expires_at`: of no use afterwards, and not sent
    any more. `files`: together FILES_BYTES_MAX at most, and with no secret mail. Raises BadAddress, TooLarge.
    """
    if sum(len(one.content) for one in files) > FILES_BYTES_MAX:
        raise TooLarge
    if files and secret:
        raise ValueError("A mail whose text is wiped takes no files: they would stay.")
    brand = brand or brand_in_use()
    letter = render_mail(template, language, context, brand)
    return _put(
        channel=OutboxMessage.Channel.MAIL,
        key=key,
        purpose=template,
        about=about,
        names=sorted({*names}),
        language=language,
        to=_mail_address(to),
        sender=mail_sender(brand),
        unsubscribe_url=one_line(unsubscribe_url),
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        is_secret=secret,
        expires_at=expires_at,
        urgency=_urgency(urgency, secret),
        files=files,
    )


def put_sms(
    *,
    to: str,
    template: str,
    language: str,
    context: Mapping[str, object],
    about: str = "",
    names: Iterable[int] = (),
    key: str | None = None,
    brand: Brand | None = None,
    secret: bool = False,
    expires_at: datetime | None = None,
    urgency: int | None = None,
) -> int:
    """Write an SMS from sms/<template>.txt to an E.164 number; the rest as put_mail.

    Country and daily cap are looked at when it is sent: what is refused then is a row that failed, so that whoever
    asked for a code cannot tell (P2). Who may be told asks `sms_rules.require_country` first.
    """
    brand = brand or brand_in_use()
    return _put(
        channel=OutboxMessage.Channel.SMS,
        key=key,
        purpose=template,
        about=about,
        names=sorted({*names}),
        language=language,
        to=_number(to),
        sender=sms_sender(brand),
        text=render_sms(template, language, context, brand)[:SMS_CHARACTERS_MAX],
        is_secret=secret,
        expires_at=expires_at,
        urgency=_urgency(urgency, secret),
    )


@transaction.atomic
def _put(*, key: str | None, files: Sequence[Attachment] = (), **fields: Any) -> int:
    now = clock.now()
    fields |= {"created_at": now, "next_try_at": now}
    if key is None:
        row, made = OutboxMessage.objects.create(**fields), True
    else:
        row, made = OutboxMessage.objects.get_or_create(key=key, defaults=fields)
    if made:
        OutboxFile.objects.bulk_create(
            OutboxFile(message=row, name=one_line(one.name), content_type=one.content_type, content=one.content)
            for one in files
        )
        transaction.on_commit(nudge, robust=True)
    return int(row.pk)


def _urgency(given: int | None, secret: bool) -> int:
    return given if given is not None else URGENT if secret else NORMAL


def _mail_address(text: str) -> str:
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise BadAddress from None
    if len(address) > 254:
        raise BadAddress
    return address


def _number(text: str) -> str:
    if not E164.fullmatch(text):
        raise BadAddress
    return text
