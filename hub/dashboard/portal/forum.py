"""Signing in to the forum with the account here: Discourse Connect (K4; docs/how/sign-in.md, "The forum").

The forum sends people here with a nonce, signed with the secret that both sides share; they go back with who they are,
signed with the same. Nothing goes anywhere but to the forum that the owner set, whatever the question says.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings

from hub.accounts.public import Person, User
from hub.base import limits
from hub.base.limits import Limit
from hub.site.public import hub_settings

QUESTION_CHARACTERS_MAX: Final = 2_000
_NONCE: Final = re.compile(r"[A-Za-z0-9_=.-]{8,200}")
_ANSWERED: Final = Limit("forum.nonce", 1, 3600)  # the forum forgets a nonce after ten minutes


@dataclass(frozen=True, slots=True)
class Question:
    """What the forum asks: who is this? `nonce` is good for one answer."""

    nonce: str


def way_in() -> str:
    """Where a link to the forum leads: with a secret straight to signing in; '' where there is no forum."""
    url = hub_settings().forum_url
    return f"{url.rstrip('/')}/session/sso" if url and settings.FORUM_SSO_SECRET else url


def is_set_up() -> bool:
    return bool(settings.FORUM_SSO_SECRET and hub_settings().forum_url)


def read_question(payload: str, signature: str) -> Question | None:
    """None for what this forum did not ask: a wrong signature, no nonce, or an answer that should go elsewhere."""
    if not is_set_up() or len(payload) > QUESTION_CHARACTERS_MAX:
        return None
    if not hmac.compare_digest(_signature(payload).encode(), signature.lower().encode()):
        return None
    try:
        asked = parse_qs(base64.b64decode(payload, validate=True).decode())
    except (binascii.Error, ValueError):
        return None
    (nonce,), (back,) = asked.get("nonce", [""])[:1], asked.get("return_sso_url", [""])[:1]
    if not _NONCE.fullmatch(nonce) or not _is_the_forum(back):
        return None
    return Question(nonce)


def _is_the_forum(address: str) -> bool:
    """The door of the forum itself, letter by letter; only its host may be written with capitals."""
    asked, known = urlsplit(address), urlsplit(_door())
    same = (asked.scheme, asked.netloc.lower()) == (known.scheme, known.netloc.lower())
    return same and address.partition("//")[2][len(asked.netloc) :] == known.path


def _door() -> str:
    return f"{hub_settings().forum_url.rstrip('/')}/session/sso_login"


def is_answered(question: Question) -> bool:
    """Count an answer; whether there was one before."""
    return limits.find_exceeded(_ANSWERED, question.nonce) is not None


def answer(person: Person, question: Question) -> str | None:
    """The address that takes this person into the forum; None for who has no e-mail address, which it must have.

    Where nothing that was mailed came back yet, the forum asks the mailbox itself: else whoever typed another's address
    here would get that one's account there. What people are called there is public: no last name of ours goes along.
    """
    user = User.objects.get(pk=person.user_id)
    if not user.email:
        return None
    called = user.display_name or user.first_name or user.login_number
    said = {
        "nonce": question.nonce,
        "external_id": str(user.pk),
        "email": user.email,
        "username": called,
        "name": called,
        "require_activation": "false" if user.email_confirmed else "true",
    }
    payload = base64.b64encode(urlencode(said).encode()).decode()
    return f"{_door()}?{urlencode({'sso': payload, 'sig': _signature(payload)})}"


def _signature(payload: str) -> str:
    return hmac.new(settings.FORUM_SSO_SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
