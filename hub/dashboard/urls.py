"""The start page and what belongs to the demo."""

from django.urls import path

from hub.dashboard import views

urlpatterns = [
    path("", views.start_page, name="start"),
    path("demo/sign-in/", views.demo_sign_in, name="demo-sign-in"),
    path("demo/codes/", views.demo_codes, name="demo-codes"),
]
