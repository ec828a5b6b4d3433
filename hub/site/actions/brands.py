"""Brands on screen (A3; docs/how/brands.md): what is saved is a draft, which publishing makes what everybody sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hub.accounts.public import Invalid, audit
from hub.base import clock, formats, snapshots
from hub.base.locking import lock_one
from hub.site import brands, colours
from hub.site.errors import DefaultBrandStays
from hub.site.logos import BadLogo, read_logo
from hub.site.models import BrandHost, BrandLogo, BrandRow, BrandVersion
from hub.site.permissions import require_owner

if TYPE_CHECKING:
    from hub.accounts.public import Person

LAYOUTS = ("classic", "compact")
HOSTS_MAX = 20
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


@dataclass(frozen=True, slots=True)
class BrandIn:
    """A brand as it was filled in. `logo`: an uploaded file; None keeps the one before; `no_logo` takes it away."""

    name: str
    colour: str
    accent: str
    sender_name: str = ""
    sender_address: str = ""
    languages: tuple[str, ...] = ()
    default_language: str = ""
    layout: str = "classic"
    business_layout: str = "compact"
    hosts: tuple[str, ...] = ()
    logo: bytes | None = None
    no_logo: bool = False


@transaction.atomic
def save_draft(actor: Person, brand: BrandRow | None, new: BrandIn) -> BrandVersion:
    """A new version that nobody sees yet; of a new brand where there is none. Raises Forbidden, Invalid (fields)."""
    require_owner(actor)
    fields = _checked(brand, new)
    if brand is None:
        brand = BrandRow.objects.create(created_at=clock.now())
    before = newest_version(brand)
    logo = _logo(new, before)
    last = brand.versions.aggregate(last=Max("number"))["last"] or 0
    version = BrandVersion.objects.create(brand=brand, number=last + 1, logo=logo, created_at=clock.now(), **fields)
    _forget_older_drafts(brand, version)
    audit.record(actor, "brands.draft_saved", target_kind="brand", target_id=brand.pk, detail={"version": last + 1})
    return version


@transaction.atomic
def publish(actor: Person, version: BrandVersion) -> None:
    """From here on everybody sees this version; an older one is how it is undone. Raises Forbidden, Invalid (hosts)."""
    require_owner(actor)
    brand = lock_one(BrandRow, version.brand_id)
    _require_free_hosts(brand, version.hosts)
    BrandHost.objects.filter(brand=brand).delete()
    BrandHost.objects.bulk_create(BrandHost(host=host, brand=brand) for host in version.hosts)
    BrandVersion.objects.filter(pk=version.pk).update(published_at=clock.now())
    brand.current = version
    brand.save(update_fields=["current"])
    snapshots.changed(brands.NAME)
    audit.record(actor, "brands.published", target_kind="brand", target_id=brand.pk, detail={"version": version.number})


@transaction.atomic
def make_default(actor: Person, brand: BrandRow) -> None:
    """Of every host that no brand names. It must have been published."""
    require_owner(actor)
    if brand.current_id is None:
        raise Invalid(fields={"name": _("Publish this brand first.")})
    BrandRow.objects.filter(is_default=True).update(is_default=False)
    BrandRow.objects.filter(pk=brand.pk).update(is_default=True)
    snapshots.changed(brands.NAME)
    audit.record(actor, "brands.default_set", target_kind="brand", target_id=brand.pk)


@transaction.atomic
def delete_brand(actor: Person, brand: BrandRow) -> None:
    """Its hosts and websites are the default brand's again. Raises Forbidden, DefaultBrandStays."""
    require_owner(actor)
    locked = lock_one(BrandRow, brand.pk)
    if locked.is_default:
        raise DefaultBrandStays
    locked.current = None
    locked.save(update_fields=["current"])
    locked.delete()
    snapshots.changed(brands.NAME)
    audit.record(actor, "brands.deleted", target_kind="brand", target_id=brand.pk)


def newest_version(brand: BrandRow) -> BrandVersion | None:
    """The draft, where there is one; else what is published."""
    return brand.versions.order_by("-number").first()


def previous_version(brand: BrandRow) -> BrandVersion | None:
    """What was published before what is now."""
    if brand.current is None:
        return None
    earlier = brand.versions.filter(published_at__isnull=False).exclude(pk=brand.current.pk)
    return earlier.order_by("-published_at", "-number").first()


def _forget_older_drafts(brand: BrandRow, newest: BrandVersion) -> None:
    BrandVersion.objects.filter(brand=brand, published_at__isnull=True).exclude(pk=newest.pk).delete()


# -- What is checked -------------------------------------------------------------------------------


def _checked(brand: BrandRow | None, new: BrandIn) -> dict[str, object]:
    wrong: dict[str, str] = {}
    name = " ".join(new.name.split())
    if not 1 <= len(name) <= 60:
        wrong["name"] = _("Please fill in a name of at most 60 characters.")
    chosen = {"colour": new.colour.lower(), "accent": new.accent.lower()}
    for field, family in (("colour", colours.BRAND), ("accent", colours.CLAY)):
        if said := weakness(chosen[field], family):
            wrong[field] = said
    hosts = _hosts(new.hosts, wrong)
    if not wrong.get("hosts") and (said := _taken(brand, hosts)):
        wrong["hosts"] = said
    _check_sender(new, wrong)
    _check_languages(new, wrong)
    if new.layout not in LAYOUTS or new.business_layout not in LAYOUTS:
        wrong["layout"] = _("There is no such layout.")
    if wrong:
        raise Invalid(fields=wrong)
    return {
        "name": name,
        **chosen,
        "sender_name": " ".join(new.sender_name.split()),
        "sender_address": new.sender_address.strip(),
        "languages": list(new.languages),
        "default_language": new.default_language,
        "layout": new.layout,
        "business_layout": new.business_layout,
        "hosts": hosts,
    }


def weakness(colour: str, family: colours.Family) -> str:
    """Why this colour cannot be had, with the figure and the nearest one that can; '' when it can."""
    if not colours.HEX.fullmatch(colour):
        return _("Please write a colour as #264e9c.")
    weak = colours.weak_pairs(colour, family)
    if not weak:
        return ""
    worst = weak[0]
    said = {
        "has": _figure(worst.ratio),
        "needs": _figure(worst.needed),
        "colour": colours.nearest_readable(colour, family),
    }
    if worst.on.startswith("on-"):
        return (
            _("Text on this colour has a contrast of %(has)s; it needs %(needs)s. The nearest that does is %(colour)s.")
            % said
        )
    return (
        _("On the page this colour has a contrast of %(has)s; it needs %(needs)s. The nearest that does is %(colour)s.")
        % said
    )


def _figure(ratio: float) -> str:
    """Never rounded up: what misses must not look as if it passed."""
    return formats.number(int(ratio * 10) / 10)


def _hosts(typed: Sequence[str], wrong: dict[str, str]) -> list[str]:
    hosts: list[str] = []
    for text in typed:
        host = plain_host(text)
        if host is None:
            wrong["hosts"] = _("“%(host)s” is no host name; one looks like help.example.com.") % {"host": text[:60]}
        elif host not in hosts:
            hosts.append(host)
    if len(hosts) > HOSTS_MAX:
        wrong["hosts"] = _("There can be %(most)s hosts at most.") % {"most": formats.number(HOSTS_MAX)}
    return hosts


def plain_host(text: str) -> str | None:
    """As a browser asks for it: lower case, in ASCII, without scheme, port and path; None when it is no host name."""
    text = text.strip().lower().rstrip(".")
    try:
        host = text.encode("idna").decode("ascii") if not text.isascii() else text
    except UnicodeError:
        return None
    fits = 0 < len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))
    return host if fits else None


def _taken(brand: BrandRow | None, hosts: Sequence[str]) -> str:
    others = BrandHost.objects.filter(host__in=hosts)
    if brand is not None:
        others = others.exclude(brand=brand)
    taken = others.values_list("host", flat=True).first()
    return _("%(host)s belongs to another brand.") % {"host": taken} if taken else ""


def _require_free_hosts(brand: BrandRow, hosts: Sequence[str]) -> None:
    if said := _taken(brand, hosts):
        raise Invalid(fields={"hosts": said})


def _check_sender(new: BrandIn, wrong: dict[str, str]) -> None:
    name = new.sender_name
    if len(name) > 60 or not name.isprintable() or set(name) & set('<>"'):
        wrong["sender_name"] = _("Please write a plain name of at most 60 characters.")
    try:
        if new.sender_address.strip():
            validate_email(new.sender_address.strip())
    except ValidationError:
        wrong["sender_address"] = _("This is not an e-mail address.")


def _check_languages(new: BrandIn, wrong: dict[str, str]) -> None:
    known = dict(settings.LANGUAGES)
    if not new.languages or any(code not in known for code in new.languages):
        wrong["languages"] = _("Choose at least one language.")
    elif new.default_language not in new.languages:
        wrong["default_language"] = _("Choose one of the languages that are offered.")


def _logo(new: BrandIn, before: BrandVersion | None) -> BrandLogo | None:
    if new.no_logo:
        return None
    if new.logo is None:
        return before.logo if before else None
    try:
        made = read_logo(new.logo)
    except BadLogo as error:
        raise Invalid(fields={"logo": _BAD_LOGO[error.why]()}) from error
    row, _made = BrandLogo.objects.get_or_create(
        digest=made.digest,
        defaults={"content": made.content, "width": made.width, "height": made.height, "created_at": clock.now()},
    )
    return row


_BAD_LOGO = {
    "too_large": lambda: _("This file is larger than 1 MB."),
    "too_many_pixels": lambda: _("This picture has too many pixels. Make it smaller than 4000 by 4000."),
    "not_an_image": lambda: _("This is no picture that can be used. PNG, JPEG, WebP and GIF can; SVG cannot."),
}
