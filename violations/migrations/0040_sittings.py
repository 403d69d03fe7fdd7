"""Sittings of the body that determines: agenda, what was said of each incident, minutes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0008_lanes"),
        ("violations", "0039_casualties_by_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("place", models.PositiveIntegerField(help_text="The number on the agenda; none is given twice.")),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="violations.finding",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agenda_items",
                        to="violations.incident",
                    ),
                ),
                (
                    "put_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "put_side",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_agendaitem_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("incident",),
                        name="violations_one_agenda_an_incident",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaRemoval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("grounds", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="removal", to="violations.agendaitem"
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sitting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("body", models.CharField(max_length=200)),
                ("held_on", models.DateField()),
                ("place", models.CharField(blank=True, help_text="Where, as written; '': not said.", max_length=200)),
                (
                    "client_id",
                    models.CharField(help_text="By which the same form is known when it is sent twice.", max_length=80),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sittings", to="monitoring.agreement"
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "called_side",
                    models.ForeignKey(
                        help_text="Null: independent.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
                    ),
                ),
            ],
            options={
                "verbose_name": "sitting",
                "verbose_name_plural": "sittings",
                "constraints": [
                    models.UniqueConstraint(fields=("called_by", "client_id"), name="violations_sitting_client_id")
                ],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="sitting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="violations.sitting"
            ),
        ),
        migrations.CreateModel(
            name="SittingMinutes",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("words", models.TextField()),
                ("language", models.CharField(max_length=16)),
                (
                    "on_paper",
                    models.CharField(
                        blank=True, help_text="Where the signed paper is kept; '': none is.", max_length=200
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
                    ),
                ),
                (
                    "sitting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="minutes", to="violations.sitting"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "minutes of sittings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_sittingminutes_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("sitting",),
                        name="violations_one_minutes_a_sitting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("agreed", "agreed"),
                            ("not_agreed", "not agreed"),
                            ("referred_back", "referred back"),
                        ],
                        max_length=16,
                    ),
                ),
                ("grounds", models.TextField(help_text="On what grounds, in the words of the sitting.")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_side",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="violations.finding",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcomes", to="violations.agendaitem"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recorded_side",
                    models.ForeignKey(
                        help_text="Null: independent.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_sittingoutcome_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_by__isnull", False)),
                        fields=("item",),
                        name="violations_one_outcome_an_item",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True), models.Q(("confirmed_by__isnull", False), _negated=True)
                        ),
                        fields=("item", "recorded_side"),
                        name="violations_one_outcome_waits_a_side",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="violations_outcome_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            ("recorded_side__isnull", True),
                            ("confirmed_side__isnull", True),
                            models.Q(("confirmed_side", models.F("recorded_side")), _negated=True),
                            _connector="OR",
                        ),
                        name="violations_outcome_two_sides",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finding__isnull", False), ("outcome", "agreed"), ("confirmed_by__isnull", False)
                            ),
                            models.Q(
                                ("finding__isnull", True),
                                models.Q(
                                    models.Q(("outcome", "agreed"), _negated=True),
                                    models.Q(("confirmed_by__isnull", False), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="violations_agreed_outcome_has_its_finding",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(fields=("sitting", "place"), name="violations_agenda_place_once"),
        ),
        guard("violations_sitting"),
        guard("violations_agendaitem", closable=True),
        guard("violations_agendaremoval"),
        guard("violations_sittingoutcome", closable=True),
        guard("violations_sittingminutes", closable=True),
    ]
