"""Who sold and who bought stands beside each receipt as it was when that was issued (S4)."""

import django.db.models.deletion
from django.db import migrations, models

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [("credits", "0013_meters_by_spender")]

    operations = [
        migrations.CreateModel(
            name="ReceiptWords",
            fields=[
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="credits.receipt",
                    ),
                ),
                ("language", models.TextField()),
                ("seller_name", models.TextField()),
                ("seller_address", models.JSONField(default=list)),
                ("seller_vat_number", models.TextField(blank=True)),
                ("seller_registration", models.TextField(blank=True)),
                ("buyer_company", models.TextField(blank=True, default="")),
                ("buyer_name", models.TextField(blank=True, default="")),
                ("buyer_address", models.JSONField(default=list)),
            ],
        ),
        migrations.RunSQL(read("store", "store_0002"), read("store", "store_0002_reverse")),
    ]
