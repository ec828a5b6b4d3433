"""What a member used is found by their meters. Made beside whatever else goes on: the table is large (X8)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("credits", "0012_money_refunds_wait")]

    operations = [
        AddIndexConcurrently(
            model_name="meter",
            index=models.Index(
                fields=["wallet", "spender"],
                condition=models.Q(state__in=["ready", "paused", "ended"]),
                name="credits_meter_by_spender",
            ),
        )
    ]
