"""What a report is filed with is asked whether it comes late by a statement that is planned once a session."""

from django.db import migrations

from monitoring.guards import planned_part


class Migration(migrations.Migration):
    dependencies = [("violations", "0023_erasing_further")]

    operations = [
        planned_part("violations_reportparty", "violations_incidentreport", "report_id"),
        planned_part("violations_sealedsource", "violations_incidentreport", "report_id", "same"),
    ]
