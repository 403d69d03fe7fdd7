"""docs/mechanism-file.md says every key and every code that a mechanism file may hold."""

import re
from pathlib import Path

import pytest

from monitoring import mechanism_shape, models
from monitoring.mechanism_shape import Entry

PAGE = (Path(__file__).parents[2] / "docs" / "mechanism-file.md").read_text()
IN_CODE = set(
    re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))))
)


def entries(shape=Entry):
    for kind in shape.__subclasses__():
        yield kind
        yield from entries(kind)


@pytest.mark.parametrize(
    "shape", sorted(set(entries()), key=lambda shape: shape.__name__), ids=lambda shape: shape.__name__
)
def test_every_key_is_described(shape):
    keys = {field.alias or name for name, field in shape.model_fields.items()}
    assert keys <= IN_CODE, keys - IN_CODE


@pytest.mark.parametrize(
    "choices",
    [
        models.InstrumentTerms.Kind,
        models.PartyTerms.Kind,
        models.Adherence.Kind,
        models.Undertaking.Basis,
        models.TeamTerms.Kind,
        models.Area.Level,
        models.MechanismVersion.Attribution,
        models.MechanismVersion.DayNamedFor,
        models.MechanismVersion.LedgersFrom,
        models.MechanismVersion.PartyRequests,
        models.MechanismVersion.Release,
    ],
    ids=lambda choices: choices.__qualname__,
)
def test_every_code_is_described(choices):
    assert set(choices.values) <= IN_CODE


def test_every_table_has_its_chapter():
    for table in mechanism_shape.SINGLE:
        assert f"## `[{table}]`" in PAGE
    for table in mechanism_shape.TABLES:
        assert f"## `[[{table}]]`" in PAGE
