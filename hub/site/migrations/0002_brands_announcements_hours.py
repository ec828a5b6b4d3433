import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_layout"),
        ("site", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BrandLogo",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="BrandRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_default", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("is_default"), condition=models.Q(("is_default", True)), name="site_brand_one_default"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentRules",
            fields=[
                (
                    "department",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="rules",
                        serialize=False,
                        to="accounts.department",
                    ),
                ),
                ("time_zone", models.CharField(max_length=64)),
                ("keeps_hours", models.BooleanField(default=False)),
                ("capacity", models.PositiveSmallIntegerField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("customers", "Customers"),
                            ("organisations", "Organisations"),
                            ("department", "Department"),
                            ("staff", "Staff"),
                        ],
                        default="customers",
                        max_length=14,
                    ),
                ),
                ("in_portal", models.BooleanField(default=True)),
                ("in_widget", models.BooleanField(default=False)),
                ("by_email", models.BooleanField(default=False)),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("mailed_to_id", models.BigIntegerField(default=0)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["from_at"],
                        name="site_announcement_published",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "department"), ("department__isnull", False)),
                            models.Q(models.Q(("audience", "department"), _negated=True), ("department__isnull", True)),
                            _connector="OR",
                        ),
                        name="site_announcement_department",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_at__isnull", True), ("until_at__gt", models.F("from_at")), _connector="OR"
                        ),
                        name="site_announcement_from_until",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnouncementSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="site.announcement"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("announcement"), models.F("user"), name="site_announcementseen_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnouncementText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=120)),
                ("source", models.TextField()),
                ("html", models.TextField()),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="site.announcement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("announcement"), models.F("language"), name="site_announcementtext_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BrandHost",
            fields=[
                ("host", models.CharField(max_length=253, primary_key=True, serialize=False)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="site.brandrow"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="website",
            name="brand",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="websites",
                to="site.brandrow",
            ),
        ),
        migrations.CreateModel(
            name="BrandVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("colour", models.CharField(max_length=7)),
                ("accent", models.CharField(max_length=7)),
                ("sender_name", models.CharField(blank=True, default="", max_length=60)),
                ("sender_address", models.CharField(blank=True, default="", max_length=254)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), blank=True, default=list, size=None
                    ),
                ),
                ("default_language", models.CharField(blank=True, default="", max_length=8)),
                ("layout", models.CharField(default="classic", max_length=8)),
                ("business_layout", models.CharField(default="compact", max_length=8)),
                (
                    "hosts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="site.brandrow"
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="site.brandlogo",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("brand"), models.F("number"), name="site_brandversion_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour__regex", "^#[0-9a-f]{6}$"), ("accent__regex", "^#[0-9a-f]{6}$")),
                        name="site_brandversion_colours",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("business_layout__in", ["classic", "compact"]), ("layout__in", ["classic", "compact"])
                        ),
                        name="site_brandversion_layouts",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="brandrow",
            name="current",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="site.brandversion"
            ),
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField()),
                ("name", models.CharField(blank=True, default="", max_length=80)),
                ("opens_minute", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("closes_minute", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holidays",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("department"), models.F("date"), name="site_holiday_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closes_minute__isnull", True), ("opens_minute__isnull", True)),
                            models.Q(
                                ("closes_minute__isnull", False),
                                ("closes_minute__lte", 1440),
                                ("opens_minute__isnull", False),
                                ("opens_minute__lt", models.F("closes_minute")),
                            ),
                            _connector="OR",
                        ),
                        name="site_holiday_makes_sense",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("opens_minute", models.PositiveSmallIntegerField()),
                ("closes_minute", models.PositiveSmallIntegerField()),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_periods",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_minute__lte", 1440),
                            ("opens_minute__lt", models.F("closes_minute")),
                            ("weekday__lte", 6),
                        ),
                        name="site_openperiod_makes_sense",
                    ),
                    models.UniqueConstraint(
                        models.F("department"),
                        models.F("weekday"),
                        models.F("opens_minute"),
                        name="site_openperiod_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreChatQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(choices=[("text", "Text"), ("choice", "Choice")], default="text", max_length=6),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("required", models.BooleanField(default=False)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="accounts.department"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(models.F("department"), models.F("key"), name="site_prechatquestion_once")
                ],
            },
        ),
    ]
