from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0004_outbox"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(models.F("to"), name="base_outbox_to"),
        ),
    ]
