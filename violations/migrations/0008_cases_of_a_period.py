"""Open cases, and those opened and closed in a period, are found by indexes: a closing does not read all the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0007_reports_of_a_period")]

    operations = [
        AddIndexConcurrently(
            "reviewstep",
            models.Index(
                fields=["recorded_at"],
                include=["chain"],
                condition=Q(state="under_review"),
                name="violations_step_taken_when",
            ),
        ),
        AddIndexConcurrently(
            "reportlink",
            models.Index(
                fields=["chain"],
                include=["incident", "recorded_at", "superseded_at"],
                condition=~Q(kind="related"),
                name="violations_link_of_chain",
            ),
        ),
        AddIndexConcurrently(
            "finding",
            models.Index(
                fields=["agreement"],
                condition=(
                    Q(superseded_at__isnull=True, standing="proposed")
                    | Q(superseded_at__isnull=True, standing__in=["preliminary", "determined"])
                    & Q(verification__in=["not_checked", "inconclusive"])
                    | Q(standing="proposed") & ~Q(effect="finding")
                ),
                name="violations_finding_undecided",
            ),
        ),
        AddIndexConcurrently(
            "finding",
            models.Index(
                fields=["incident"],
                include=["recorded_at", "superseded_at"],
                condition=Q(
                    standing__in=["preliminary", "determined"],
                    verification__in=["verified", "probable", "discounted"],
                ),
                name="violations_finding_decisive",
            ),
        ),
        AddIndexConcurrently(
            "finding",
            models.Index(
                fields=["agreement", "superseded_at"],
                condition=Q(superseded_at__isnull=False),
                name="violations_finding_superseded",
            ),
        ),
    ]
