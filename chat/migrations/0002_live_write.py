import uuid

import django.db.models.deletion
from django.db import migrations, models

from chat.live_sql import read

FIRST_EPOCH = "insert into chat_epoch(id, value) values (1, gen_random_uuid())"
# Rows that are updated all the time: room on their page, so that an update touches no index.
ROOM = """
alter table chat_counter set (fillfactor = 50);
alter table chat_process set (fillfactor = 50);
alter table chat_lease set (fillfactor = 70);
"""
NO_ROOM = """
alter table chat_counter reset (fillfactor);
alter table chat_process reset (fillfactor);
alter table chat_lease reset (fillfactor);
"""


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("value", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(id=1), name="chat_epoch_one")],
            },
        ),
        migrations.AlterField(
            model_name="message",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="chat.session",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="chat_message_staff_seq"),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                "session",
                "staff_seq",
                condition=models.Q(staff_seq__isnull=False),
                name="chat_message_staff_seq",
            ),
        ),
        migrations.RunSQL(FIRST_EPOCH, migrations.RunSQL.noop),
        migrations.RunSQL(ROOM, NO_ROOM),
        migrations.RunSQL(read("live_write_0002.sql"), "drop function live_write(uuid[], json, timestamptz)"),
    ]
