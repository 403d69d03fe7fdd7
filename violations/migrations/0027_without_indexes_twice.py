"""What is found by an index that begins with it needs none of its own: every filing paid for both."""

import django.db.models.deletion
from django.db import migrations, models

TWICE = {
    "violations_incidentreport_agreement_id_af0a3d0f": "violations_incidentreport (agreement_id)",
    "violations_reviewstep_chain_24a49306": "violations_reviewstep (chain)",
}


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0026_reports_filed_of_late")]

    operations = [
        *(
            # By name: to alter the field would check the key of every row anew.
            migrations.RunSQL(
                f"drop index concurrently if exists {name}", f"create index concurrently {name} on {columns}"
            )
            for name, columns in TWICE.items()
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "incidentreport",
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_reports",
                        to="monitoring.agreement",
                    ),
                ),
                migrations.AlterField("reviewstep", "chain", models.UUIDField()),
            ]
        ),
    ]
