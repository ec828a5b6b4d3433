"""All that the apps above may use of accounts."""

from hub.accounts import audit
from hub.accounts.access import SYSTEM, Person, load_person, rights_versions
from hub.accounts.actions.people import create_customer, create_user, ensure_visitor
from hub.accounts.errors import Invalid, LockedOut, WrongSignIn
from hub.accounts.models import (
    CustomerProfile,
    Department,
    DepartmentStaff,
    Membership,
    Organisation,
    StaffProfile,
    Unit,
    User,
)
from hub.accounts.permissions import WorkLink, own_customers, work_links
from hub.accounts.sessions import claims_of_cookie
from hub.accounts.tokens import Claims, issue, read

__all__ = [
    "SYSTEM",
    "Claims",
    "CustomerProfile",
    "Department",
    "DepartmentStaff",
    "Invalid",
    "LockedOut",
    "Membership",
    "Organisation",
    "Person",
    "StaffProfile",
    "Unit",
    "User",
    "WorkLink",
    "WrongSignIn",
    "audit",
    "claims_of_cookie",
    "create_customer",
    "create_user",
    "ensure_visitor",
    "issue",
    "load_person",
    "own_customers",
    "read",
    "rights_versions",
    "work_links",
]
