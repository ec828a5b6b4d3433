"""What a guest's browser does before it sends a form (T1)."""

from __future__ import annotations

import base64
import json

import altcha

from hub.base.proof_of_work import new_challenge


def solved(challenge: dict[str, object] | None = None) -> str:
    """The text of a solution, of a new challenge unless another is given."""
    given = challenge or new_challenge()
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(given))
    assert solution is not None
    return base64.b64encode(json.dumps({"challenge": given, "solution": solution.to_dict()}).encode()).decode()
