"""Pages of signing in."""

from django.urls import path

from hub.accounts import views

urlpatterns = [
    path("login/", views.login_page, name="login"),
    path("login/verify/", views.verify_page, name="verify"),
    path("login/second-factor/", views.enrol_page, name="enrol"),
    path("logout/", views.logout_page, name="logout"),
    path("language/", views.language_page, name="language"),
]
