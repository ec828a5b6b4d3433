"""Finds the few lines of a wallet that are no charges among many that are (L5)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("credits", "0021_tallies"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="transfer",
            index=models.Index(
                fields=["debit", "id"], condition=models.Q(("meter__isnull", True)), name="credits_transfer_no_charge"
            ),
        ),
    ]
