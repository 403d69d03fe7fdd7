"""What was indexed to find cases among all that was reviewed and found: the register is asked now."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations

UNASKED = {
    "finding": ("violations_finding_undecided", "violations_finding_decisive", "violations_finding_superseded"),
    "reviewstep": ("violations_step_taken_up", "violations_step_taken_when"),
}


class Migration(migrations.Migration):
    atomic = False  # so that filing goes on meanwhile

    dependencies = [("violations", "0009_register_of_cases")]

    operations = [RemoveIndexConcurrently(model, name) for model, names in UNASKED.items() for name in names]
