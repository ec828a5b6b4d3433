"""A bank line that was pasted and uploaded is one; a refund paid from our own account is told apart."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0018_money_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="bankline",
            name="of_file",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="bankline",
            name="twin",
            field=models.TextField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name="moneyrefund",
            name="beside",
            field=models.BooleanField(db_default=False, default=False),
        ),
        # Only files tell the day.
        migrations.RunSQL("update credits_bankline set of_file = true where day is not null", migrations.RunSQL.noop),
    ]
