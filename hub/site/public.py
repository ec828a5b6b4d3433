"""All that the apps above may use of sites."""

from hub.base.brand import Brand
from hub.base.hub_settings import HubSettings, hub_settings
from hub.site.actions.announcements import AnnouncementIn, note_seen, save_announcement
from hub.site.actions.announcements import publish as publish_announcement
from hub.site.actions.announcements import withdraw as withdraw_announcement
from hub.site.actions.brands import BrandIn
from hub.site.actions.brands import newest_version as newest_brand_version
from hub.site.actions.brands import publish as publish_brand
from hub.site.actions.brands import save_draft as save_brand_draft
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
from hub.site.actions.screen_settings import set_settings
from hub.site.actions.websites import WebsiteIn, save_website
from hub.site.announcements import (
    AnnouncementView,
    count_unseen,
    get_announcement,
    published_announcements,
    widget_announcement,
)
from hub.site.brands import current_brand, find_brand
from hub.site.drawn import TINTS, amount, avatar, icon, initials
from hub.site.form_pages import do_and_go, done_once, person_of, read_undo, refused, said_by, shown, undo_token
from hub.site.identity import sign_identity
from hub.site.layouts import layout_of
from hub.site.models import Announcement, BrandRow, ExternalIdentity, Holiday, Website
from hub.site.opening import Hours, Minutes, Opening, hours_of, is_open, next_opening, open_spans, opening_of, openings
from hub.site.periods import BadPeriods, clock_text, read_periods, split_at_midnight, write_periods
from hub.site.portal_site import PORTAL_SITE_KEY, portal_website, sign_portal_customer
from hub.site.queries import (
    DEMO_SITE,
    all_announcements,
    all_brands,
    all_websites,
    demo_website,
    find_announcement,
    find_holiday,
    find_logo,
    find_website,
    general_holidays,
    get_website,
    holidays_of,
    is_known_origin,
    is_own_origin,
    questions_of,
    require_origin,
)
from hub.site.setting_forms import settings_as_text

__all__ = [
    "DEMO_SITE",
    "PORTAL_SITE_KEY",
    "TINTS",
    "Announcement",
    "AnnouncementIn",
    "AnnouncementView",
    "BadPeriods",
    "Brand",
    "BrandIn",
    "BrandRow",
    "DepartmentIn",
    "ExternalIdentity",
    "Holiday",
    "Hours",
    "HubSettings",
    "Minutes",
    "Opening",
    "Question",
    "Website",
    "WebsiteIn",
    "add_department",
    "add_holiday",
    "all_announcements",
    "all_brands",
    "all_websites",
    "amount",
    "avatar",
    "bind_site_user",
    "change_department",
    "clock_text",
    "count_unseen",
    "current_brand",
    "delete_department",
    "demo_website",
    "do_and_go",
    "done_once",
    "find_announcement",
    "find_brand",
    "find_holiday",
    "find_logo",
    "find_website",
    "general_holidays",
    "get_announcement",
    "get_website",
    "holidays_of",
    "hours_of",
    "hub_settings",
    "icon",
    "initials",
    "is_known_origin",
    "is_open",
    "is_own_origin",
    "layout_of",
    "move_department",
    "newest_brand_version",
    "next_opening",
    "note_seen",
    "open_spans",
    "opening_of",
    "openings",
    "person_of",
    "portal_website",
    "publish_announcement",
    "publish_brand",
    "published_announcements",
    "questions_of",
    "read_periods",
    "read_undo",
    "refused",
    "remove_holiday",
    "remove_used_tokens",
    "require_origin",
    "said_by",
    "save_announcement",
    "save_brand_draft",
    "save_website",
    "set_hours",
    "set_questions",
    "set_settings",
    "settings_as_text",
    "shown",
    "sign_identity",
    "sign_in_site_user",
    "sign_portal_customer",
    "split_at_midnight",
    "undo_token",
    "widget_announcement",
    "withdraw_announcement",
    "write_periods",
]
