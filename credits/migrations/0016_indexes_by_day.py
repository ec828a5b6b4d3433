"""What a period sold and moved is found by time. Beside the running hub: the tables may be large (X8)."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("credits", "0015_money_by_day")]

    operations = [
        AddIndexConcurrently(
            model_name="purchase",
            index=models.Index(
                condition=models.Q(("state", "paid")), fields=["paid_at"], name="credits_purchase_by_pay_day"
            ),
        ),
        AddIndexConcurrently(
            model_name="purchaseevent",
            index=models.Index(
                condition=models.Q(("what__in", ["refunded_outside", "charged_back"])),
                fields=["at"],
                name="credits_purchaseevent_of_money",
            ),
        ),
        AddIndexConcurrently(model_name="transfer", index=BrinIndex(fields=["at"], name="credits_transfer_by_time")),
    ]
