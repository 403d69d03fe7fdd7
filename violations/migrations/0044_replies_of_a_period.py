"""What was asked, stated and seen of measures in a period is found by it, however long a truce's history of words."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # so that words are taken meanwhile

    dependencies = [("violations", "0043_shift")]

    operations = [
        AddIndexConcurrently(
            "informationrequest",
            models.Index(
                condition=Q(("incident__isnull", True)),
                fields=["agreement", "recorded_at"],
                name="violations_request_when",
            ),
        ),
        AddIndexConcurrently(
            "guarantorstatement",
            models.Index(
                condition=Q(("incident__isnull", True)),
                fields=["agreement", "period"],
                name="violations_statement_period",
            ),
        ),
        AddIndexConcurrently(
            "measure", models.Index(fields=["agreement", "agreed_on"], name="violations_measure_agreed")
        ),
        AddIndexConcurrently("measurestep", models.Index(fields=["seen_on"], name="violations_step_seen")),
    ]
