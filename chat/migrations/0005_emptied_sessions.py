from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0004_messages_without_foreign_keys")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="emptied_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
