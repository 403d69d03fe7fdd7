"""What monitors filed of late is found by an index: what stands with duty officers is asked of these hours alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0025_duty_checks")]

    operations = [
        AddIndexConcurrently(
            "incidentreport",
            models.Index(
                condition=Q(("revision", 1), ("source", "")),
                fields=["agreement", "recorded_at"],
                name="violations_report_filed",
            ),
        ),
    ]
