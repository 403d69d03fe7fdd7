"""An index of the few steps by which a report came under review: an import writes a step for each of its events."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("violations", "0005_guard_third_party_and_data_sets")]

    operations = [
        AddIndexConcurrently(
            model_name="reviewstep",
            index=models.Index(
                fields=["chain"], condition=models.Q(state="under_review"), name="violations_step_taken_up"
            ),
        ),
    ]
