"""Under /api/v1/."""

from django.urls import path

from hub.dashboard.api import departments, docs, people, widget

urlpatterns = [
    path("docs/", docs.docs_page, name="api-docs"),
    path("me/", people.MeView.as_view(), name="api-me"),
    path("departments/", departments.DepartmentsView.as_view(), name="api-departments"),
    path("customers/", people.CustomersView.as_view(), name="api-customers"),
    path("customers/<int:customer_id>/", people.CustomerView.as_view(), name="api-customer"),
    path("organisations/", people.OrganisationsView.as_view(), name="api-organisations"),
    path("organisations/<int:organisation_id>/", people.OrganisationView.as_view(), name="api-organisation"),
    path("staff/", people.StaffView.as_view(), name="api-staff"),
    path("audit/", people.AuditView.as_view(), name="api-audit"),
    path("widget/code/", widget.WidgetCodeView.as_view(), name="api-widget-code"),
    path("widget/session/", widget.WidgetSessionView.as_view(), name="api-widget-session"),
]
