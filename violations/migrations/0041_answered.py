"""Whose question was answered last stands in the docket, so that the answer leads the queue of whoever asked.

While it is filled in, nobody writes what it is worked out from.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from violations.docket import FILL_ASKED

WORKED_OUT_FROM = (
    "violations_reviewstep, violations_reportlink, violations_finding, violations_assessment, violations_lanemove"
)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("violations", "0040_sittings"),
    ]

    operations = [
        migrations.AddField(
            model_name="docket",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                help_text="The moderator whose question its filer answered or corrected last, while it is work.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL([f"lock table {WORKED_OUT_FROM} in share mode", FILL_ASKED], migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="docket",
            index=models.Index(
                condition=models.Q(superseded_at__isnull=True, asked_by__isnull=False),
                fields=["asked_by"],
                name="violations_docket_answered",
            ),
        ),
    ]
