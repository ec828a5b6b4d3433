"""The portal's pages of the wallet."""

from django.urls import path

from credits import views
from credits.pages import (
    auto_top_up,
    limit_requests,
    payments,
    personnel,
    purchases,
    receipts,
    sandbox,
    top_up,
    vouchers,
)

urlpatterns = [
    path("wallet/", views.wallet_page, name="portal-wallet"),
    path("wallet/lines.csv", views.wallet_file, name="portal-wallet-file"),
    path("wallet/lots/", views.lots_page, name="portal-wallet-lots"),
    path("wallet/top-up/", top_up.top_up, name="portal-top-up"),
    path("wallet/auto-top-up/", auto_top_up.auto_top_up, name="portal-auto-top-up"),
    path("wallet/voucher/", vouchers.voucher, name="portal-voucher"),
    path("wallet/purchases/", purchases.purchases, name="portal-purchases"),
    path("wallet/purchases/<uuid:purchase_id>/", purchases.purchase, name="portal-purchase"),
    path("wallet/purchases/<uuid:purchase_id>/state/", purchases.state, name="portal-purchase-state"),
    path("wallet/purchases/<uuid:purchase_id>/pay/", purchases.pay, name="portal-purchase-pay"),
    path("wallet/purchases/<uuid:purchase_id>/money-back/", purchases.ask_money_back, name="portal-money-back"),
    path("wallet/purchases/<uuid:purchase_id>/keep/", purchases.keep_credits, name="portal-money-keep"),
    path("personnel/", personnel.personnel, name="personnel"),
    path("personnel/invite/", personnel.invite, name="personnel-invite"),
    path("personnel/invitations/<int:invitation_id>/", personnel.invitation, name="personnel-invitation"),
    path("personnel/members/<int:user_id>/", personnel.member, name="personnel-member"),
    path("personnel/units/", personnel.all_units, name="personnel-units"),
    path("personnel/name/", personnel.rename, name="personnel-name"),
    path("personnel/start/", personnel.start, name="personnel-start"),
    path("personnel/leave/", personnel.leave, name="personnel-leave"),
    path("personnel/limit/", limit_requests.ask, name="personnel-ask"),
    path("personnel/requests/<int:request_id>/", limit_requests.answer, name="personnel-request"),
    path("receipts/<int:receipt_id>/", receipts.receipt_file, name="receipt-file"),
    path("store/return/<uuid:purchase_id>/", payments.returned, name="store-return"),
    path("store/done/", payments.done, name="store-done"),
    path("demo/pay/<slug:ref>/", sandbox.pay, name="sandbox-pay"),
]
