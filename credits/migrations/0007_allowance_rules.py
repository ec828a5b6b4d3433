"""Functions and triggers of the limits that members of organisations have (P4)."""

from django.db import migrations

from credits.sql import read


class Migration(migrations.Migration):
    dependencies = [("credits", "0006_allowances")]

    operations = [migrations.RunSQL(read("metering", "allowances_0001"), read("metering", "allowances_0001_reverse"))]
