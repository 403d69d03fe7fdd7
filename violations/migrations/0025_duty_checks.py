"""What duty officers checked, how a filing came to them, and whose own word a complaint is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard
from violations.sealed_guards import erasable


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0005_duty_check_hours"),
        ("violations", "0024_parts_planned_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="incidentreport",
            name="channel",
            field=models.CharField(
                blank=True,
                choices=[("caller", "told by a caller"), ("paper", "from paper")],
                db_default="",
                help_text="How it came to the duty officer who handed it in; empty: its filer did.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="incidentreport",
            name="told_by",
            field=models.ForeignKey(
                help_text="The party whose own word it is, filed by its liaison; null: a team's or imported.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="monitoring.party",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("told_by__isnull", True),
                    models.Q(("channel", ""), ("means", "party_notification"), ("source", ""), ("team__isnull", True)),
                    _connector="OR",
                ),
                name="violations_report_a_party_s_word",
            ),
        ),
        migrations.CreateModel(
            name="DutyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("checked", "checked"),
                            ("asked", "asked of its filer"),
                            ("undone", "check taken back"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "words",
                    models.TextField(blank=True, help_text="What was asked, or why the check was taken back."),
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
                    "patrol",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_checks",
                        to="violations.patrol",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duty_checks",
                        to="violations.incidentreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the duty log",
                "verbose_name_plural": "duty log",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("patrol__isnull", False), ("report__isnull", True)),
                            models.Q(("patrol__isnull", True), ("report__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_dutycheck_of_one_entry",
                    ),
                ],
            },
        ),
        guard("violations_dutycheck"),
        erasable("violations_dutycheck", "words", "ledger_refuse()"),
    ]
