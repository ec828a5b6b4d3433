"""A customer who asks for credits back can be told no, and who asks is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0008_organisations_of_before")]

    operations = [
        migrations.AddField("session", "refund_declined_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("refund_asked_at__isnull", False)),
                fields=["refund_asked_at"],
                name="chat_session_refund_asked",
            ),
        ),
    ]
