"""Addresses of credits, relative to /api/v1/."""

from django.urls import path

from credits import api

urlpatterns = [
    path("wallet/", api.MyWallet.as_view(), name="wallet"),
    path("wallet/lines/", api.MyLines.as_view(), name="wallet-lines"),
    path("wallets/<int:wallet_id>/", api.WalletOf.as_view(), name="wallet-of"),
    path("wallets/<int:wallet_id>/lines/", api.LinesOf.as_view(), name="wallet-lines-of"),
    path("wallets/<int:wallet_id>/adjust/", api.Adjust.as_view(), name="wallet-adjust"),
]
