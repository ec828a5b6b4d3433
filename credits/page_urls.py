"""The portal's pages of the wallet."""

from django.urls import path

from credits import views

urlpatterns = [
    path("wallet/", views.wallet_page, name="wallet-page"),
    path("wallet/lines.csv", views.wallet_file, name="wallet-file"),
]
