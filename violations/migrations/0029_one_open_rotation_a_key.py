"""To a key one rotation is open at a time; one that was superseded is not. The index is built while the service runs."""

from django.db import migrations, models
from django.db.models import Q

BEFORE, ONCE = "violations_one_rotation_a_key", "violations_one_open_rotation_a_key"
INDEX = "create unique index concurrently {name} on violations_keyrotation (key_id) where {which}"
DROP = "drop index concurrently if exists {name}"
UNFINISHED, OPEN = "finished_at is null", "finished_at is null and superseded_at is null"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("violations", "0028_rotations_superseded")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(INDEX.format(name=ONCE, which=OPEN), DROP.format(name=ONCE)),
                migrations.RunSQL(DROP.format(name=BEFORE), INDEX.format(name=BEFORE, which=UNFINISHED)),
            ],
            state_operations=[
                migrations.RemoveConstraint("keyrotation", BEFORE),
                migrations.AddConstraint(
                    "keyrotation",
                    models.UniqueConstraint(
                        condition=Q(finished_at__isnull=True, superseded_at__isnull=True), fields=("key_id",), name=ONCE
                    ),
                ),
            ],
        )
    ]
