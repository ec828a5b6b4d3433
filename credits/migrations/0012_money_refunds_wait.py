from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credits", "0011_transfers_by_expiry")]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="what",
            field=models.TextField(
                choices=[("adjust", "Adjust"), ("refund", "Refund"), ("money_refund", "Money Refund")]
            ),
        ),
    ]
