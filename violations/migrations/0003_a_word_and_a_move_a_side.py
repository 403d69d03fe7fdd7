"""A side's word on an incident and its proposal that a report be moved are two proposals: one of each may be open."""

from django.db import migrations, models
from django.db.models import Q

OPEN = Q(superseded_at__isnull=True, standing="proposed")
INDEX = (
    "create unique index concurrently {name} on violations_finding (incident_id, proposed_side_id) nulls not distinct "
    "where superseded_at is null and standing = 'proposed' and {which}"
)
DROP = "drop index concurrently {name}"


def one(name: str, which: str) -> migrations.RunSQL:
    """The index that keeps one, built while the service runs."""
    return migrations.RunSQL(INDEX.format(name=name, which=which), DROP.format(name=name))


def kept(name: str, condition: Q) -> migrations.AddConstraint:
    """The same, as the model states it."""
    fields = ["incident", "proposed_side"]
    return migrations.AddConstraint(
        "finding", models.UniqueConstraint(fields=fields, condition=condition, nulls_distinct=False, name=name)
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("violations", "0002_guards")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                one("violations_one_word_a_side", "effect = 'finding'"),
                one("violations_one_move_a_side", "effect <> 'finding'"),
                migrations.RunSQL(
                    DROP.format(name="violations_one_proposal_a_side"),
                    INDEX.format(name="violations_one_proposal_a_side", which="true"),
                ),
            ],
            state_operations=[
                migrations.RemoveConstraint("finding", "violations_one_proposal_a_side"),
                kept(
                    "violations_one_word_a_side", Q(superseded_at__isnull=True, standing="proposed", effect="finding")
                ),
                kept("violations_one_move_a_side", OPEN & ~Q(effect="finding")),
            ],
        ),
    ]
