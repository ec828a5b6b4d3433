"""The portal's pages of chats."""

from django.urls import path

from chat import views

urlpatterns = [
    path("chats/", views.chats_page, name="chats-page"),
    path("chats/<uuid:session_id>/", views.chat_page, name="chat-page"),
    path("chats/<uuid:session_id>/transcript/", views.transcript_file, name="chat-transcript"),
    path("chats/<uuid:session_id>/rating/", views.rate_chat, name="chat-rating"),
    path("chats/<uuid:session_id>/refund/", views.ask_refund, name="chat-refund"),
    path("chats/<uuid:session_id>/reopen/", views.reopen_chat, name="chat-reopen"),
]
