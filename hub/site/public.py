"""All that the apps above may use of sites."""

from hub.base.brand import Brand
from hub.base.hub_settings import HubSettings, hub_settings
from hub.site.actions.announcements import note_seen
from hub.site.actions.departments import (
    DepartmentIn,
    Question,
    add_department,
    add_holiday,
    change_department,
    delete_department,
    move_department,
    remove_holiday,
    set_hours,
    set_questions,
)
from hub.site.actions.identity import bind_site_user, remove_used_tokens, sign_in_site_user
from hub.site.announcements import (
    AnnouncementView,
    count_unseen,
    get_announcement,
    published_announcements,
    widget_announcement,
)
from hub.site.brands import current_brand, find_brand
from hub.site.form_pages import done_once, person_of, read_undo, refused, said_by, shown, undo_token
from hub.site.identity import sign_identity
from hub.site.layouts import layout_of
from hub.site.models import ExternalIdentity, Holiday, Website
from hub.site.opening import Hours, Minutes, Opening, hours_of, is_open, next_opening, opening_of, openings
from hub.site.periods import BadPeriods, clock_text, read_periods, split_at_midnight, write_periods
from hub.site.portal_site import PORTAL_SITE_KEY, portal_website, sign_portal_customer
from hub.site.queries import (
    DEMO_SITE,
    demo_website,
    find_holiday,
    find_website,
    general_holidays,
    get_website,
    holidays_of,
    is_known_origin,
    is_own_origin,
    questions_of,
    require_origin,
)

__all__ = [
    "DEMO_SITE",
    "PORTAL_SITE_KEY",
    "AnnouncementView",
    "BadPeriods",
    "Brand",
    "DepartmentIn",
    "ExternalIdentity",
    "Holiday",
    "Hours",
    "HubSettings",
    "Minutes",
    "Opening",
    "Question",
    "Website",
    "add_department",
    "add_holiday",
    "bind_site_user",
    "change_department",
    "clock_text",
    "count_unseen",
    "current_brand",
    "delete_department",
    "demo_website",
    "done_once",
    "find_brand",
    "find_holiday",
    "find_website",
    "general_holidays",
    "get_announcement",
    "get_website",
    "holidays_of",
    "hours_of",
    "hub_settings",
    "is_known_origin",
    "is_open",
    "is_own_origin",
    "layout_of",
    "move_department",
    "next_opening",
    "note_seen",
    "opening_of",
    "openings",
    "person_of",
    "portal_website",
    "published_announcements",
    "questions_of",
    "read_periods",
    "read_undo",
    "refused",
    "remove_holiday",
    "remove_used_tokens",
    "require_origin",
    "said_by",
    "set_hours",
    "set_questions",
    "shown",
    "sign_identity",
    "sign_in_site_user",
    "sign_portal_customer",
    "split_at_midnight",
    "undo_token",
    "widget_announcement",
    "write_periods",
]
