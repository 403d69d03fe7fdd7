"""The docket of the queue, filled with what the record says now; then guarded like the rest of the record.

While it is filled nobody writes what it is worked out from.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from monitoring.guards import guard
from violations.docket import FILL

WORKED_OUT_FROM = (
    "violations_reviewstep, violations_reportlink, violations_finding, violations_assessment, violations_lanemove"
)


class Migration(migrations.Migration):
    dependencies = [("violations", "0033_lanes")]

    operations = [
        migrations.CreateModel(
            name="Docket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("work", "Work"),
                            ("waits", "Waits"),
                            ("set", "Set"),
                            ("settled", "Settled"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "gravity",
                    models.SmallIntegerField(help_text="0 grave, 1 standard, 2 routine: the lane, to sort by."),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dockets",
                        to="violations.incident",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                        name="violations_docket_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=Q(superseded_at__isnull=True),
                        fields=("incident",),
                        name="violations_one_docket_an_incident",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=Q(superseded_at__isnull=True),
                        fields=["agreement", "stage", "gravity", "incident"],
                        name="violations_docket_in_order",
                    )
                ],
            },
        ),
        migrations.RunSQL([f"lock table {WORKED_OUT_FROM} in share mode", FILL], migrations.RunSQL.noop),
        guard("violations_docket", closable=True),
    ]
