"""The doors to the outside: mail and SMS (docs/how/outbox.md)."""
