import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_complete_exports"),
        ("chat", "0006_look_up_repeats_by_id"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="limit_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="short_of",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                fields=["organisation", "-opened_at"],
                condition=models.Q(("organisation__isnull", False)),
                name="chat_session_organisation",
            ),
        ),
    ]
