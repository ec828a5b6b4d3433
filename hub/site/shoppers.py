"""Who one can be on the demo shop's page: the customers that the shop knows, and a visitor."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from hub.site.models import Website

ABOUT = {
    "demo-customer": gettext_noop("has credits for about 50 minutes"),
    "demo-vip": gettext_noop("VIP: works without credits"),
    "demo-low": gettext_noop("has credits for a minute only"),
}


@dataclass(frozen=True, slots=True)
class Shopper:
    """`sub` is the shop's own id of the person; without one, nobody is signed in."""

    sub: str
    name: str
    about: str


def shoppers_of(website: Website) -> list[Shopper]:
    """The visitor comes last."""
    identities = website.identities.select_related("user").order_by("pk")
    known = [
        Shopper(sub=one.sub, name=one.user.name, about=gettext(ABOUT[one.sub]))
        for one in identities
        if one.sub in ABOUT
    ]
    return [*known, Shopper(sub="", name=gettext("A visitor"), about=gettext("has not signed in"))]
