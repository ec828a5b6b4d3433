from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_live_write")]

    operations = [
        migrations.AddField("leasewatch", "looked_at", models.DateTimeField(db_default=Now())),
        migrations.AlterField("leasewatch", "looked_at", models.DateTimeField()),
    ]
