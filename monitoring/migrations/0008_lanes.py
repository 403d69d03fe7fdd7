"""By what rule an incident is grave, standard or routine: until now the same for every truce."""

from django.db import migrations, models

import monitoring.models.agreements


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0007_replies")]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="lanes",
            field=models.JSONField(
                default=monitoring.models.agreements.lanes_in_general,
                db_default=monitoring.models.agreements.LANES,
                help_text=(
                    "By lane: what puts an incident there, and within how many days it is to be decided; 0: not said."
                ),
            ),
        ),
    ]
