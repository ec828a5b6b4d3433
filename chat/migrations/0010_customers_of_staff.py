"""Whom staff talked with, found in an index alone. Made beside whatever else goes on: the table is large (X8)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("chat", "0009_refund_declined")]

    operations = [
        AddIndexConcurrently(model_name="session", index=models.Index(fields=fields, name=name))
        for fields, name in (
            (["agent", "customer"], "chat_session_agent_customer"),
            (["customer", "department"], "chat_session_where_customer"),
        )
    ]
