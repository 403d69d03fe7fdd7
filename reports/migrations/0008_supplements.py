"""Corrigenda and addenda to released closings, and their files."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0011_agreed_release"),
        ("reports", "0007_agreed_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Supplement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("corr", "corrigendum"), ("add", "addendum")], max_length=4)),
                ("words", models.TextField(help_text="Printed as they are.")),
                (
                    "number",
                    models.PositiveIntegerField(
                        help_text="Among those of its kind to this closing, once seconded.", null=True
                    ),
                ),
                ("seconded_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supplements", to="reports.closing"
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
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.side"
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
                "constraints": [
                    models.UniqueConstraint(fields=("closing", "kind", "number"), name="reports_supplement_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("number__isnull", True), ("seconded_at__isnull", True), ("seconded_by__isnull", True)
                            ),
                            models.Q(
                                ("number__isnull", False),
                                ("seconded_at__isnull", False),
                                ("seconded_by__isnull", False),
                                ("withdrawn_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="reports_supplement_seconded_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_at__isnull", True), ("seconded_at__isnull", False), _connector="OR"
                        ),
                        name="reports_supplement_released_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplementFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("format", models.CharField(max_length=8)),
                ("language", models.CharField(max_length=8)),
                ("path", models.CharField(help_text="Where the file storage holds it.", max_length=200)),
                ("file_name", models.CharField(help_text="The name a reader saves it under.", max_length=250)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                (
                    "supplement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="reports.supplement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplement", "format", "language"), name="reports_supplement_file_once"
                    )
                ],
            },
        ),
    ]
