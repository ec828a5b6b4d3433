from django.db import migrations


class Migration(migrations.Migration):
    """What a member may spend is kept by credits, beside what was spent (P4)."""

    dependencies = [("accounts", "0010_index_of_staff")]

    operations = [migrations.RemoveField(model_name="membership", name="monthly_limit_millicredits")]
