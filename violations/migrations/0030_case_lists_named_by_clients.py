"""A client names the lists of cases that it hands in, so that one sent again is known for what it was."""

from django.db import migrations, models
from django.db.models import Q

ONCE = "violations_caselist_client_id_once"


class Migration(migrations.Migration):
    atomic = False  # the index is built while lists are handed in

    dependencies = [("violations", "0029_one_open_rotation_a_key")]

    operations = [
        migrations.AddField(
            model_name="caselist",
            name="client_id",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="The client's own name of the handing in; empty: none.",
                max_length=80,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"create unique index concurrently {ONCE} on violations_caselist (owner_id, client_id) "
                    "where not (client_id = '')",
                    f"drop index concurrently if exists {ONCE}",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "caselist",
                    models.UniqueConstraint(fields=("owner", "client_id"), condition=~Q(client_id=""), name=ONCE),
                )
            ],
        ),
    ]
