"""Drafts, comments on them, and approvals; which formats a closing is made in; what is rendered as a draft."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0011_agreed_release"),
        ("reports", "0004_weeks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftComment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "words",
                    models.TextField(blank=True, help_text="Printed as they are; empty: the guarantor has no comment."),
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
                        name="reports_draftcomment_superseded_after_recorded",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleaseApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recorded_at", models.DateTimeField(editable=False)),
                ("superseded_at", models.DateTimeField(editable=False, null=True)),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content_sha256", models.CharField(max_length=64)),
                ("comments_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_at__isnull", True),
                            ("superseded_at__gt", models.F("recorded_at")),
                            _connector="OR",
                        ),
                        name="reports_releaseapproval_superseded_after_recorded",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="closing",
            name="reports_one_closing_under_way",
        ),
        migrations.RemoveConstraint(
            model_name="rendition",
            name="reports_rendition_once",
        ),
        migrations.AddField(
            model_name="closing",
            name="comments_sha256",
            field=models.CharField(help_text="Of the comments as printed.", max_length=64, null=True),
        ),
        migrations.AddField(
            model_name="closing",
            name="comments_until",
            field=models.DateTimeField(help_text="First instant at which no comment is taken any more.", null=True),
        ),
        migrations.AddField(
            model_name="closing",
            name="drafted_at",
            field=models.DateTimeField(help_text="Since when every guarantor sees its draft.", null=True),
        ),
        migrations.AddField(
            model_name="closing",
            name="formats",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=8),
                db_default=["pdf", "csv", "json"],
                help_text="In which its editions are rendered: those that there were when it was computed.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="drafted_at",
            field=models.DateTimeField(help_text="Since when this guarantor sees it as a draft.", null=True),
        ),
        migrations.AddField(
            model_name="rendition",
            name="stage",
            field=models.CharField(
                choices=[("draft", "Draft"), ("final", "Final")], db_default="final", default="final", max_length=5
            ),
        ),
        migrations.AlterField(
            model_name="closing",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("computed", "Computed"),
                    ("drafted", "Drafted"),
                    ("commented", "Commented"),
                    ("rendered", "Rendered"),
                    ("released", "Released"),
                    ("unchanged", "Unchanged"),
                    ("failed", "Failed"),
                ],
                default="requested",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["requested", "computed", "drafted", "commented", "rendered"])),
                fields=("agreement", "kind", "period"),
                name="reports_one_closing_under_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comments_until__isnull", True), ("drafted_at__isnull", True)),
                    models.Q(
                        ("comments_until__gt", models.F("drafted_at")),
                        ("content__isnull", False),
                        ("drafted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reports_draft_is_computed",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(("comments_sha256__isnull", True), ("content__isnull", False), _connector="OR"),
                name="reports_comments_are_on_a_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="rendition",
            constraint=models.UniqueConstraint(
                fields=("edition", "stage", "format", "language"), name="reports_rendition_once"
            ),
        ),
        migrations.AddField(
            model_name="draftcomment",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
            ),
        ),
        migrations.AddField(
            model_name="draftcomment",
            name="by",
            field=models.ForeignKey(
                help_text="Never told.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="draftcomment",
            name="closing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="reports.closing"
            ),
        ),
        migrations.AddField(
            model_name="draftcomment",
            name="guarantor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.guarantorstate"
            ),
        ),
        migrations.AddField(
            model_name="releaseapproval",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="monitoring.agreement"
            ),
        ),
        migrations.AddField(
            model_name="releaseapproval",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="releaseapproval",
            name="closing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="reports.closing"
            ),
        ),
        migrations.AddField(
            model_name="releaseapproval",
            name="side",
            field=models.ForeignKey(
                help_text="Null: independent.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="monitoring.side",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftcomment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=("closing", "guarantor"),
                name="reports_one_comment_a_guarantor",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaseapproval",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superseded_at__isnull", True)),
                fields=("closing", "by"),
                name="reports_one_approval_a_person",
            ),
        ),
    ]
