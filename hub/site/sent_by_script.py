"""Forms that the page's script sends (frontend/pages/sending.ts): it hears where the form leads, and goes there itself.

Following a redirect it could not tell a form that was taken from a session that has ended, and what was typed would be
thrown away. What is refused comes as the page that says so, as it does without a script.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from hub.accounts.public import TurnedAway

HEADER: Final = "X-Sent-By-Script"


def sent_by_script(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """`{"to": address}` for a form that was taken; 401 with the address to sign in at for one that was turned away."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if HEADER not in request.headers or not isinstance(response, HttpResponseRedirect):
            return response
        status = HTTPStatus.UNAUTHORIZED if isinstance(response, TurnedAway) else HTTPStatus.OK
        said = JsonResponse({"to": response.url}, status=status)
        said.cookies.update(response.cookies)
        said.headers["Cache-Control"] = "no-store"
        return said

    return answer
