"""Which brand holds where (A3): read once per process, a change within seconds everywhere. See docs/how/brands.md."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse

from hub.base.brand import Brand
from hub.base.snapshots import Snapshot
from hub.site.models import BrandHost, BrandLogo, BrandRow, BrandVersion

NAME = "brands"


@dataclass(frozen=True, slots=True)
class Brands:
    default: Brand = field(default_factory=Brand)
    by_id: dict[int, Brand] = field(default_factory=dict)
    by_host: dict[str, Brand] = field(default_factory=dict)


def current_brand(where: HttpRequest | str | None = None) -> Brand:
    """The brand of a request's host, of a host name, or the default one."""
    if where is None:
        return _snapshot.get().default
    host = where if isinstance(where, str) else where.get_host()
    domain = split_domain_port(host)[0]
    brands = _snapshot.get()
    return brands.by_host.get(domain, brands.default)


def find_brand(brand_id: int | None) -> Brand:
    """The brand as it is published; the default one where there is none of this id (any more)."""
    brands = _snapshot.get()
    return brands.by_id.get(brand_id, brands.default) if brand_id is not None else brands.default


def view_of(version: BrandVersion, *, logo: BrandLogo | None = None) -> Brand:
    """A version as pages and mails see it, a draft too."""
    digest = version.logo_id
    return Brand(
        id=version.brand_id,
        version=version.number,
        name=version.name,
        logo_url=reverse("brand-logo", args=[digest]) if digest else "",
        css_url=reverse("brand-css", args=[version.brand_id, version.number]),
        colour=version.colour,
        accent=version.accent,
        sender_name=version.sender_name or version.name,
        sender_address=version.sender_address,
        languages=tuple(version.languages),
        default_language=version.default_language,
        layout="compact" if version.layout == "compact" else "classic",
        business_layout="classic" if version.business_layout == "classic" else "compact",
        hosts=tuple(version.hosts),
    )


def _read() -> Brands:
    rows = list(BrandRow.objects.filter(current__isnull=False).select_related("current"))
    by_id = {row.pk: view_of(row.current) for row in rows if row.current is not None}
    default = next((by_id[row.pk] for row in rows if row.is_default), Brand())
    hosts = BrandHost.objects.filter(brand__in=by_id).values_list("host", "brand_id")
    return Brands(default=default, by_id=by_id, by_host={host: by_id[brand_id] for host, brand_id in hosts})


_snapshot = Snapshot(NAME, _read, without=Brands)


def outer_fence() -> list[str]:
    """The hosts that the hub answers at all (ALLOWED_HOSTS): a brand's host must be among them to be reached."""
    return list(settings.ALLOWED_HOSTS)
