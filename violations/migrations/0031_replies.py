"""What guarantors and parties say and are asked, and measures agreed."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0007_replies"),
        ("violations", "0030_case_lists_named_by_clients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GuarantorStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, help_text="ISO 639 code of the words.", max_length=8)),
                (
                    "client_id",
                    models.CharField(help_text="By which the same filing of an account is known.", max_length=80),
                ),
                ("content_sha256", models.CharField(help_text="Over all that was handed in.", max_length=64)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "a paper handed over"),
                            ("by_post", "a paper by post or courier"),
                            ("by_fax", "a paper by fax or as a picture"),
                            ("spoken", "spoken, and taken down"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "handed_in_by",
                    models.CharField(blank=True, help_text="Who handed it in, by office or name.", max_length=200),
                ),
                ("dated_on", models.DateField(help_text="The date on the paper.", null=True)),
                ("received_on", models.DateField(help_text="The day on which it was handed in.", null=True)),
                (
                    "period",
                    models.CharField(
                        blank=True, help_text="2017-01 or 2017-01-22; empty: on an incident.", max_length=10
                    ),
                ),
                (
                    "closing_number",
                    models.PositiveIntegerField(help_text="Of the period's closing; null: on the period.", null=True),
                ),
                (
                    "about",
                    models.CharField(
                        help_text="The thing that it is on, as one word: one stands on each.", max_length=40
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("concurs", "concurs"),
                            ("does_not_confirm", "does not confirm"),
                            ("cannot_confirm", "cannot confirm"),
                            ("contests_facts", "contests the facts"),
                            ("contests_attribution", "contests the attribution"),
                            ("disputes_scope", "disputes that the truce applies"),
                            ("claims_response_to_fire", "claims that it was a response to fire"),
                            ("accepts_responsibility", "accepts responsibility"),
                            ("takes_note", "takes note"),
                            ("reserves_position", "reserves its position"),
                            ("under_examination", "is examining it"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="monitoring.agreement",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "guarantor",
                    models.ForeignKey(
                        help_text="Whose word.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.guarantorstate",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="violations.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "guarantor's statement",
                "verbose_name_plural": "guarantors' statements",
                "abstract": False,
                "indexes": [models.Index(fields=["agreement", "recorded_at"], name="violations_statement_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_guarantorstatement_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(fields=("by", "client_id"), name="violations_guarantorstatement_client_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel", ""),
                                ("dated_on__isnull", True),
                                ("handed_in_by", ""),
                                ("received_on__isnull", True),
                            ),
                            models.Q(
                                models.Q(("channel", ""), _negated=True),
                                models.Q(("handed_in_by", ""), _negated=True),
                                ("dated_on__isnull", False),
                                ("received_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="violations_guarantorstatement_from_paper_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closing_number__isnull", True), ("incident__isnull", False), ("period", "")),
                            models.Q(("incident__isnull", True), models.Q(("period", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="violations_statement_on_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("guarantor", "about"),
                        name="violations_one_statement_stands",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InformationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("question", models.TextField()),
                ("due_at", models.DateTimeField()),
                (
                    "client_id",
                    models.CharField(help_text="By which the same form is known when it is sent twice.", max_length=80),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="monitoring.agreement"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "guarantor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.guarantorstate",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="violations.incident",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.party"
                    ),
                ),
                (
                    "side",
                    models.ForeignKey(
                        help_text="Whose side `by` is of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.side",
                    ),
                ),
                (
                    "through",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.guarantorstate",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for information",
                "verbose_name_plural": "requests for information",
                "indexes": [models.Index(fields=["agreement", "due_at"], name="violations_request_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_informationrequest_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(fields=("by", "client_id"), name="violations_request_client_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guarantor__isnull", False), ("party__isnull", True), ("through__isnull", True)),
                            models.Q(("guarantor__isnull", True), ("party__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_request_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gte", models.F("recorded_at"))),
                        name="violations_request_due_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField(help_text="What was agreed, and where that is written.")),
                ("agreed_on", models.DateField()),
                (
                    "due_on",
                    models.DateField(
                        help_text="When it is looked at again, or due; null: no date was agreed.", null=True
                    ),
                ),
                (
                    "client_id",
                    models.CharField(help_text="By which the same form is known when it is sent twice.", max_length=80),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="monitoring.agreement"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "guarantor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.guarantorstate",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="violations.incident",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.party"
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
                "verbose_name": "measure agreed",
                "verbose_name_plural": "measures agreed",
                "constraints": [
                    models.UniqueConstraint(fields=("by", "client_id"), name="violations_measure_client_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guarantor__isnull", False), ("party__isnull", True)),
                            models.Q(("guarantor__isnull", True), ("party__isnull", False)),
                            _connector="OR",
                        ),
                        name="violations_measure_of_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeasureStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("under_way", "under way"),
                            ("done", "done"),
                            ("not_done", "not done"),
                            ("dropped", "no longer pursued"),
                        ],
                        max_length=10,
                    ),
                ),
                ("seen_on", models.DateField()),
                ("due_on", models.DateField(help_text="When it is looked at again; null: it is not.", null=True)),
                ("words", models.TextField(help_text="What was seen, and by whom.")),
                ("client_id", models.CharField(max_length=80)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="violations.measure"
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
                "constraints": [models.UniqueConstraint(fields=("by", "client_id"), name="violations_step_client_id")],
            },
        ),
        migrations.CreateModel(
            name="RequestAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, help_text="ISO 639 code of the words.", max_length=8)),
                (
                    "client_id",
                    models.CharField(help_text="By which the same filing of an account is known.", max_length=80),
                ),
                ("content_sha256", models.CharField(help_text="Over all that was handed in.", max_length=64)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_hand", "a paper handed over"),
                            ("by_post", "a paper by post or courier"),
                            ("by_fax", "a paper by fax or as a picture"),
                            ("spoken", "spoken, and taken down"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "handed_in_by",
                    models.CharField(blank=True, help_text="Who handed it in, by office or name.", max_length=200),
                ),
                ("dated_on", models.DateField(help_text="The date on the paper.", null=True)),
                ("received_on", models.DateField(help_text="The day on which it was handed in.", null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="violations.informationrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="violations_requestanswer_superseded_after_recorded",
                    ),
                    models.UniqueConstraint(fields=("by", "client_id"), name="violations_requestanswer_client_id"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("channel", ""),
                                ("dated_on__isnull", True),
                                ("handed_in_by", ""),
                                ("received_on__isnull", True),
                            ),
                            models.Q(
                                models.Q(("channel", ""), _negated=True),
                                models.Q(("handed_in_by", ""), _negated=True),
                                ("dated_on__isnull", False),
                                ("received_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="violations_requestanswer_from_paper_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at__isnull", True)),
                        fields=("request",),
                        name="violations_one_answer_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="violations_answer_in_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ahead", "ahead of the due date"),
                            ("overdue", "the due date had passed"),
                            ("by_hand", "by a moderator"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="violations.informationrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "ahead")),
                        fields=("request",),
                        name="violations_reminded_ahead_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "overdue")),
                        fields=("request",),
                        name="violations_reminded_overdue_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", False), ("kind", "by_hand")),
                            models.Q(models.Q(("kind", "by_hand"), _negated=True), ("by__isnull", True)),
                            _connector="OR",
                        ),
                        name="violations_reminded_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestTelling",
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
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="telling",
                        to="violations.informationrequest",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StatementTelling",
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
                    "statement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="telling",
                        to="violations.guarantorstatement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
