"""A rotation of keys is superseded by one to another key: it waits no more, and allows nothing any more."""

from django.db import migrations, models
from django.db.models import F, Q

from violations.sealed_guards import until_superseded

ONCE = "seconded_by_id,seconded_at,finished_at,sealed_rows"
GUARD = """
drop trigger ledger_update on violations_keyrotation;
create trigger ledger_update before update on violations_keyrotation
    for each row execute function ledger_set_once('', '{once}');
"""


class Migration(migrations.Migration):
    dependencies = [("violations", "0027_without_indexes_twice")]

    operations = [
        migrations.AddField(
            model_name="keyrotation",
            name="superseded_at",
            field=models.DateTimeField(help_text="When a rotation to another key took its place.", null=True),
        ),
        migrations.AddConstraint(
            model_name="keyrotation",
            constraint=models.CheckConstraint(
                condition=Q(superseded_at__isnull=True)
                | Q(superseded_at__gt=F("recorded_at"), finished_at__isnull=True),
                name="violations_rotation_superseded",
            ),
        ),
        migrations.RunSQL(GUARD.format(once=f"{ONCE},superseded_at"), GUARD.format(once=ONCE)),
        until_superseded(),
    ]
