"""Every place that can hold something of a filing is named in the documentation, with what becomes of it."""

import re
from pathlib import Path

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import ArrayField
from django.db import models

from violations.models import Redaction

TOLD = (Path(__file__).parents[2] / "docs" / "where-words-rest.md").read_text()
HOLDS_WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, GeometryField)


def columns_of_words() -> set[str]:
    """`table.column` of whatever may hold what somebody wrote, chose or sealed; codes of a list do not."""
    found = set()
    for app in ("violations", "reports"):
        for model in apps.get_app_config(app).get_models():
            for column in model._meta.local_concrete_fields:
                inner = column.base_field if isinstance(column, ArrayField) else column
                if isinstance(inner, HOLDS_WORDS) and not inner.choices:
                    found.add(f"{model._meta.model_name}.{column.column}")
    return found


def test_every_column_of_words_is_told_of_and_no_other():
    told = {name for name in re.findall(r"`(\w+\.\w+)`", TOLD) if not name.startswith("manage.")}
    assert told == columns_of_words()


def test_every_part_that_can_be_erased_is_told_of():
    assert {part for part in Redaction.Part.values if f"`--erase {part}`" not in TOLD} == set()
