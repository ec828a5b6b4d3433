"""What lists of a million tickets are found by. Made beside whatever else goes on: the table is large (X8).

The statistics tell the planner which agents, departments, states and channels go together: without them it walks all
tickets of a department to find those of a kind that it never has.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

KEPT, LIVE = Q(deleted_at__isnull=True), Q(status__in=("open", "pending"))
STATISTICS = """
create statistics tickets_ticket_of_department (mcv) on department_id, status, channel from tickets_ticket;
create statistics tickets_ticket_of_agent (mcv) on agent_id, status from tickets_ticket;
alter statistics tickets_ticket_of_department set statistics 1000;
alter statistics tickets_ticket_of_agent set statistics 1000;
analyze tickets_ticket;
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0003_knowledge")]

    operations = [
        *(
            AddIndexConcurrently("ticket", models.Index(fields=fields, condition=condition, name=name))
            for name, fields, condition in (
                ("tickets_ticket_unassigned", ["-updated_at", "-id"], KEPT & LIVE & Q(agent=None)),
                (
                    "tickets_ticket_free_first",
                    ["department", "priority", "updated_at", "id"],
                    KEPT & LIVE & Q(agent=None),
                ),
                ("tickets_ticket_agent_age", ["agent", "awaits_since", "id"], KEPT & Q(awaits_since__isnull=False)),
                ("tickets_ticket_agent_first", ["agent", "priority", "updated_at", "id"], KEPT & LIVE),
                ("tickets_ticket_agent_status", ["agent", "status", "-id"], KEPT),
                (
                    "tickets_ticket_org_live",
                    ["organisation", "-updated_at", "-id"],
                    KEPT & LIVE & Q(organisation__isnull=False),
                ),
                ("tickets_ticket_channel", ["channel", "department", "-updated_at", "-id"], KEPT),
            )
        ),
        migrations.RunSQL(
            STATISTICS,
            "drop statistics tickets_ticket_of_department; drop statistics tickets_ticket_of_agent;",
        ),
    ]
