"""The trigger that keeps balances looks at the new rows once."""

from django.db import migrations

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [("credits", "0004_partial_keys")]

    operations = [migrations.RunSQL(read("ledger", "rules_0002"), migrations.RunSQL.noop)]
