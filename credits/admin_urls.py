"""Staff's pages of money, under /admin/."""

from django.urls import path

from credits.admin import money, open_items, purchases

PURCHASE = "money/purchases/<uuid:purchase_id>/"

urlpatterns = [
    path("money/", money.index, name="admin-money"),
    path("money/sales.csv", money.sales_file, name="admin-money-sales"),
    path("money/credits.csv", money.credits_file, name="admin-money-credits"),
    path("money/open/", open_items.index, name="admin-money-open"),
    path("money/refunds/<uuid:refund_id>/end/", open_items.end_refund, name="admin-money-refund-end"),
    path("money/purchases/", purchases.index, name="admin-money-purchases"),
    path(PURCHASE, purchases.purchase, name="admin-purchase"),
    path(f"{PURCHASE}notices/", purchases.notices, name="admin-purchase-notices"),
    path(f"{PURCHASE}ask/", open_items.ask_again, name="admin-purchase-ask"),
    path(f"{PURCHASE}close/", open_items.close, name="admin-purchase-close"),
]
