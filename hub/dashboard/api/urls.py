"""Under /api/v1/."""

from django.urls import path

from hub.dashboard.api import (
    announcements,
    brands,
    colleagues,
    departments,
    docs,
    hub_settings,
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
    path("settings/", hub_settings.SettingsView.as_view(), name="api-settings"),
    path("audit/", people.AuditView.as_view(), name="api-audit"),
    path("widget/code/", widget.WidgetCodeView.as_view(), name="api-widget-code"),
    path("widget/session/", widget.WidgetSessionView.as_view(), name="api-widget-session"),
]
