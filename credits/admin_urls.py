"""Staff's pages of money, under /admin/."""

from django.urls import path

from credits.admin import bank, money, open_items, prices, purchases, vouchers

PURCHASE = "money/purchases/<uuid:purchase_id>/"

urlpatterns = [
    path("money/", money.index, name="admin-money"),
    path("money/sales.csv", money.sales_file, name="admin-money-sales"),
    path("money/credits.csv", money.credits_file, name="admin-money-credits"),
    path("money/open/", open_items.index, name="admin-money-open"),
    path("money/prices/", prices.prices, name="admin-money-prices"),
    path("organisations/<int:organisation_id>/prices/", prices.organisation, name="admin-organisation-prices"),
    path("money/vouchers/", vouchers.index, name="admin-money-vouchers"),
    path("money/vouchers/<int:voucher_id>/withdraw/", vouchers.withdraw, name="admin-money-voucher-withdraw"),
    path("money/bank/", bank.index, name="admin-money-bank"),
    path("money/bank/<int:line_id>/close/", bank.close, name="admin-money-line-close"),
    path("money/bank/<int:line_id>/assign/", bank.assign, name="admin-money-line-assign"),
    path("money/refunds/<uuid:refund_id>/end/", open_items.end_refund, name="admin-money-refund-end"),
    path("money/requests/<int:asked_id>/decline/", purchases.decline_request, name="admin-money-request-decline"),
    path("money/purchases/", purchases.index, name="admin-money-purchases"),
    path(PURCHASE, purchases.purchase, name="admin-purchase"),
    path(f"{PURCHASE}refund/", purchases.refund, name="admin-purchase-refund"),
    path(f"{PURCHASE}notices/", purchases.notices, name="admin-purchase-notices"),
    path(f"{PURCHASE}ask/", open_items.ask_again, name="admin-purchase-ask"),
    path(f"{PURCHASE}close/", open_items.close, name="admin-purchase-close"),
]
