"""Forms of pages: what was typed and what is wrong with it; and a form that is sent twice is done once.

A page draws a form with a new `form_key` in it. The first post of that key claims it, in the transaction of its action;
the second finds it claimed, changes nothing, and is sent to where the first one led.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from hub.base import clock
from hub.base.models import IdempotentRequest

KEY_FIELD = "form_key"
KEY_CHARACTERS_MAX = 64


def new_form_key() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it is shown: what stands in each field, and the sentence beside each that is wrong.

    `summary` is what is wrong with the whole. `key` makes a doubled submit harmless.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""
    key: str = field(default_factory=new_form_key)


def typed(data: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What was typed in these fields, without NUL, which PostgreSQL does not take, and without space around it."""
    return {name: data.get(name, "").replace("\0", "").strip() for name in names}


def claim_form(person_key: str, form_key: str) -> bool:
    """Whether this form comes for the first time. Waits for the one that is doing the work now.

    To be called inside the transaction of the action: when that is rolled back, the key is free again. A form without a
    key is always the first.
    """
    form_key = form_key.replace("\0", "")[:KEY_CHARACTERS_MAX]
    if not form_key:
        return True
    try:
        with transaction.atomic():
            IdempotentRequest.objects.create(
                person_key=person_key,
                key=f"form:{form_key}",
                request_digest="",
                created_at=clock.now(),
            )
    except IntegrityError:
        return False
    return True
