import uuid

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard

# A draft is read by its owner alone: a second wall, should a query forget to ask. A row is behind its list's policy.
DRAFTS = """
alter table violations_caselist enable row level security;
alter table violations_caselist force row level security;
create policy list_insert on violations_caselist for insert with check (true);
create policy list_update on violations_caselist for update using (true);
create policy list_select on violations_caselist for select using (
    current_setting('ledger.own_lists', true) = owner_id::text
    or exists (select from violations_caselisttelling telling where telling.case_list_id = violations_caselist.id)
);
alter table violations_caselistrow enable row level security;
alter table violations_caselistrow force row level security;
create policy list_row_insert on violations_caselistrow for insert with check (true);
create policy list_row_select on violations_caselistrow for select using (
    exists (select from violations_caselist whole where whole.id = violations_caselistrow.case_list_id)
);
"""
DROP_DRAFTS = """
drop policy list_row_select on violations_caselistrow;
drop policy list_row_insert on violations_caselistrow;
alter table violations_caselistrow no force row level security;
alter table violations_caselistrow disable row level security;
drop policy list_select on violations_caselist;
drop policy list_update on violations_caselist;
drop policy list_insert on violations_caselist;
alter table violations_caselist no force row level security;
alter table violations_caselist disable row level security;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_accounts"),
        ("violations", "0017_returns_acknowledged"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("from_date", models.DateField(help_text="First day that it covers.")),
                ("until_date", models.DateField(help_text="First day that it no longer covers.")),
                ("form", models.CharField(choices=[("csv", "Csv"), ("json", "Json")], max_length=4)),
                ("as_filed", models.TextField(help_text="The text as it was handed in.")),
                (
                    "content_sha256",
                    models.CharField(help_text="Over owner, days and the text as filed.", max_length=64),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_lists",
                        to="monitoring.agreement",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Whose cases.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.guarantorstate",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agreement", "owner", "from_date"], name="violations_caselist_days")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_caselist_superseded_after_recorded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_date__gt", models.F("from_date"))),
                        name="violations_caselist_days_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseListRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="Its place in the list, from 1.")),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("their_reference", models.CharField(blank=True, help_text="That of the other list.", max_length=120)),
                ("occurred_from", models.DateTimeField()),
                ("occurred_until", models.DateTimeField()),
                (
                    "time_precision",
                    models.CharField(
                        choices=[
                            ("minute", "minute"),
                            ("hour", "hour"),
                            ("day", "day"),
                            ("days_2_6", "two to six days"),
                            ("week", "week"),
                            ("month", "month"),
                            ("longer", "longer"),
                        ],
                        max_length=8,
                    ),
                ),
                ("place_as_written", models.CharField(blank=True, max_length=500)),
                ("point", django.contrib.gis.db.models.fields.PointField(null=True, srid=4326)),
                (
                    "place_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "exact (10 m)"),
                            ("vicinity", "vicinity (100 m)"),
                            ("locality", "locality (1 km)"),
                            ("surroundings", "surroundings (25 km)"),
                            ("district", "district"),
                            ("governorate", "governorate"),
                            ("country", "country"),
                            ("line", "line"),
                            ("sector", "sector"),
                            ("outside", "outside"),
                        ],
                        max_length=12,
                    ),
                ),
                ("area_as_written", models.CharField(blank=True, max_length=120)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("direct_fire", "direct fire"),
                            ("indirect_fire", "indirect fire"),
                            ("air_strike", "air strike"),
                            ("uav_attack", "attack by an unmanned aircraft"),
                            ("device", "explosive device or mine"),
                            ("explosion_undetermined", "explosion of undetermined kind"),
                            ("force_undetermined", "use of armed force of undetermined kind"),
                            ("chemical_allegation", "allegation of a chemical weapon"),
                            ("raid_or_advance", "raid or advance"),
                            ("territory_taken", "territory taken"),
                            ("reinforcement", "reinforcement"),
                            ("fortification", "fortification"),
                            ("weapons_behind_line", "weapons behind a withdrawal line"),
                            ("weapon_missing_from_storage", "weapon missing from storage"),
                            ("mine_laying", "laying of mines"),
                            ("overflight", "overflight"),
                            ("uav_overflight", "overflight by an unmanned aircraft"),
                            ("flare", "flare"),
                            ("live_fire_exercise", "live-fire exercise"),
                            ("controlled_detonation", "controlled detonation"),
                            ("abduction", "abduction"),
                            ("detention", "detention"),
                            ("detainee_not_released", "detainee not released"),
                            ("looting", "looting"),
                            ("sexual_violence", "sexual violence"),
                            ("child_recruitment", "recruitment of children"),
                            ("forced_displacement", "forced displacement"),
                            ("aid_obstructed", "aid obstructed"),
                            ("repair_obstructed", "repair obstructed"),
                            ("attack_on_crossing_or_post", "attack on a crossing or post"),
                            ("monitors_obstructed", "monitors obstructed"),
                            ("monitors_threatened", "monitors threatened"),
                            ("uav_jammed", "unmanned aircraft jammed"),
                        ],
                        max_length=32,
                    ),
                ),
                ("alleged_as_written", models.CharField(blank=True, max_length=200)),
                ("killed", models.PositiveIntegerField(help_text="Null: not told.", null=True)),
                ("injured", models.PositiveIntegerField(help_text="Null: not told.", null=True)),
                (
                    "alleged",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.party"
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.area"
                    ),
                ),
                (
                    "case_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="violations.caselist"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case_list", "number"), name="violations_caselistrow_once"),
                    models.CheckConstraint(
                        condition=models.Q(("occurred_until__gt", models.F("occurred_from"))),
                        name="violations_caselistrow_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseListTelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="telling", to="violations.caselist"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        guard("violations_caselist", closable=True),
        guard("violations_caselistrow", stamped=False, part_of=("violations_caselist", "case_list_id")),
        guard("violations_caselisttelling"),
        migrations.RunSQL(DRAFTS, DROP_DRAFTS),
    ]
