"""Grades that moderators give reports."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [("violations", "0035_words_folded")]

    operations = [
        migrations.CreateModel(
            name="Grade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("A", "A, completely reliable"),
                            ("B", "B, usually reliable"),
                            ("C", "C, fairly reliable"),
                            ("D", "D, not usually reliable"),
                            ("E", "E, unreliable"),
                            ("F", "F, cannot be judged"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "information",
                    models.CharField(
                        choices=[
                            ("1", "1, confirmed by other sources"),
                            ("2", "2, probably true"),
                            ("3", "3, possibly true"),
                            ("4", "4, doubtful"),
                            ("5", "5, improbable"),
                            ("6", "6, cannot be judged"),
                        ],
                        max_length=1,
                    ),
                ),
                ("grounds", models.TextField()),
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
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grades",
                        to="violations.incidentreport",
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
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                        name="violations_grade_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=Q(superseded_at__isnull=True),
                        fields=("report",),
                        name="violations_one_grade_a_report",
                    ),
                ],
            },
        ),
        guard("violations_grade", closable=True),
    ]
