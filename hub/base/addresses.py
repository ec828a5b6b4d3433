"""From which address a request comes, as far as our own proxies vouch for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from django.conf import settings
from django.utils.crypto import salted_hmac

UNKNOWN = "unknown"
# Who has one IPv6 address has the 2**64 beside it as well.
IPV6_PREFIX = 64


def client_address(meta: Mapping[str, object]) -> str:
    """The address to limit by: REMOTE_ADDR, or what our outermost proxy saw. An IPv6 address stands for its network.

    What stands further left in X-Forwarded-For was written by the client and is not looked at.
    """
    if settings.PROXY_COUNT:
        hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
        seen = hops[-settings.PROXY_COUNT] if len(hops) >= settings.PROXY_COUNT else ""
    else:
        seen = str(meta.get("REMOTE_ADDR", ""))
    return network_of(seen)


def address_mark(address: str) -> str:
    """Stands for an address where it must not be read: short, the same each time, of this hub alone."""
    return salted_hmac("hub.base.addresses", address, algorithm="sha256").hexdigest()[:16]


def network_of(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False))
    return str(address)
