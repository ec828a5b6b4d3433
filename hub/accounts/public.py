"""All that the apps above may use of accounts."""

from hub.accounts import audit, customer_list, details, finding, scopes, tokens
from hub.accounts.access import SYSTEM, Ids, Person, customer_of, ids_of, load_person, rights_versions, standing
from hub.accounts.actions import (
    api_tokens,
    codes,
    colleagues,
    customer_details,
    customer_import,
    data_exports,
    devices,
    erasure,
    invitations,
    memberships,
    merging,
    notes,
    organisations,
    units,
)
from hub.accounts.actions.api_tokens import create_token
from hub.accounts.actions.customers import NewCustomer, add_customer
from hub.accounts.actions.erasure import erase_visitor
from hub.accounts.actions.invitations import Invited
from hub.accounts.actions.people import create_customer, create_user, ensure_visitor
from hub.accounts.actions.rights import raise_rights
from hub.accounts.actions.second_factor import has_second_factor
from hub.accounts.actions.sign_in import Origin, check_sign_in
from hub.accounts.authentication import bearer_token
from hub.accounts.endpoints import ApiView, NoSuchEndpoint, OwnerApiView, StaffApiView
from hub.accounts.errors import ChangedMeanwhile, Invalid, LockedOut, WrongSignIn
from hub.accounts.events import CapacityChanged, MemberJoined, MemberLeft
from hub.accounts.gates import TurnedAway, customer_page, find_person, owner_page, signed_in_page, staff_page
from hub.accounts.models import (
    ApiToken,
    AuditEntry,
    CustomerProfile,
    Department,
    DepartmentStaff,
    Invitation,
    Membership,
    Organisation,
    SignedInDevice,
    StaffNote,
    StaffProfile,
    Unit,
    User,
    shown_name,
)
from hub.accounts.own_tokens import tokens_of
from hub.accounts.permissions import (
    WorkLink,
    is_among,
    is_one_of,
    is_own_organisation,
    is_own_work,
    people_seen,
    seen_among,
    sees_other_members,
    visible_colleagues,
    work_links,
)
from hub.accounts.personnel import (
    Authority,
    authority_over,
    find_authority,
    get_covered,
    get_member,
    lock_authority,
)
from hub.accounts.phones import shown_number
from hub.accounts.privacy import audit_targets
from hub.accounts.sessions import claims_of_cookie
from hub.accounts.steps import finish as finish_sign_in
from hub.accounts.steps import safe_next
from hub.accounts.tokens import Claims, issue, read

__all__ = [
    "SYSTEM",
    "ApiToken",
    "ApiView",
    "AuditEntry",
    "Authority",
    "CapacityChanged",
    "ChangedMeanwhile",
    "Claims",
    "CustomerProfile",
    "Department",
    "DepartmentStaff",
    "Ids",
    "Invalid",
    "Invitation",
    "Invited",
    "LockedOut",
    "MemberJoined",
    "MemberLeft",
    "Membership",
    "NewCustomer",
    "NoSuchEndpoint",
    "Organisation",
    "Origin",
    "OwnerApiView",
    "Person",
    "SignedInDevice",
    "StaffApiView",
    "StaffNote",
    "StaffProfile",
    "TurnedAway",
    "Unit",
    "User",
    "WorkLink",
    "WrongSignIn",
    "add_customer",
    "api_tokens",
    "audit",
    "audit_targets",
    "authority_over",
    "bearer_token",
    "check_sign_in",
    "claims_of_cookie",
    "codes",
    "colleagues",
    "create_customer",
    "create_token",
    "create_user",
    "customer_details",
    "customer_import",
    "customer_list",
    "customer_of",
    "customer_page",
    "data_exports",
    "details",
    "devices",
    "ensure_visitor",
    "erase_visitor",
    "erasure",
    "find_authority",
    "find_person",
    "finding",
    "finish_sign_in",
    "get_covered",
    "get_member",
    "has_second_factor",
    "ids_of",
    "invitations",
    "is_among",
    "is_one_of",
    "is_own_organisation",
    "is_own_work",
    "issue",
    "load_person",
    "lock_authority",
    "memberships",
    "merging",
    "notes",
    "organisations",
    "owner_page",
    "people_seen",
    "raise_rights",
    "read",
    "rights_versions",
    "safe_next",
    "scopes",
    "seen_among",
    "sees_other_members",
    "shown_name",
    "shown_number",
    "signed_in_page",
    "staff_page",
    "standing",
    "tokens",
    "tokens_of",
    "units",
    "visible_colleagues",
    "work_links",
]
