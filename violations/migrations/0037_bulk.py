"""Decisions on many at once: the job, its rows, what came of each, and whose turn it is."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0006_ours_told_in_place"),
        ("violations", "0036_grades"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BulkJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("second", "second proposals"),
                            ("take", "take reports under review"),
                            ("accept", "accept reports: each tells of its incident"),
                            ("return", "return reports with a question"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("each_examined", "each was examined"),
                            ("sample_examined", "a sample was examined"),
                            ("routine", "routine, without harm"),
                            ("one_series", "entries of one series"),
                            ("same_fault", "the same fault in each"),
                            ("taken_in_turn", "taken up in turn"),
                            ("other", "other, as written"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "grounds",
                    models.TextField(
                        help_text="Why all of them alike; of a return, the question that every filer reads."
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        help_text="Null: independent.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk decision",
                "verbose_name_plural": "bulk decisions",
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="In the order in which they are done, from 1.")),
                (
                    "seen",
                    models.CharField(help_text="Digits of a hash of what its effect was told from.", max_length=32),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="violations.finding",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="violations.bulkjob"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="violations.incidentreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "number"), name="violations_bulkrow_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding__isnull", False), ("report__isnull", True)),
                            models.Q(("finding__isnull", True), ("report__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_bulkrow_of_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "not done"), ("failed", "could not be done: a fault")],
                        max_length=8,
                    ),
                ),
                (
                    "code",
                    models.CharField(blank=True, help_text="Of the refusal, as the verbs have it.", max_length=40),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="violations.bulkrow"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), ("outcome", "done")),
                            models.Q(
                                models.Q(("outcome", "done"), _negated=True), models.Q(("code", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="violations_bulkoutcome_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkTurn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("until", models.DateTimeField()),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="violations.bulkjob"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_bulkturn_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("job",),
                        name="violations_one_turn_a_job",
                    ),
                ],
            },
        ),
        guard("violations_bulkjob"),
        guard("violations_bulkrow", stamped=False, part_of=("violations_bulkjob", "job_id")),
        guard("violations_bulkoutcome"),
        guard("violations_bulkturn", closable=True),
    ]
