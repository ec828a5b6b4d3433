"""The admin's pages of chats, under /admin/."""

from django.urls import path

from chat import admin

urlpatterns = [
    path("chats/<uuid:session_id>/", admin.chat_page, name="admin-chat"),
    path("chats/<uuid:session_id>/refund/", admin.refund_chat, name="admin-chat-refund"),
    path("chats/<uuid:session_id>/refund/decline/", admin.decline_refund, name="admin-chat-refund-decline"),
    path("refunds/", admin.refund_requests, name="admin-refunds"),
]
