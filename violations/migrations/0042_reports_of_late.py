"""What was filed of late is found with its corrections: a correction can be what moderators are told of at once."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0041_answered"), ("monitoring", "0009_notices")]

    operations = [
        AddIndexConcurrently(
            "incidentreport",
            models.Index(
                condition=Q(("source", "")),
                fields=["agreement", "recorded_at"],
                name="violations_report_of_late",
            ),
        ),
        RemoveIndexConcurrently("incidentreport", "violations_report_filed"),
    ]
