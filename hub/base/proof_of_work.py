"""A proof of work instead of a puzzle (T1): who is nobody we know lets their browser compute for about half a second.

The scheme is that of ALTCHA, version 2: find the counter whose derived key begins as the challenge says. A challenge is
signed and kept nowhere; that a solution is good once is a row (hub.base.limits), rolled back with what it was for.
The client is frontend/shared/proof.ts.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from datetime import timedelta
from typing import Any, Final

import altcha
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from hub.base import clock
from hub.base.errors import Forbidden
from hub.base.limits import Limit, find_exceeded

ALGORITHM: Final = "PBKDF2/SHA-256"
GOOD_FOR: Final = timedelta(minutes=20)
PAYLOAD_CHARACTERS_MAX: Final = 4000
_ONCE: Final = Limit("proof.used", 1, int(GOOD_FOR.total_seconds()) + 60)


class ProofNeeded(Forbidden):
    """`reason` tells programs; people never see it where the page's script runs."""

    message = gettext_noop("Please send this again: your browser has to show first that it is not a robot's.")

    def __init__(self) -> None:
        super().__init__(reason="proof")


def new_challenge() -> dict[str, Any]:
    """As the client's library takes it. The counter is drawn here, so that the work has a bound."""
    made = altcha.create_challenge(
        ALGORITHM,
        settings.PROOF_COST,
        counter=settings.PROOF_TRIES_MAX // 2 + secrets.randbelow(settings.PROOF_TRIES_MAX // 2 + 1),
        data={"until": (clock.now() + GOOD_FOR).timestamp()},
        hmac_secret=_secret(),
    )
    return dict(made.to_dict())


def require_proof(payload: str | None) -> None:
    """A solution of a challenge of ours that nobody has used. Raises ProofNeeded.

    Belongs into the transaction of what it is for: what is refused there may be sent again with the same proof.
    """
    challenge = _challenge_in(payload or "")
    if challenge is None or not altcha.verify_solution(payload or "", _secret()).verified:
        raise ProofNeeded
    if challenge["data"]["until"] < clock.now().timestamp() or find_exceeded(_ONCE, challenge["nonce"]) is not None:
        raise ProofNeeded


def _challenge_in(payload: str) -> dict[str, Any] | None:
    """Its parameters, where it is one of ours in form: nothing else may make us compute."""
    if not 0 < len(payload) <= PAYLOAD_CHARACTERS_MAX:
        return None
    try:
        told = json.loads(base64.b64decode(payload, validate=True))
        parameters: dict[str, Any] = told["challenge"]["parameters"]
        ours = parameters["algorithm"] == ALGORITHM and parameters["cost"] == settings.PROOF_COST
        fits = isinstance(parameters["data"]["until"], float) and isinstance(parameters["nonce"], str)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None
    return parameters if ours and fits else None


def _secret() -> str:
    return salted_hmac("hub.base.proof_of_work", "challenge", algorithm="sha256").hexdigest()
