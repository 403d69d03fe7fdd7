"""That the database was restored, and what two people say is lost by it; guarded as the rest of the record is."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from monitoring.guards import guard

RESUMED = """
create function reports_resumption_moves() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and (new.seconded_at is not null or new.superseded_at is not null) then
        raise exception 'Going on after a restore begins as a proposal.' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'UPDATE' and (
        (old.seconded_at is null and new.seconded_at not between transaction_timestamp() and clock_timestamp())
        or (old.superseded_at is null and new.superseded_at not between transaction_timestamp() and clock_timestamp())
        or (old.superseded_at is not null and new.seconded_at is distinct from old.seconded_at)) then
        raise exception 'A proposal is seconded or superseded once, at the time of the entry.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create trigger reports_resumed before insert or update on reports_resumption
    for each row execute function reports_resumption_moves();
"""
DROP_RESUMED = """
drop trigger reports_resumed on reports_resumption;
drop function reports_resumption_moves();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0012_accessions"),
        ("reports", "0009_supplement_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("taken_at", models.DateTimeField(help_text="When the backup was begun.")),
                ("witnessed", models.BooleanField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Resumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("grounds", models.TextField(help_text="How it is known what had been released. Names nobody.")),
                ("seconded_at", models.DateTimeField(null=True)),
                ("superseded_at", models.DateTimeField(help_text="When another proposal took its place.", null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resumptions",
                        to="monitoring.agreement",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("seconded_at__isnull", True), ("superseded_at__isnull", True)),
                        fields=("agreement",),
                        name="reports_one_resumption_waits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seconded_by__isnull", True),
                            models.Q(("seconded_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reports_resumption_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seconded_at__isnull", True), ("seconded_by__isnull", True)),
                            models.Q(
                                ("seconded_at__gt", models.F("recorded_at")),
                                ("seconded_by__isnull", False),
                                ("superseded_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reports_resumption_seconded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="reports_resumption_superseded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LostRelease",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("period", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("content_sha256", models.CharField(max_length=64)),
                (
                    "released_at",
                    models.DateTimeField(help_text="As the log says; null where a file alone tells of it.", null=True),
                ),
                (
                    "resumption",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lost", to="reports.resumption"
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "period", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("resumption", "kind", "period", "number", "content_sha256"), name="reports_lost_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="reports_lost_numbered"),
                ],
            },
        ),
        guard("reports_restoration"),
        guard("reports_resumption", once=["seconded_by_id", "seconded_at", "superseded_at"]),
        guard("reports_lostrelease", stamped=False, part_of=("reports_resumption", "resumption_id")),
        migrations.RunSQL(RESUMED, DROP_RESUMED),
    ]
