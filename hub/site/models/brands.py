"""Brands (A3): under which name and look the hub stands before customers, per host. See docs/how/brands.md.

What must stay true:
- what is saved is a new version; versions never change, so that their style sheet and logo may be kept for ever
- a brand shows its `current` version; a version with a higher number is a draft, publishing it makes it current
- one brand is the default: of hosts that no brand names, and of what happens outside a request
- a host belongs to one brand; `BrandHost` rows are those of the current versions
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class BrandRow(models.Model):
    lock_rank: ClassVar[int] = 950

    is_default = models.BooleanField(default=False)
    current = models.ForeignKey("BrandVersion", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("is_default", condition=Q(is_default=True), name="site_brand_one_default")
        ]


class BrandLogo(models.Model):
    """A picture that was taken apart and written anew (X5), served for ever under its digest."""

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()


class BrandVersion(models.Model):
    """One state of a brand: all that the owner sets. Colours are `#rrggbb`."""

    brand = models.ForeignKey(BrandRow, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    logo = models.ForeignKey(BrandLogo, models.PROTECT, null=True, blank=True, related_name="+")
    colour = models.CharField(max_length=7)
    accent = models.CharField(max_length=7)
    sender_name = models.CharField(max_length=60, blank=True, default="")
    sender_address = models.CharField(max_length=254, blank=True, default="")
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    default_language = models.CharField(max_length=8, blank=True, default="")
    layout = models.CharField(max_length=8, default="classic")
    business_layout = models.CharField(max_length=8, default="compact")
    hosts = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("brand", "number", name="site_brandversion_number_once"),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-f]{6}$") & Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="site_brandversion_colours",
            ),
            models.CheckConstraint(
                condition=Q(layout__in=["classic", "compact"], business_layout__in=["classic", "compact"]),
                name="site_brandversion_layouts",
            ),
        ]


class BrandHost(models.Model):
    """An exact host name, lower case, without port."""

    host = models.CharField(max_length=253, primary_key=True)
    brand = models.ForeignKey(BrandRow, models.CASCADE, related_name="+")
