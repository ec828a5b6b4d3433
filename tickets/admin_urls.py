"""Staff's pages of how tickets are set up, under /admin/."""

from django.urls import path

from tickets.admin import department

DEPARTMENT = "departments/<int:department_id>/"

urlpatterns = [
    path(f"{DEPARTMENT}tickets/", department.tickets, name="admin-department-tickets"),
    path(f"{DEPARTMENT}tickets/rules/", department.rules, name="admin-department-ticket-rules"),
    path(f"{DEPARTMENT}tickets/prices/", department.prices, name="admin-department-ticket-prices"),
    path(f"{DEPARTMENT}tickets/targets/", department.targets, name="admin-department-ticket-targets"),
    path(f"{DEPARTMENT}form/", department.form, name="admin-department-form"),
    path(f"{DEPARTMENT}form/categories/", department.categories, name="admin-department-form-categories"),
    path(f"{DEPARTMENT}form/questions/", department.questions, name="admin-department-form-questions"),
]
