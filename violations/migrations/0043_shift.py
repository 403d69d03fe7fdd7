"""Claims that expire, filters under a name, and notes between shifts."""

import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0008_lanes"),
        ("violations", "0042_reports_of_late"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("audience", models.CharField(choices=[("all", "All"), ("side", "Side")], max_length=4)),
                ("words", models.TextField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.agreement",
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
                "verbose_name": "shift note",
                "verbose_name_plural": "shift: notes and workload",
                "indexes": [models.Index(fields=["agreement", "-recorded_at"], name="violations_note_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="violations_note_has_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftNoteRead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="violations.shiftnote"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("note", "by"), name="violations_note_read_once")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("lasts", models.DurationField()),
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="violations.incident"
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_claim_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("incident",),
                        name="violations_one_claim_an_incident",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lasts__gt", datetime.timedelta(0)),
                            ("lasts__lte", datetime.timedelta(seconds=1800)),
                        ),
                        name="violations_claim_is_short",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(help_text="A query string as the queue's own form wrote it.", max_length=1000),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        help_text="Null: not shared.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
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
                        name="violations_savedfilter_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("owner", "name"),
                        name="violations_one_filter_of_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="violations_filter_has_a_name"
                    ),
                ],
            },
        ),
        guard("violations_claim", closable=True),
        guard("violations_savedfilter", closable=True),
        guard("violations_shiftnote"),
        guard("violations_shiftnoteread"),
    ]
