"""Openings of sealed sources; what two people agree to: all sealed under another key, words of a report erased."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_accounts"),
        ("violations", "0019_effort"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("protection", "A person may be in danger, and has to be reached"),
                            ("independence", "To tell whether two sources are independent of each other"),
                            ("question", "The question cannot be put by returning the report"),
                        ],
                        max_length=16,
                    ),
                ),
                ("grounds", models.TextField()),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to="violations.incidentreport",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="KeyRotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("key_id", models.CharField(help_text="First digits of a hash of the new key.", max_length=16)),
                ("seconded_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "sealed_rows",
                    models.PositiveIntegerField(
                        help_text="Rows that the last pass found under the new key.", null=True
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("key_id",),
                        name="violations_one_rotation_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by__isnull", True),
                            models.Q(("seconded_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="violations_rotation_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True),
                                ("seconded_at__isnull", True),
                                ("seconded_by__isnull", True),
                            ),
                            models.Q(("seconded_at__gt", models.F("recorded_at")), ("seconded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_rotation_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("sealed_rows__isnull", True)),
                            models.Q(("finished_at__gt", models.F("seconded_at")), ("sealed_rows__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_rotation_finished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("chain", models.UUIDField(db_index=True, help_text="All revisions of the report.")),
                (
                    "erased",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("narrative", "the narrative"),
                                ("place_as_written", "the place as written"),
                                ("source", "who told the filer"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("danger", "a person may be in danger"),
                            ("consent", "consent was withdrawn"),
                            ("third_person", "it names a person who had no part in it"),
                            ("law", "a law or a court demands it"),
                        ],
                        max_length=24,
                    ),
                ),
                ("grounds", models.TextField(help_text="Who asked and why; names nobody.")),
                ("seconded_at", models.DateTimeField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        help_text="The newest revision when it was proposed.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="violations.incidentreport",
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("seconded_at__isnull", True)),
                        fields=("chain",),
                        name="violations_one_redaction_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("erased", []), _negated=True), name="violations_redaction_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by__isnull", True),
                            models.Q(("seconded_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="violations_redaction_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_at__isnull", True), ("seconded_by__isnull", True)),
                            models.Q(("seconded_at__gt", models.F("recorded_at")), ("seconded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_redaction_in_order",
                    ),
                ],
            },
        ),
    ]
