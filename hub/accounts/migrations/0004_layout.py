from django.db import migrations, models

CHOICES = [("", "as the brand"), ("classic", "Classic"), ("compact", "Compact")]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_language_may_be_blank")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="layout",
            field=models.CharField(blank=True, choices=CHOICES, default="", max_length=8),
        )
        for name in ("customerprofile", "organisation")
    ]
