import uuid

import django.db.models.deletion
from django.db import migrations, models

from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_accounts"),
        ("violations", "0018_case_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Patrol",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "filing_key",
                    models.CharField(help_text="Of the account and its client id, hashed.", max_length=64, unique=True),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[("patrol", "patrol"), ("post", "fixed post"), ("watch", "watch with a log")],
                        max_length=8,
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.team"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agreement", "started_at"], name="violations_patrol_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_patrol_superseded_after_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gt", models.F("started_at"))), name="violations_patrol_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PatrolStretch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("position", models.CharField(blank=True, help_text="The post, as the team names it.", max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.area"
                    ),
                ),
                (
                    "patrol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stretches", to="violations.patrol"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("patrol", "number"), name="violations_stretch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gt", models.F("started_at"))), name="violations_stretch_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchObservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("observed_at", models.DateTimeField()),
                (
                    "observed",
                    models.CharField(
                        choices=[
                            ("explosion", "explosion"),
                            ("burst", "burst"),
                            ("shot", "shot"),
                            ("projectile_in_flight", "projectile in flight"),
                            ("muzzle_flash", "muzzle flash"),
                            ("illumination_flare", "illumination flare"),
                            ("impact", "impact"),
                            ("airburst", "airburst"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outgoing", "outgoing"),
                            ("incoming", "incoming"),
                            ("in_flight", "in flight"),
                            ("undetermined", "undetermined"),
                        ],
                        max_length=12,
                    ),
                ),
                ("count", models.PositiveIntegerField(help_text="Null: uncountable.", null=True)),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exact", "exact"),
                            ("about", "about"),
                            ("at_least", "at least"),
                            ("up_to", "up to"),
                            ("uncountable", "uncountable"),
                        ],
                        max_length=12,
                    ),
                ),
                ("bearing", models.PositiveSmallIntegerField(help_text="Degrees, true; 0 to 359.", null=True)),
                ("metres", models.PositiveIntegerField(help_text="How far, as estimated.", null=True)),
                (
                    "patrol",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="observations", to="violations.patrol"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("patrol", "number"), name="violations_observation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("bearing__isnull", True), ("bearing__lt", 360), _connector="OR"),
                        name="violations_observation_bearing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("count__isnull", True), ("qualifier", "uncountable")),
                            models.Q(models.Q(("qualifier", "uncountable"), _negated=True), ("count__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_observation_counted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MovementRestriction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "filing_key",
                    models.CharField(help_text="Of the account and its client id, hashed.", max_length=64, unique=True),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("denied", "denied"),
                            ("delayed", "delayed"),
                            ("conditional", "allowed on conditions"),
                        ],
                        max_length=12,
                    ),
                ),
                ("place_as_written", models.CharField(blank=True, max_length=500)),
                (
                    "by_as_written",
                    models.CharField(
                        blank=True, help_text="Who restricted it, as the team names them.", max_length=200
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.area"
                    ),
                ),
                (
                    "by_party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.party"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.team"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agreement", "started_at"], name="violations_restriction_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_movementrestriction_superseded_after_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__gt", models.F("started_at"))),
                        name="violations_restriction_order",
                    ),
                ],
            },
        ),
        guard("violations_patrol", closable=True),
        guard("violations_patrolstretch", stamped=False, part_of=("violations_patrol", "patrol_id")),
        guard("violations_watchobservation", stamped=False, part_of=("violations_patrol", "patrol_id")),
        guard("violations_movementrestriction", closable=True),
    ]
