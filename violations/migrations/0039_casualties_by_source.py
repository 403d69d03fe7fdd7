"""Whom a finding verifies as killed or injured, by group, and from which sources."""

import django.db.models.deletion
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("violations", "0038_notes_taken_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="VerifiedCasualties",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("harm", models.CharField(choices=[("killed", "killed"), ("injured", "injured")], max_length=8)),
                (
                    "people",
                    models.CharField(
                        choices=[("civilian", "civilians"), ("combatant", "combatants"), ("unknown", "status unknown")],
                        max_length=10,
                    ),
                ),
                (
                    "at_least",
                    models.PositiveIntegerField(help_text="Verified minimum; null: not established.", null=True),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="casualties", to="violations.finding"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "verified casualties",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("finding", "harm", "people"), name="violations_casualties_once_a_group"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CasualtySource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "a report of the incident"),
                            ("medical", "a hospital, clinic or ambulance service"),
                            ("rescue", "a rescue service or civil defence"),
                            ("authority", "a civil authority or its register"),
                            ("united_nations", "a body of the United Nations"),
                            ("humanitarian", "a humanitarian organisation"),
                            ("recorder", "an organisation that records casualties"),
                            ("party", "a party or a guarantor state"),
                            ("media", "a news outlet"),
                            ("other", "another organisation"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, help_text="Of an organisation or a publication.", max_length=200),
                ),
                ("address", models.CharField(blank=True, help_text="Where it can be read.", max_length=500)),
                ("dated", models.DateField(help_text="Of what day the source is.", null=True)),
                (
                    "report",
                    models.ForeignKey(
                        help_text="As it was read.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="violations.incidentreport",
                    ),
                ),
                (
                    "casualties",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="violations.verifiedcasualties",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint("casualties", "report", name="violations_casualty_source_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("address", ""),
                                ("dated__isnull", True),
                                ("kind", "report"),
                                ("name", ""),
                                ("report__isnull", False),
                            ),
                            models.Q(
                                models.Q(("kind", "report"), _negated=True),
                                ("report__isnull", True),
                                models.Q(("name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="violations_casualty_source_whole",
                    ),
                ],
            },
        ),
        guard("violations_verifiedcasualties", stamped=False, part_of=("violations_finding", "finding_id")),
        guard(
            "violations_casualtysource",
            stamped=False,
            part_of=("violations_verifiedcasualties", "casualties_id", "unstamped"),
        ),
    ]
