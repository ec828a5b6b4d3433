"""What lists of customers are filtered by. Made beside whatever else goes on: the tables are large (X8)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0008_complete_exports")]

    operations = [
        AddIndexConcurrently(
            model_name=model,
            index=models.Index(fields=fields, condition=condition, name=name),
        )
        for model, fields, condition, name in (
            ("user", ["id"], models.Q(vip=True), "accounts_user_vip"),
            ("user", ["id"], models.Q(is_active=False), "accounts_user_suspended"),
            ("customerprofile", ["bound_department", "bound_agent", "user"], None, "accounts_customer_department"),
            ("customerprofile", ["bound_agent", "user"], None, "accounts_customer_agent"),
        )
    ]
