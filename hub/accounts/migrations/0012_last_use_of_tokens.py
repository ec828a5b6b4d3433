from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_limits_live_in_credits")]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="last_used_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
