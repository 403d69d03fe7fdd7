"""Notices to a guarantor's people: that the draft of a month awaits its comment."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0013_automatic_release"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="guarantor",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose people are told.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="monitoring.guarantorstate",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
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
                    ("draft_given", "draft to be commented on"),
                    ("draft_closes", "time for comments that ends soon"),
                ],
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint(model_name="notice", name="monitoring_notice_for_staff"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("guarantor", None), ("role__in", ["moderator", "operator"])),
                    models.Q(("guarantor__isnull", False), ("role", "guarantor")),
                    _connector="OR",
                ),
                name="monitoring_notice_for_whom",
            ),
        ),
    ]
