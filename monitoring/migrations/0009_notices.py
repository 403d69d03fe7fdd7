"""Notices to moderators and operators, who saw them, mails that say that something waits; the rule of flash reports."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import monitoring.models.agreements
from monitoring.guards import guard


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0008_lanes"),
    ]

    operations = [
        migrations.AddField(
            model_name="mechanismversion",
            name="alerts",
            field=models.JSONField(
                db_default={"flash": {"acts": [], "grave": True, "killed_at_least": 0}},
                default=monitoring.models.agreements.alerts_in_general,
                help_text="Which reports moderators are told of at once.",
            ),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("monitor", "Monitor"),
                            ("duty_officer", "Duty Officer"),
                            ("moderator", "Moderator"),
                            ("liaison", "Party liaison"),
                            ("guarantor", "Guarantor"),
                            ("observer", "Observer"),
                            ("auditor", "Auditor"),
                            ("operator", "Operator"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flash", "flash report"),
                            ("surge", "more than chance alone would usually give"),
                            ("return_due", "daily returns due"),
                            ("return_late", "daily returns late"),
                            ("reply_due", "reply due"),
                            ("reply_late", "reply late"),
                            ("second_due", "proposals to be seconded"),
                            ("second_late", "proposals not seconded in time"),
                            ("question_late", "questions to filers not answered"),
                            ("work_failed", "work that failed"),
                            ("work_waits", "work that nobody takes up"),
                            ("mail_failed", "mail that could not be sent"),
                        ],
                        max_length=16,
                    ),
                ),
                ("once", models.CharField(max_length=120)),
                ("object_kind", models.CharField(blank=True, max_length=40)),
                ("object_id", models.CharField(blank=True, max_length=120)),
                ("due_at", models.DateTimeField(null=True)),
                ("details", models.JSONField(default=dict, help_text="Codes and numbers alone.")),
                (
                    "agreement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="monitoring.agreement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agreement", "role", "recorded_at"], name="monitoring_notice_of_late")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agreement", "kind", "once"), name="monitoring_notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["moderator", "operator"])), name="monitoring_notice_for_staff"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "up_to",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.notice",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "number"), name="monitoring_mail_numbered")],
            },
        ),
        migrations.CreateModel(
            name="NoticeMailOutcome",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("outcome", models.CharField(choices=[("sent", "Sent"), ("failed", "Failed")], max_length=8)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unreachable", "the mail server was not reached"),
                            ("not_logged_in", "the mail server did not accept the login"),
                            ("refused", "the mail server refused the mail or its address"),
                            ("other", "another reason, in the worker's log"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "mail",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outcome", to="monitoring.noticemail"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "sent"), ("reason", "")),
                            models.Q(("outcome", "failed"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="monitoring_mail_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seen", to="monitoring.notice"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "notice"), name="monitoring_notice_seen_once")],
            },
        ),
        guard("monitoring_notice"),
        guard("monitoring_noticeseen"),
        guard("monitoring_noticemail"),
        guard("monitoring_noticemailoutcome"),
    ]
