"""Who comes to the pages of personnel with which authority."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from hub.accounts.public import Authority, find_authority
from hub.site.public import person_of


def authority_of(request: HttpRequest) -> Authority:
    """For owners and managers; for everybody else the page does not exist."""
    found = find_authority(person_of(request))
    if found is None:
        raise Http404
    return found
