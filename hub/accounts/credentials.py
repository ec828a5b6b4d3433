"""How people get in: links and codes used once, invitations, and the devices signed in (P1 to P3, P9).

What must stay true:
- neither a link nor a code stands here as it is sent: rows hold digests
- a link or code is used once; who redeems it holds the row's lock
- a code without a user belongs to nobody: asking for one leaves the same traces whether or not an account exists
- a device is signed in until `ended_at`; a browser's also has its row in Django's session table
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class OneTimeLink(models.Model):
    """A link that was mailed. `target` is the address that it confirms, where it confirms one."""

    class Purpose(models.TextChoices):
        PASSWORD = "password"  # noqa: S105 - for the first one, or a forgotten one
        EMAIL = "email"  # a new e-mail address is really theirs
        INVITATION = "invitation"

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="one_time_links")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    target = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    lock_rank: ClassVar[int] = 880


class OneTimeCode(models.Model):
    """Six digits that were sent. `challenge` is what the browser or widget that asked keeps; the digest binds both."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign_in"
        MOBILE = "mobile"  # a new mobile number is really theirs
        SECOND_FACTOR = "second_factor"  # staff, by e-mail (P7)

    challenge = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="one_time_codes")
    purpose = models.CharField(max_length=14, choices=Purpose.choices)
    digest = models.CharField(max_length=64)
    target = models.CharField(max_length=254, blank=True, default="")  # the number it was sent to, or was to be
    channel = models.CharField(max_length=5)  # what was asked for: 'sms' or 'email'; '' is whichever suits
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    lock_rank: ClassVar[int] = 880


class Invitation(models.Model):
    """Somebody was asked in without a password (P3). Its end is one of accepted, withdrawn, or `expires_at`.

    `user` is the account made for it or, where the address had one already, that account: `made_account` says which.
    The place in an organisation is given when it is accepted, not before.
    """

    class Role(models.TextChoices):
        NONE = "", "none"
        OWNER = "owner"
        MANAGER = "manager"
        EMPLOYEE = "employee"

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="invitations")
    made_account = models.BooleanField(default=True)
    invited_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    first_name = models.CharField(max_length=80, blank=True, default="")
    last_name = models.CharField(max_length=80, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    mobile = models.CharField(max_length=16, blank=True, default="")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    unit = models.ForeignKey("accounts.Unit", models.CASCADE, null=True, blank=True, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices, blank=True, default=Role.NONE)
    monthly_limit_millicredits = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    lock_rank: ClassVar[int] = 870

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                "organisation",
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="accounts_invitation_one_open",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="accounts_invitation_of")]


class SignedInDevice(models.Model):
    """A browser or widget in which somebody signed in (P9)."""

    class Kind(models.TextChoices):
        BROWSER = "browser"
        WIDGET = "widget"

    class Means(models.TextChoices):
        PASSWORD = "password"  # noqa: S105 - by one
        CODE = "code"
        LINK = "link"
        WEBSITE = "website"

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="devices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    means = models.CharField(max_length=8, choices=Means.choices)
    session_key = models.CharField(max_length=40, null=True, blank=True, unique=True)
    browser = models.CharField(max_length=60, blank=True, default="")
    operating_system = models.CharField(max_length=60, blank=True, default="")
    address = models.CharField(max_length=64, blank=True, default="")  # an IPv6 address by its network
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="accounts_device_of")]
