"""Reports of a period are found by an index: what a closing reads of them does not grow with the history."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0006_step_taken_up")]

    operations = [
        AddIndexConcurrently(
            "incidentreport", models.Index(fields=["agreement", "occurred_from"], name="violations_report_when")
        ),
    ]
