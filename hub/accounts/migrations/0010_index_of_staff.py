from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_indexes_of_customers")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["id"], condition=models.Q(kind="staff"), name="accounts_user_staff"),
        ),
    ]
