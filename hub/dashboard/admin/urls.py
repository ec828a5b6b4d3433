"""Addresses of the admin, under /admin/."""

from __future__ import annotations

from django.urls import include, path

from hub.dashboard.admin import (
    approvals,
    customer,
    customer_files,
    customer_tabs,
    customers,
    organisations,
    personnel,
    trail,
    wallet_page,
)

CUSTOMER, ORGANISATION = "customers/<int:customer_id>/", "organisations/<int:organisation_id>/"

urlpatterns = [
    path("", include("hub.dashboard.admin.setup_urls")),
    path("outbox/", include("hub.dashboard.admin.outbox_urls")),
    path("", customers.home, name="admin"),
    path("find/", customers.find, name="admin-find"),
    path("customers/", customers.customers, name="admin-customers"),
    path("customers/add/", customers.add, name="admin-customer-add"),
    path("customers/import/", customer_files.import_page, name="admin-customers-import"),
    path("customers/customers.csv", customer_files.export_file, name="admin-customers-file"),
    path(f"{CUSTOMER}export/", customer_files.export_of, name="admin-customer-export"),
    path(f"{CUSTOMER}merge/", customer_files.merge, name="admin-customer-merge"),
    path(CUSTOMER, customer_tabs.credits, name="admin-customer"),
    path(f"{CUSTOMER}lines.csv", customer_tabs.credits_file, name="admin-customer-lines"),
    path(f"{CUSTOMER}adjust/", wallet_page.adjust_customer, name="admin-customer-adjust"),
    path(f"{CUSTOMER}personnel/", customer_tabs.personnel, name="admin-customer-personnel"),
    path(f"{CUSTOMER}chats/", customer_tabs.chats, name="admin-customer-chats"),
    path(f"{CUSTOMER}devices/", customer_tabs.devices, name="admin-customer-devices"),
    path(f"{CUSTOMER}devices/<int:device_id>/end/", customer.end_device, name="admin-customer-device-end"),
    path(f"{CUSTOMER}audit/", customer_tabs.audit, name="admin-customer-audit"),
    path(f"{CUSTOMER}edit/", customer.edit, name="admin-customer-edit"),
    path(f"{CUSTOMER}bind/", customer.bind, name="admin-customer-bind"),
    path(f"{CUSTOMER}link/", customer.send_link, name="admin-customer-link"),
    path(f"{CUSTOMER}suspend/", customer.suspend, name="admin-customer-suspend"),
    path(f"{CUSTOMER}sign-out/", customer.sign_out, name="admin-customer-sign-out"),
    path(f"{CUSTOMER}vip/", customer.vip, name="admin-customer-vip"),
    path(f"{CUSTOMER}erase/", customer.erase, name="admin-customer-erase"),
    path(f"{CUSTOMER}notes/", customer.add_note, name="admin-customer-note"),
    path("notes/<int:note_id>/", customer.change_note, name="admin-note"),
    path("organisations/", organisations.index, name="admin-organisations"),
    path(ORGANISATION, organisations.organisation, name="admin-organisation"),
    path(f"{ORGANISATION}change/", organisations.change, name="admin-organisation-change"),
    path(f"{ORGANISATION}vip/", organisations.vip, name="admin-organisation-vip"),
    path(f"{ORGANISATION}credits/", organisations.credits, name="admin-organisation-credits"),
    path(f"{ORGANISATION}credits/lines.csv", organisations.credits_file, name="admin-organisation-lines"),
    path(f"{ORGANISATION}credits/adjust/", organisations.adjust_credits, name="admin-organisation-adjust"),
    path(f"{ORGANISATION}chats/", organisations.chats, name="admin-organisation-chats"),
    path(f"{ORGANISATION}audit/", organisations.audit_trail, name="admin-organisation-audit"),
    path(f"{ORGANISATION}notes/", organisations.add_note, name="admin-organisation-note"),
    path(f"{ORGANISATION}invite/", personnel.invite, name="admin-organisation-invite"),
    path(f"{ORGANISATION}units/", personnel.add_unit, name="admin-organisation-unit"),
    path(f"{ORGANISATION}members/<int:user_id>/", personnel.member, name="admin-organisation-member"),
    path(f"{ORGANISATION}members/<int:user_id>/suspend/", personnel.suspend_member, name="admin-organisation-suspend"),
    path(f"{ORGANISATION}members/<int:user_id>/remove/", personnel.remove_member, name="admin-organisation-remove"),
    path("approvals/", approvals.index, name="admin-approvals"),
    path("approvals/<int:approval_id>/approve/", approvals.approve, name="admin-approve"),
    path("approvals/<int:approval_id>/decline/", approvals.decline, name="admin-decline"),
    path("audit/", trail.index, name="admin-audit"),
    path("audit/facts.csv", trail.as_file, name="admin-audit-file"),
]
