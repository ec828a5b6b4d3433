"""Addresses of the portal's own pages. Home is `/`, beside the start page of who is not signed in."""

from django.urls import path

from hub.dashboard.portal import views

urlpatterns = [
    path("portal/now/", views.now_part, name="portal-now"),
    path("portal/identity/", views.identity, name="portal-identity"),
    path("forum/sign-in/", views.forum_sign_in, name="forum-sign-in"),
    path("help/", views.help_us, name="portal-help"),
    path("news/", views.news_page, name="portal-news"),
    path("news/<int:announcement_id>/", views.news_item, name="portal-news-item"),
]
