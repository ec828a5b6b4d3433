"""Under /api/v1/."""

from django.urls import path

from tickets.api import articles, binned, entries, file_quota, files, proofs, rules, saved_views, setup, tickets, work

urlpatterns = [
    path("articles/", articles.Articles.as_view(), name="api-articles"),
    path("articles/suggest/", articles.Suggestions.as_view(), name="api-article-suggest"),
    path("articles/<int:article_id>/", articles.OneArticle.as_view(), name="api-article"),
    path("articles/<int:article_id>/versions/", articles.Versions.as_view(), name="api-article-versions"),
    path("articles/<int:article_id>/feedback/", articles.Feedback.as_view(), name="api-article-feedback"),
    path("articles/<int:article_id>/avoided/", articles.Avoided.as_view(), name="api-article-avoided"),
    path("article-categories/", articles.Categories.as_view(), name="api-article-categories"),
    path("article-categories/<int:category_id>/", articles.OneCategory.as_view(), name="api-article-category"),
    path("departments/<int:department_id>/ticket-setup/", setup.TicketSetup.as_view(), name="api-ticket-setup"),
    path("departments/<int:department_id>/ticket-form/", setup.TicketForm.as_view(), name="api-ticket-form"),
    path(
        "customers/<int:customer_id>/file-room/", file_quota.CustomerFileRoom.as_view(), name="api-customer-file-room"
    ),
    path(
        "organisations/<int:organisation_id>/file-room/",
        file_quota.OrganisationFileRoom.as_view(),
        name="api-organisation-file-room",
    ),
    path("files/", files.Files.as_view(), name="api-files"),
    path("files/room/", file_quota.OwnFileRoom.as_view(), name="api-own-file-room"),
    path("files/<uuid:file_id>/", files.OneFile.as_view(), name="api-file"),
    path("files/<uuid:file_id>/content/", files.FileContent.as_view(), name="api-file-content"),
    path("files/<uuid:file_id>/preview/", files.FilePreview.as_view(), name="api-file-preview"),
    path("proof/", proofs.ProofView.as_view(), name="api-proof"),
    path("macros/", rules.Macros.as_view(), name="api-macros"),
    path("macros/<int:macro_id>/", rules.OneMacro.as_view(), name="api-macro"),
    path("ticket-rules/", rules.Rules.as_view(), name="api-ticket-rules"),
    path("ticket-rules/<int:rule_id>/", rules.OneRule.as_view(), name="api-ticket-rule"),
    path("ticket-rules/<int:rule_id>/matches/", rules.RuleMatches.as_view(), name="api-ticket-rule-matches"),
    path("rule-runs/", rules.RuleRuns.as_view(), name="api-rule-runs"),
    path("tickets/", tickets.TicketsView.as_view(), name="api-tickets"),
    path("tickets/bulk/", tickets.BulkView.as_view(), name="api-tickets-bulk"),
    path("tickets/bin/", binned.Bin.as_view(), name="api-tickets-bin"),
    path("tickets/<int:number>/restore/", binned.Restore.as_view(), name="api-ticket-restore"),
    path("tickets/views/", saved_views.ViewsView.as_view(), name="api-ticket-views"),
    path("tickets/views/<int:view_id>/", saved_views.OneView.as_view(), name="api-ticket-view"),
    path("tickets/<int:number>/", tickets.TicketView.as_view(), name="api-ticket"),
    path("tickets/<int:number>/entries/", entries.EntriesView.as_view(), name="api-ticket-entries"),
    path("tickets/<int:number>/files/", entries.FilesView.as_view(), name="api-ticket-files"),
    path("tickets/<int:number>/draft/", saved_views.DraftView.as_view(), name="api-ticket-draft"),
    path("tickets/<int:number>/macro/", saved_views.MacroRunView.as_view(), name="api-ticket-macro"),
    path("tickets/<int:number>/looking/", entries.LookingView.as_view(), name="api-ticket-looking"),
    path("tickets/<int:number>/join/", entries.JoinView.as_view(), name="api-ticket-join"),
    path("tickets/<int:number>/transfer/", work.TransferView.as_view(), name="api-ticket-transfer"),
    path("tickets/<int:number>/worklog/", work.WorkView.as_view(), name="api-ticket-worklog"),
]
