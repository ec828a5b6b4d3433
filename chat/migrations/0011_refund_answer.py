"""A customer who does not get their credits back is told why."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0010_customers_of_staff")]

    operations = [
        migrations.AddField("session", "refund_answer", models.TextField(blank=True, default="")),
    ]
