"""Functions and triggers: the rules that the database itself enforces. A changed one is a new file and a new migration."""

from django.db import migrations

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [("credits", "0001_initial")]

    operations = [
        migrations.RunSQL(read("ledger", "rules_0001"), read("ledger", "rules_0001_reverse")),
        migrations.RunSQL(read("ledger", "lots_0001"), read("ledger", "lots_0001_reverse")),
        migrations.RunSQL(read("metering", "functions_0001"), read("metering", "functions_0001_reverse")),
    ]
