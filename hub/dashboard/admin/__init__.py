"""The admin: staff's pages of people, wallets and the audit log (docs/how/admin.md)."""
