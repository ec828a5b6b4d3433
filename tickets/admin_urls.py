"""Staff's pages of how tickets are set up, under /admin/."""

from django.urls import path

from tickets.admin import articles, binned, department, file_quota, macros, rules

DEPARTMENT = "departments/<int:department_id>/"

urlpatterns = [
    path("customers/<int:customer_id>/file-room/", file_quota.customer, name="admin-customer-file-room"),
    path(
        "organisations/<int:organisation_id>/file-room/", file_quota.organisation, name="admin-organisation-file-room"
    ),
    path("bin/", binned.index, name="admin-bin"),
    path("bin/<int:number>/restore/", binned.restore, name="admin-bin-restore"),
    path("rules/", rules.index, name="admin-rules"),
    path("rules/new/", rules.new, name="admin-rule-new"),
    path("rules/log/", rules.log, name="admin-rule-log"),
    path("rules/<int:rule_id>/", rules.edit, name="admin-rule"),
    path("rules/<int:rule_id>/move/", rules.move, name="admin-rule-move"),
    path("rules/<int:rule_id>/delete/", rules.delete, name="admin-rule-delete"),
    path("macros/", macros.index, name="admin-macros"),
    path("macros/new/", macros.new, name="admin-macro-new"),
    path("macros/<int:macro_id>/", macros.edit, name="admin-macro"),
    path("macros/<int:macro_id>/move/", macros.move, name="admin-macro-move"),
    path("macros/<int:macro_id>/delete/", macros.delete, name="admin-macro-delete"),
    path("articles/", articles.index, name="admin-articles"),
    path("articles/new/", articles.new, name="admin-article-new"),
    path("articles/categories/", articles.categories, name="admin-article-categories"),
    path("articles/<int:article_id>/", articles.edit, name="admin-article"),
    path("articles/<int:article_id>/state/", articles.change_state, name="admin-article-state"),
    path("articles/<int:article_id>/version/", articles.take_back, name="admin-article-version"),
    path(f"{DEPARTMENT}tickets/", department.tickets, name="admin-department-tickets"),
    path(f"{DEPARTMENT}tickets/rules/", department.rules, name="admin-department-ticket-rules"),
    path(f"{DEPARTMENT}tickets/prices/", department.prices, name="admin-department-ticket-prices"),
    path(f"{DEPARTMENT}tickets/targets/", department.targets, name="admin-department-ticket-targets"),
    path(f"{DEPARTMENT}form/", department.form, name="admin-department-form"),
    path(f"{DEPARTMENT}form/categories/", department.categories, name="admin-department-form-categories"),
    path(f"{DEPARTMENT}form/questions/", department.questions, name="admin-department-form-questions"),
]
