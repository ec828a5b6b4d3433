"""Addresses of credits, relative to /api/v1/."""

from django.urls import path

from credits import api, approvals_api, organisations_api, owner_api, setup_api, store_api

urlpatterns = [
    path("wallet/", api.MyWallet.as_view(), name="wallet"),
    path("wallet/lines/", api.MyLines.as_view(), name="wallet-lines"),
    path("wallet/limit/", organisations_api.AskForMore.as_view(), name="wallet-ask"),
    path("organisations/<int:organisation_id>/units/", organisations_api.Units.as_view(), name="api-units"),
    path("organisations/<int:organisation_id>/members/", organisations_api.Members.as_view(), name="api-members"),
    path("organisations/<int:organisation_id>/hand-over/", organisations_api.HandOver.as_view(), name="api-hand-over"),
    path("organisations/<int:organisation_id>/requests/", organisations_api.Requests.as_view(), name="api-requests"),
    path("units/<int:unit_id>/", organisations_api.UnitView.as_view(), name="api-unit"),
    path("members/<int:user_id>/", organisations_api.MemberView.as_view(), name="api-member"),
    path("limit-requests/<int:request_id>/", organisations_api.RequestView.as_view(), name="api-limit-request"),
    path("wallet/auto-top-up/", store_api.AutoTopUpView.as_view(), name="api-auto-top-up"),
    path("packages/", store_api.Packages.as_view(), name="api-packages"),
    path("purchases/", store_api.Purchases.as_view(), name="api-purchases"),
    path("purchases/<uuid:purchase_id>/", store_api.OnePurchase.as_view(), name="api-purchase"),
    path("purchases/<uuid:purchase_id>/refund/", store_api.PurchaseRefund.as_view(), name="api-purchase-refund"),
    path("purchases/<uuid:purchase_id>/ask/", owner_api.PurchaseAsk.as_view(), name="api-purchase-ask"),
    path("purchases/<uuid:purchase_id>/close/", owner_api.PurchaseClose.as_view(), name="api-purchase-close"),
    path(
        "purchases/<uuid:purchase_id>/money-back/",
        store_api.PurchaseMoneyBack.as_view(),
        name="api-purchase-money-back",
    ),
    path("money-requests/", store_api.MoneyRequests.as_view(), name="api-money-requests"),
    path(
        "money-requests/<int:asked_id>/decline/",
        store_api.MoneyRequestDecline.as_view(),
        name="api-money-request-decline",
    ),
    path("money/", owner_api.Money.as_view(), name="api-money"),
    path("money/open/", owner_api.OpenItems.as_view(), name="api-money-open"),
    path("money-refunds/<uuid:refund_id>/end/", owner_api.MoneyRefundEnd.as_view(), name="api-money-refund-end"),
    path("prices/", setup_api.Prices.as_view(), name="api-prices"),
    path(
        "organisations/<int:organisation_id>/prices/",
        setup_api.OrganisationPrices.as_view(),
        name="api-organisation-prices",
    ),
    path("vouchers/", setup_api.Vouchers.as_view(), name="api-vouchers"),
    path("vouchers/<int:voucher_id>/", setup_api.OneVoucher.as_view(), name="api-voucher"),
    path("bank-lines/", setup_api.BankLines.as_view(), name="api-bank-lines"),
    path("bank-lines/<int:line_id>/", setup_api.OneBankLine.as_view(), name="api-bank-line"),
    path("vouchers/redeem/", store_api.RedeemVoucher.as_view(), name="api-voucher-redeem"),
    path("approvals/", approvals_api.Approvals.as_view(), name="api-approvals"),
    path("approvals/<int:approval_id>/approve/", approvals_api.Approve.as_view(), name="api-approve"),
    path("approvals/<int:approval_id>/decline/", approvals_api.Decline.as_view(), name="api-decline"),
    path("wallets/<int:wallet_id>/", api.WalletOf.as_view(), name="wallet-of"),
    path("wallets/<int:wallet_id>/lines/", api.LinesOf.as_view(), name="wallet-lines-of"),
    path("wallets/<int:wallet_id>/adjust/", api.Adjust.as_view(), name="wallet-adjust"),
]
