"""How much of the outstanding credits was bought and how much was given, night by night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0019_bank_twins_and_refunds_beside"),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditsStanding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(unique=True)),
                ("paid_m", models.BigIntegerField()),
                ("granted_m", models.BigIntegerField()),
            ],
        ),
    ]
