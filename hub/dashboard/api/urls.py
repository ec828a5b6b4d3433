"""Under /api/v1/."""

from django.urls import path

from hub.dashboard.api import (
    announcements,
    brands,
    colleagues,
    customer_care,
    departments,
    docs,
    hub_settings,
    notes,
    outbox,
    people,
    websites,
    widget,
)

urlpatterns = [
    path("docs/", docs.docs_page, name="api-docs"),
    path("me/", people.MeView.as_view(), name="api-me"),
    path("departments/", departments.DepartmentsView.as_view(), name="api-departments"),
    path("customers/", people.CustomersView.as_view(), name="api-customers"),
    path("customers/<int:customer_id>/", people.CustomerView.as_view(), name="api-customer"),
    path("organisations/", people.OrganisationsView.as_view(), name="api-organisations"),
    path("organisations/<int:organisation_id>/", people.OrganisationView.as_view(), name="api-organisation"),
    path("staff/", people.StaffView.as_view(), name="api-staff"),
    path("departments/<int:department_id>/", departments.DepartmentView.as_view(), name="api-department"),
    path("staff/<int:user_id>/", colleagues.ColleagueView.as_view(), name="api-colleague"),
    path("announcements/", announcements.AnnouncementsView.as_view(), name="api-announcements"),
    path("announcements/<int:announcement_id>/", announcements.AnnouncementView.as_view(), name="api-announcement"),
    path(
        "announcements/<int:announcement_id>/seen/",
        announcements.AnnouncementSeenView.as_view(),
        name="api-announcement-seen",
    ),
    path("brands/", brands.BrandsView.as_view(), name="api-brands"),
    path("brands/<int:brand_id>/", brands.BrandView.as_view(), name="api-brand"),
    path("brands/<int:brand_id>/publish/", brands.BrandPublishView.as_view(), name="api-brand-publish"),
    path("websites/", websites.WebsitesView.as_view(), name="api-websites"),
    path("websites/<int:website_id>/", websites.WebsiteView.as_view(), name="api-website"),
    path("customers/import/", customer_care.CustomersImportView.as_view(), name="api-customers-import"),
    path("customers/<int:customer_id>/notes/", notes.CustomerNotesView.as_view(), name="api-customer-notes"),
    path(
        "customers/<int:customer_id>/devices/", customer_care.CustomerDevicesView.as_view(), name="api-customer-devices"
    ),
    path(
        "customers/<int:customer_id>/exports/", customer_care.CustomerExportsView.as_view(), name="api-customer-exports"
    ),
    path("customers/<int:customer_id>/erase/", customer_care.CustomerEraseView.as_view(), name="api-customer-erase"),
    path("customers/<int:customer_id>/merge/", customer_care.CustomerMergeView.as_view(), name="api-customer-merge"),
    path(
        "organisations/<int:organisation_id>/notes/",
        notes.OrganisationNotesView.as_view(),
        name="api-organisation-notes",
    ),
    path("notes/<int:note_id>/", notes.NoteView.as_view(), name="api-note"),
    path("devices/<int:device_id>/", customer_care.DeviceView.as_view(), name="api-device"),
    path("me/exports/", customer_care.MyExportsView.as_view(), name="api-my-exports"),
    path("exports/<uuid:export_id>/", customer_care.ExportView.as_view(), name="api-export"),
    path("outbox/", outbox.OutboxView.as_view(), name="api-outbox"),
    path("outbox/retry/", outbox.OutboxRetryAllView.as_view(), name="api-outbox-retry-all"),
    path("outbox/<int:message_id>/retry/", outbox.OutboxRetryView.as_view(), name="api-outbox-retry"),
    path("outbox/<int:message_id>/resend/", outbox.OutboxResendView.as_view(), name="api-outbox-resend"),
    path("settings/", hub_settings.SettingsView.as_view(), name="api-settings"),
    path("audit/", people.AuditView.as_view(), name="api-audit"),
    path("widget/code/", widget.WidgetCodeView.as_view(), name="api-widget-code"),
    path("widget/session/", widget.WidgetSessionView.as_view(), name="api-widget-session"),
]
