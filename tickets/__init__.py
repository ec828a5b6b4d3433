"""Tickets: requests that live longer than a session, priced in credits (docs/how/tickets.md)."""
