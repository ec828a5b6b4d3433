"""Under /api/v1/."""

from django.urls import path

from chat import api

urlpatterns = [
    path("sessions/", api.SessionsView.as_view(), name="api-sessions"),
    path("sessions/<uuid:session_id>/", api.SessionView.as_view(), name="api-session"),
    path("sessions/<uuid:session_id>/messages/", api.MessagesView.as_view(), name="api-session-messages"),
    path("sessions/<uuid:session_id>/charges/", api.ChargesView.as_view(), name="api-session-charges"),
    path("sessions/<uuid:session_id>/refund/", api.RefundView.as_view(), name="api-session-refund"),
    path("sessions/<uuid:session_id>/refund/ask/", api.RefundAskView.as_view(), name="api-session-refund-ask"),
    path(
        "sessions/<uuid:session_id>/refund/decline/",
        api.RefundDeclineView.as_view(),
        name="api-session-refund-decline",
    ),
    path("refund-requests/", api.RefundRequestsView.as_view(), name="api-refund-requests"),
    path("sessions/<uuid:session_id>/end/", api.EndView.as_view(), name="api-session-end"),
    path("sessions/<uuid:session_id>/reopen/", api.ReopenView.as_view(), name="api-session-reopen"),
    path("sessions/<uuid:session_id>/rating/", api.RatingView.as_view(), name="api-session-rating"),
    path("sessions/<uuid:session_id>/transcript/", api.TranscriptView.as_view(), name="api-session-transcript"),
]
