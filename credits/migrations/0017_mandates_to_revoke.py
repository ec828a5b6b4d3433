from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credits", "0016_indexes_by_day")]

    operations = [
        migrations.CreateModel(
            name="MandateToRevoke",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.TextField()),
                ("mandate_ref", models.TextField()),
                ("tries", models.IntegerField(default=0)),
                ("next_try_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "mandate_ref"), name="credits_mandatetorevoke_once")
                ],
            },
        ),
    ]
