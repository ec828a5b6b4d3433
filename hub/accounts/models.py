"""People: who may get in, where they belong, and what every change leaves in the audit log (docs/how/access.md).

What must stay true:
- one row per person, whatever their side; `login_number` is given by the hub and never used twice
- e-mail (case folded) and mobile (E.164) are unique among accounts
- whatever changes what a person may do also raises `rights_version`: open sockets compare it every 5 s (X2)
- what ends every sign-in (sign-out everywhere, new password or second factor) also raises `sign_in_version`: cookies
  and widget tokens that carry an older one are refused; API tokens have a row of their own to revoke
- ledger, audit and messages name people by account id only, so that a person can be emptied (P10)
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from hub.accounts.credentials import Invitation, OneTimeCode, OneTimeLink, SignedInDevice
from hub.accounts.people_index import PersonIndex
from hub.accounts.staff_notes import StaffNote

if TYPE_CHECKING:
    from hub.accounts.access import Person


__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditNote",
    "CustomerProfile",
    "DataExport",
    "Department",
    "DepartmentStaff",
    "ErasureRequest",
    "Invitation",
    "Membership",
    "OneTimeCode",
    "OneTimeLink",
    "Organisation",
    "PersonIndex",
    "SignedInDevice",
    "StaffNote",
    "StaffProfile",
    "Unit",
    "User",
    "shown_name",
]


def shown_name(display_name: str, first_name: str, last_name: str, login_number: str) -> str:
    """What others see: the display name (P8), else first and last name, else the login number."""
    return display_name or f"{first_name} {last_name}".strip() or login_number


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, person: Person) -> UserQuerySet:
        """The people this person may see (P4, P5). Look-ups from outside start here."""
        from hub.accounts.permissions import visible_users

        return visible_users(self, person)


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        user: User = self.get(login_number=username)
        return user


class User(AbstractBaseUser):
    """A person (or a bot). Staff and customers are both users; `kind` and `level` tell them apart."""

    class Kind(models.TextChoices):
        VISITOR = "visitor"
        CUSTOMER = "customer"
        STAFF = "staff"
        BOT = "bot"

    class Level(models.TextChoices):
        NONE = "", "none"
        AGENT = "agent"
        MANAGER = "manager"
        OWNER = "owner"

    login_number = models.CharField(max_length=12, unique=True)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001 - null: unique where there is one
    mobile = models.CharField(max_length=16, null=True, blank=True, unique=True)
    # False: whoever registered said so, and no code that was sent there came back. Nobody signs in by such a code yet.
    mobile_confirmed = models.BooleanField(default=True, db_default=True)
    # True: a link or a code that was mailed to this very address came back. Until then it is what somebody typed.
    email_confirmed = models.BooleanField(default=False, db_default=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CUSTOMER)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True, default=Level.NONE)
    first_name = models.CharField(max_length=80, blank=True, default="")
    last_name = models.CharField(max_length=80, blank=True, default="")
    display_name = models.CharField(max_length=120, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")  # blank: whatever their browser speaks
    time_zone = models.CharField(max_length=64, default="Europe/Amsterdam")
    vip = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    rights_version = models.PositiveIntegerField(default=1)
    sign_in_version = models.PositiveIntegerField(default=1)
    visitor_key = models.UUIDField(null=True, blank=True, unique=True)
    departments: models.ManyToManyField[Department, DepartmentStaff] = models.ManyToManyField(
        "Department", through="DepartmentStaff", related_name="staff"
    )
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)  # emptied for good (P10); the number is not given again
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")  # A1

    objects: ClassVar[Any] = UserManager()
    lock_rank: ClassVar[int] = 900
    USERNAME_FIELD = "login_number"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique"),
            models.CheckConstraint(
                condition=models.Q(kind="staff") ^ models.Q(level=""), name="accounts_user_level_is_of_staff"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(vip=True), name="accounts_user_vip"),
            models.Index(fields=["id"], condition=models.Q(is_active=False), name="accounts_user_suspended"),
            # Staff are few among many customers, and on many pages.
            models.Index(fields=["id"], condition=models.Q(kind="staff"), name="accounts_user_staff"),
        ]

    @property
    def name(self) -> str:
        return shown_name(self.display_name, self.first_name, self.last_name, self.login_number)

    @property
    def is_staff(self) -> bool:
        return self.kind == self.Kind.STAFF

    def get_session_auth_hash(self) -> str:
        """What a browser's session is bound to: a new password or a sign-out everywhere ends it."""
        return salted_hmac(
            "hub.accounts.session", f"{self.sign_in_version}:{self.password}", algorithm="sha256"
        ).hexdigest()


class Layout(models.TextChoices):
    """How the customers' pages are laid out (A3); blank is as the brand has it."""

    AS_BRAND = "", "as the brand"
    CLASSIC = "classic"
    COMPACT = "compact"


class CustomerProfile(models.Model):
    """What only customers have: address, computer (P1) and the binding to a department or agent (P6)."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="customer_profile")
    phone = models.CharField(max_length=16, blank=True, default="", db_default="")  # E.164; to call, not to sign in
    address = models.CharField(max_length=160, blank=True, default="")
    postcode = models.CharField(max_length=16, blank=True, default="")
    city = models.CharField(max_length=80, blank=True, default="")
    birth_date = models.DateField(null=True, blank=True)
    computer_brand = models.CharField(max_length=80, blank=True, default="")
    computer_model = models.CharField(max_length=80, blank=True, default="")
    operating_system = models.CharField(max_length=80, blank=True, default="")
    bound_department = models.ForeignKey("Department", models.SET_NULL, null=True, blank=True, related_name="+")
    bound_agent = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="bound_customers")
    exclusive = models.BooleanField(default=False)
    layout = models.CharField(max_length=8, choices=Layout.choices, blank=True, default=Layout.AS_BRAND)

    class Meta:
        # Whom an agent or a department has (P6), read from the index alone (hub/accounts/finding.py).
        indexes = [
            models.Index(fields=["bound_department", "bound_agent", "user"], name="accounts_customer_department"),
            models.Index(fields=["bound_agent", "user"], name="accounts_customer_agent"),
        ]


class StaffProfile(models.Model):
    """What only staff have. `capacity` is how many chats at once routing may give."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="staff_profile")
    capacity = models.PositiveSmallIntegerField(default=4)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: Person) -> OrganisationQuerySet:
        """The organisations this person may see (P4, P5)."""
        from hub.accounts.permissions import visible_organisations

        return visible_organisations(self, person)


class Organisation(models.Model):
    """A company that is a customer (P4). Its members pay from its one wallet."""

    name = models.CharField(max_length=160)
    vip = models.BooleanField(default=False)
    layout = models.CharField(max_length=8, choices=Layout.choices, blank=True, default=Layout.AS_BRAND)
    created_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()
    lock_rank: ClassVar[int] = 4  # before everything: who changes personnel also stops meters and changes rights


class Unit(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", Lower("name"), name="accounts_unit_name_unique")]


class Membership(models.Model):
    """A customer's place in an organisation: owner, manager of a unit, or employee of a unit (P4)."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MANAGER = "manager"
        EMPLOYEE = "employee"

    user = models.OneToOneField(User, models.CASCADE, related_name="membership")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    suspended = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation", condition=models.Q(role="owner"), name="accounts_membership_one_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(role="owner") | models.Q(unit__isnull=False),
                name="accounts_membership_unit_unless_owner",
            ),
        ]


class DepartmentQuerySet(models.QuerySet["Department"]):
    def visible_to(self, person: Person) -> DepartmentQuerySet:
        """Everybody may choose among the active departments; staff also see their own closed ones, the owner all."""
        from hub.accounts.permissions import visible_departments

        return visible_departments(self, person)


class Department(models.Model):
    """Where work is routed (P5, C14). Its prices live in credits, its live state in chat."""

    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    greeting = models.CharField(max_length=400, blank=True, default="")

    objects = DepartmentQuerySet.as_manager()


class DepartmentStaff(models.Model):
    department = models.ForeignKey(Department, models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, models.CASCADE, related_name="seats")
    is_manager = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("department", "user", name="accounts_departmentstaff_once"),
            models.UniqueConstraint(
                "department", condition=models.Q(is_manager=True), name="accounts_department_one_manager"
            ),
        ]


class ApiToken(models.Model):
    """A long-lived token of a person or bot, so that it can be listed and revoked. The token itself is not stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to five minutes


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, person: Person) -> AuditEntryQuerySet:
        """The hub owner reads the log; nobody else does (P9)."""
        return self if person.is_owner else self.none()


class AuditEntry(models.Model):
    """Who did what to what (P9). Rows are never changed or removed; a trigger refuses it."""

    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fact = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=40, blank=True, default="")
    target_id = models.CharField(max_length=64, blank=True, default="")
    detail = models.JSONField(default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_id", "id"], name="accounts_audit_target"),
            models.Index(fields=["actor", "id"], name="accounts_audit_actor"),
        ]


class AuditNote(models.Model):
    """What a person wrote with a deed. Erasing whom it is about empties it; the entry stays (P10)."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="note")
    text = models.CharField(max_length=500, blank=True)


class DataExport(models.Model):
    """All data of a person as a file that they asked for (P10). A worker makes it; it goes when it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="data_exports")
    # With what staff wrote for each other: for the hub owner, who reads it before it is handed over.
    complete = models.BooleanField(default=False, db_default=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    file = models.FileField(upload_to="exports/", blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    lock_rank: ClassVar[int] = 890

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="accounts_export_expires")]


class ErasureRequest(models.Model):
    """A person asked to be forgotten (P10). Till `due_at` they may think better of it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="erasure_requests")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                condition=models.Q(cancelled_at__isnull=True, done_at__isnull=True),
                name="accounts_erasurerequest_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(cancelled_at__isnull=True, done_at__isnull=True),
                name="accounts_erasure_due",
            )
        ]
