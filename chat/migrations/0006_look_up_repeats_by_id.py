import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from chat.live_sql import read


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0005_emptied_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="member",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            read("live_write_0006.sql"),
            read("live_write_0002.sql").replace("create function", "create or replace function", 1),
        ),
    ]
