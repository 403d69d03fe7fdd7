"""A receipt stands for one filing. The index is built while filing goes on."""

from django.db import migrations, models
from django.db.models import Q

ONCE = models.UniqueConstraint(condition=~Q(receipt=""), fields=("receipt",), name="violations_receipt_once")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("violations", "0011_sightings_and_receipts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "create unique index concurrently violations_receipt_once "
                    "on violations_incidentreport (receipt) where not (receipt = '')",
                    "drop index violations_receipt_once",
                )
            ],
            state_operations=[migrations.AddConstraint("incidentreport", ONCE)],
        )
    ]
