"""What misses its target is found without walking all that has one (T12)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0004_lists_of_many")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["solve_due_at", "id"],
                condition=Q(deleted_at__isnull=True) & Q(status__in=("open", "pending")) & Q(breached=True),
                name="tickets_ticket_late",
            ),
        ),
    ]
