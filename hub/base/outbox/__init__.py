"""Mail and SMS: rows in the caller's transaction, sent by a worker (docs/how/outbox.md)."""

from hub.base.outbox.writing import BULK, NORMAL, URGENT, Attachment, put_mail, put_sms

__all__ = ["BULK", "NORMAL", "URGENT", "Attachment", "put_mail", "put_sms"]
