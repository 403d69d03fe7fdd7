"""The register of cases, filled with what the record says of every instant; then guarded like the rest of the record.

While it is filled nobody writes what it is worked out from.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from monitoring.guards import guard
from violations.integrity.cases import FILL

WORKED_OUT_FROM = "violations_reviewstep, violations_reportlink, violations_finding"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_level_names"), ("violations", "0008_cases_of_a_period")]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "opened_at",
                    models.DateTimeField(help_text="When a report of it first came under review, or was found upon."),
                ),
                (
                    "closed_at",
                    models.DateTimeField(help_text="When it was agreed whether it stands; null: pending.", null=True),
                ),
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="violations.incident"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                        name="violations_case_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=Q(superseded_at__isnull=True),
                        fields=("incident",),
                        name="violations_one_case_an_incident",
                    ),
                    models.CheckConstraint(
                        condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                        name="violations_case_closed_after_opened",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=Q(superseded_at__isnull=True, closed_at__isnull=True),
                        fields=["agreement"],
                        name="violations_case_pending",
                    ),
                    models.Index(
                        condition=Q(superseded_at__isnull=True),
                        fields=["agreement", "opened_at"],
                        name="violations_case_opened",
                    ),
                    models.Index(
                        condition=Q(superseded_at__isnull=True, closed_at__isnull=False),
                        fields=["agreement", "closed_at"],
                        name="violations_case_closed",
                    ),
                    models.Index(
                        condition=Q(superseded_at__isnull=False),
                        fields=["agreement", "superseded_at"],
                        name="violations_case_superseded",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [
                f"lock table {WORKED_OUT_FROM} in share mode",
                FILL,
            ],
            migrations.RunSQL.noop,
        ),
        guard("violations_case", closable=True),
    ]
