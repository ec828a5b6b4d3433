"""What the lines of long wallets add up to, kept every night; the walk along lots begins there (L5, L7)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [
        ("credits", "0020_standing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_id", models.BigIntegerField()),
                ("through_id", models.BigIntegerField()),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("added_m", models.BigIntegerField()),
                ("used_m", models.BigIntegerField()),
                ("balance_m", models.BigIntegerField()),
                ("lot_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("lot_kinds", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                (
                    "lot_untils",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(null=True), size=None),
                ),
                (
                    "lot_amounts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "lot_lefts",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="credits.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["wallet", "through_id"], name="credits_tally_one_per_line"),
                    models.UniqueConstraint(fields=["wallet", "after_id"], name="credits_tally_follows_one"),
                    models.CheckConstraint(
                        condition=models.Q(through_id__gt=models.F("after_id")), name="credits_tally_of_lines"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            read("ledger", "lots_0003"), read("ledger", "lots_0003_reverse") + read("ledger", "lots_0002")
        ),
    ]
