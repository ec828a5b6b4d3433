"""Staff's pages of money, under /admin/money/ (docs/how/payments.md)."""
