"""Of whom else a message tells, by account id: its words go when they are erased (P10)."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0006_outbox_files")]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="names",
            field=ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None),
        ),
    ]
