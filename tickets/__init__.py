"""Tickets and mail. Empty for now; its place on the ladder is held by the import contracts."""
