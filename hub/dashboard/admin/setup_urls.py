"""Addresses under /admin/ of how the hub is set up: departments and staff."""

from __future__ import annotations

from django.urls import path

from hub.dashboard.admin import departments, staff

urlpatterns = [
    path("departments/", departments.index, name="admin-departments"),
    path("departments/add/", departments.add, name="admin-department-add"),
    path("departments/holidays/", departments.add_general_holiday, name="admin-holiday-add"),
    path("departments/holidays/restore/", departments.restore_holiday, name="admin-holiday-restore"),
    path("departments/holidays/<int:holiday_id>/remove/", departments.remove_holiday, name="admin-holiday-remove"),
    path("departments/<int:department_id>/", departments.department, name="admin-department"),
    path("departments/<int:department_id>/change/", departments.change, name="admin-department-change"),
    path("departments/<int:department_id>/move/", departments.move, name="admin-department-move"),
    path("departments/<int:department_id>/hours/", departments.hours, name="admin-department-hours"),
    path("departments/<int:department_id>/holidays/", departments.add_holiday, name="admin-department-holiday"),
    path("departments/<int:department_id>/questions/", departments.questions, name="admin-department-questions"),
    path("departments/<int:department_id>/prices/<str:kind>/", departments.price, name="admin-department-price"),
    path("departments/<int:department_id>/delete/", departments.delete, name="admin-department-delete"),
    path("staff/", staff.index, name="admin-staff"),
    path("staff/invite/", staff.invite, name="admin-staff-invite"),
    path("staff/<int:user_id>/", staff.colleague, name="admin-colleague"),
    path("staff/<int:user_id>/seats/", staff.seats, name="admin-colleague-seats"),
    path("staff/<int:user_id>/capacity/", staff.capacity, name="admin-colleague-capacity"),
    path("staff/<int:user_id>/suspend/", staff.suspend, name="admin-colleague-suspend"),
    path("staff/<int:user_id>/second-factor/", staff.second_factor, name="admin-colleague-second-factor"),
    path("staff/<int:user_id>/tokens/<uuid:token_id>/revoke/", staff.token_revoke, name="admin-colleague-token-revoke"),
    path("staff/<int:user_id>/invitation/", staff.invitation, name="admin-colleague-invitation"),
]
