import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from chat.board_sql import read

UNDO = """
drop trigger if exists chat_board_presence on chat_agentpresence;
drop trigger if exists chat_board_session_moved on chat_session;
drop trigger if exists chat_board_session_opened on chat_session;
drop function if exists chat_board_presence_changed();
drop function if exists chat_board_session_changed();
drop function if exists chat_board_notify_agent(bigint);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentPresence",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="presence",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("online", "Online"), ("away", "Away"), ("busy", "Busy"), ("offline", "Offline")],
                        default="offline",
                        max_length=8,
                    ),
                ),
                ("capacity", models.PositiveSmallIntegerField(default=4)),
                ("idle_since", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BoardTopic",
            fields=[
                ("topic", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("rev", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("chat", "Chat"), ("phone", "Phone")], default="chat", max_length=8),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("queued", "Queued"),
                            ("offered", "Offered"),
                            ("active", "Active"),
                            ("ended", "Ended"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("payment", "Payment"),
                            ("handover", "Handover"),
                            ("customer_away", "Customer Away"),
                            ("agent_away", "Agent Away"),
                            ("grace", "Grace"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("website_id", models.BigIntegerField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("fields", models.JSONField(default=dict)),
                ("browser", models.JSONField(default=dict)),
                ("priority", models.SmallIntegerField(default=0)),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("passed_by", models.JSONField(default=dict)),
                ("price_millicredits", models.BigIntegerField(default=0)),
                ("block_seconds", models.PositiveIntegerField(default=60)),
                ("free_seconds", models.PositiveIntegerField(default=0)),
                ("minimum_blocks", models.PositiveSmallIntegerField(default=1)),
                ("most_to_spend_millicredits", models.BigIntegerField(blank=True, null=True)),
                ("meter_id", models.BigIntegerField(blank=True, null=True, unique=True)),
                ("earlier_meters", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("awaits_reply", models.BooleanField(default=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("customer", "Customer"),
                            ("agent", "Agent"),
                            ("inactive", "Inactive"),
                            ("empty", "Empty"),
                            ("left_queue", "Left Queue"),
                            ("error", "Error"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("warned_at", models.DateTimeField(blank=True, null=True)),
                ("away_since", models.DateTimeField(blank=True, null=True)),
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("solved", models.CharField(blank=True, default="", max_length=8)),
                ("comment", models.TextField(blank=True, default="")),
                ("refund_asked_at", models.DateTimeField(blank=True, null=True)),
                ("wrapup_until", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=40)),
                ("tags", models.JSONField(default=list)),
                ("next_step", models.CharField(blank=True, default="", max_length=200)),
                ("summary", models.JSONField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chat_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.department"
                    ),
                ),
                (
                    "first_agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offered_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "only_agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wrapup_agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["-priority", "queued_at", "id"],
                        name="chat_session_queue",
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="chat_session_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=["agent", "state"],
                        name="chat_session_agent",
                    ),
                    models.Index(fields=["customer", "-opened_at"], name="chat_session_customer"),
                    models.Index(fields=["department", "-opened_at"], name="chat_session_department"),
                    models.Index(
                        condition=models.Q(("state", "ended"), _negated=True),
                        fields=["state"],
                        name="chat_session_live",
                    ),
                    models.Index(
                        condition=models.Q(("wrapup_until__isnull", False)),
                        fields=["wrapup_agent"],
                        name="chat_session_wrapup",
                    ),
                    models.Index(
                        condition=models.Q(("state", "ended"), ("summary__isnull", True)),
                        fields=["ended_at"],
                        name="chat_session_unsettled",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("reason", ""), _connector="XOR"),
                        name="chat_session_reason_of_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "offered"), ("offered_to__isnull", True), _connector="XOR"),
                        name="chat_session_offer_names_agent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "ended"), ("ended_at__isnull", True), _connector="XOR"),
                        name="chat_session_end_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaseWatch",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("well_at", models.DateTimeField()),
                ("counts_from", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Process",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counter",
                        serialize=False,
                        to="chat.session",
                    ),
                ),
                ("last_seq", models.BigIntegerField(default=0)),
                ("last_staff_seq", models.BigIntegerField(default=0)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("last_customer_at", models.DateTimeField(blank=True, null=True)),
                ("last_agent_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("customer", "Customer"), ("agent", "Agent"), ("bot", "Bot"), ("watcher", "Watcher")],
                        max_length=10,
                    ),
                ),
                ("gone", models.BooleanField(default=False)),
                ("read_seq", models.BigIntegerField(default=0)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="chat.session"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["session"], name="chat_member_session")],
                "constraints": [
                    models.UniqueConstraint(models.F("user"), models.F("session"), name="chat_member_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(null=True)),
                ("staff_seq", models.BigIntegerField(null=True)),
                ("client_id", models.UUIDField()),
                ("author_kind", models.CharField(max_length=8)),
                ("author_name", models.CharField(blank=True, default="", max_length=160)),
                ("kind", models.CharField(max_length=8)),
                ("text", models.TextField(blank=True, default="")),
                ("event", models.JSONField(blank=True, null=True)),
                ("reply_to", models.BigIntegerField(blank=True, null=True)),
                ("request_hash", models.BinaryField(max_length=16)),
                ("at", models.DateTimeField()),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="chat.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("session"), models.F("seq"), name="chat_message_seq"),
                    models.UniqueConstraint(models.F("session"), models.F("staff_seq"), name="chat_message_staff_seq"),
                    models.UniqueConstraint(
                        models.F("client_id"),
                        models.F("session"),
                        models.F("author"),
                        name="chat_message_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seq__isnull", True), ("staff_seq__isnull", True), _connector="XOR"),
                        name="chat_message_one_sequence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("replaced_at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="chat.message"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("visitor", "Visitor"), ("staff", "Staff")], max_length=8)),
                ("seen_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "process",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leases", to="chat.process"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "side"], name="chat_lease_user")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("process"), models.F("user"), models.F("side"), name="chat_lease_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField()),
                ("content_hash", models.BinaryField(max_length=16)),
                ("answer", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="chat_request_at")],
                "constraints": [
                    models.UniqueConstraint(models.F("user"), models.F("client_id"), name="chat_request_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeterNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meter_id", models.BigIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[("emptied", "Emptied"), ("woke", "Woke"), ("over", "Over"), ("settled", "Settled")],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "session",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="chat.session"),
                ),
            ],
        ),
        migrations.RunSQL(read("notify_0001.sql"), UNDO),
    ]
