"""Whether a row is of the transaction that asks is told in place: every filing asks it of its parts."""

from django.db import migrations

from monitoring.guards import ours_told_in_place


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_duty_check_hours")]

    operations = [ours_told_in_place()]
