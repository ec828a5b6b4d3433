"""Sessions from before say whose members started them."""

from django.db import migrations

# Whose member it is now is the best that is known.
FILL = """
update chat_session s set organisation_id = m.organisation_id
  from accounts_membership m where m.user_id = s.customer_id and s.organisation_id is null"""


class Migration(migrations.Migration):
    dependencies = [("chat", "0007_organisation_and_limit")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
