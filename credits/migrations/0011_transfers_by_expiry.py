"""Beside the running hub: the table may be large (X8)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("credits", "0010_store_rules")]

    operations = [
        AddIndexConcurrently(
            model_name="transfer",
            index=models.Index(
                fields=["expires_at"],
                condition=models.Q(("expires_at__isnull", False)),
                name="credits_transfer_by_expiry",
            ),
        ),
    ]
