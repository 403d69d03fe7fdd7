"""What PostgreSQL refuses on closings, editions and renditions: work columns move, results are written once."""

from django.db import migrations

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("violations", "0002_guards")]

    operations = [
        guard(
            "reports_closing",
            free=["state", "lease_holder", "lease_until", "attempts", "failure", "checked_at", "touched_at"],
            once=["number", "same_as_id", "version_id", "content", "content_sha256", "computed_at", "released_at"],
        ),
        guard("reports_edition", once=["released_at"]),
        guard("reports_rendition"),
    ]
