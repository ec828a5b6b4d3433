"""Functions and triggers of the credit store; what is given back returns to its own lots (L7)."""

from django.db import migrations

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [("credits", "0009_store")]

    operations = [
        migrations.RunSQL(
            read("ledger", "lots_0002"), read("ledger", "lots_0002_reverse") + read("ledger", "lots_0001")
        ),
        migrations.RunSQL(read("store", "store_0001"), read("store", "store_0001_reverse")),
    ]
