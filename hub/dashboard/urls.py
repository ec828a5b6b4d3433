"""The start page and what belongs to the demo."""

from django.urls import path

from hub.dashboard import demo_outbox, views

urlpatterns = [
    path("", views.start_page, name="start"),
    path("demo/sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("demo/codes/", views.demo_codes, name="demo-codes"),
    path("demo/outbox/", demo_outbox.index, name="demo-outbox"),
    path("demo/outbox/<int:message_id>/", demo_outbox.message, name="demo-outbox-message"),
    path("demo/outbox/<int:message_id>/html/", demo_outbox.message_html, name="demo-outbox-html"),
    path("demo/outbox/<int:message_id>/files/<int:file_id>/", demo_outbox.message_file, name="demo-outbox-file"),
]
