"""Lanes by the rule of the truce's file, as PostgreSQL works them out; and incidents moved to another lane by hand."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from monitoring.guards import guard

LANES = [("grave", "grave"), ("standard", "standard"), ("routine", "routine")]
GROUNDS = [
    ("graver_than_coded", "graver than its codes say"),
    ("part_of_a_pattern", "part of a pattern that is graver than each alone"),
    ("less_than_coded", "its codes say more than its reports bear out"),
    ("only_heard", "only heard, nobody came to harm"),
    ("other", "another reason, in words"),
]
DOWN = Q(moved_from="grave") & ~Q(lane="grave") | Q(moved_from="standard", lane="routine")

# `harmed`: the most people killed or injured that is reported; null unknown. PostgreSQL writes it into the statement.
BY_RULE = """
create function violations_lane(rule jsonb, act text, objects text[], weapon text, harmed integer, means text)
returns text language sql immutable as $$
    select case
        when coalesce(harmed, 0) > 0 and (rule #> '{grave,casualties}')::boolean
             or (rule #> '{grave,acts}') ? act
             or (rule #> '{grave,objects}') ?| objects
             or (rule #> '{grave,weapons}') ? weapon then 'grave'
        when (rule #> '{routine,means}') ? means and coalesce(harmed, 0) = 0 then 'routine'
        else 'standard' end
$$;
"""

# Towards grave a move holds whatever the rule says, but for what is graver; away from it, while the rule says the same.
MOVED = """
create function violations_lane_moved(by_rule text, moved text, rule_then text)
returns text language sql immutable as $$
    select case
        when moved = 'grave' or rule_then = by_rule then moved
        when moved = 'standard' and by_rule = 'routine' then moved
        else by_rule end
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0008_lanes"),
        ("violations", "0032_guard_replies"),
    ]

    operations = [
        migrations.RunSQL(BY_RULE, "drop function violations_lane(jsonb, text, text[], text, integer, text)"),
        migrations.RunSQL(MOVED, "drop function violations_lane_moved(text, text, text)"),
        migrations.CreateModel(
            name="LaneMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("lane", models.CharField(choices=LANES, max_length=8)),
                ("moved_from", models.CharField(choices=LANES, max_length=8)),
                ("by_rule", models.CharField(choices=LANES, max_length=8)),
                ("in_force", models.BooleanField()),
                ("reason", models.CharField(choices=GROUNDS, max_length=24)),
                ("grounds", models.TextField()),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.agreement",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lane_moves",
                        to="violations.incident",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proposed_side",
                    models.ForeignKey(
                        help_text="Null: independent.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seconded_side",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(superseded_at__isnull=True) | Q(superseded_at__gt=F("recorded_at")),
                        name="violations_lanemove_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=Q(superseded_at__isnull=True, in_force=True),
                        fields=("incident",),
                        name="violations_one_lane_move",
                    ),
                    models.UniqueConstraint(
                        condition=Q(superseded_at__isnull=True, in_force=False),
                        fields=("incident", "proposed_side"),
                        name="violations_one_lane_proposal_a_side",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(condition=~Q(lane=F("moved_from")), name="violations_lane_is_another"),
                    models.CheckConstraint(
                        condition=Q(in_force=False, seconded_by__isnull=True) & DOWN
                        | Q(in_force=True, seconded_by__isnull=False) & DOWN
                        | Q(in_force=True, seconded_by__isnull=True) & ~DOWN,
                        name="violations_lane_down_has_a_second",
                    ),
                    models.CheckConstraint(
                        condition=Q(seconded_by__isnull=True) | ~Q(seconded_by=F("proposed_by")),
                        name="violations_lane_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=Q(seconded_by__isnull=True)
                        | Q(proposed_side__isnull=True)
                        | Q(seconded_side__isnull=True)
                        | ~Q(seconded_side=F("proposed_side")),
                        name="violations_lane_two_sides",
                    ),
                ],
            },
        ),
        guard("violations_lanemove", closable=True),
    ]
