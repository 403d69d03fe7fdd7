"""What is read at a glance is read as the field reads it, or left to the field."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from rest_framework.fields import SkipField

from monitoring.api import glance
from monitoring.api.fields import StrictSerializer, made_once
from violations.api.report_input import FilingInput


def members_of(serializer: StrictSerializer) -> list[Any]:
    """The members of a document and of all documents in it."""
    found = []
    for member in serializer.members.values():
        found.append(member)
        field = getattr(member.field, "child", member.field)
        if isinstance(field, StrictSerializer):
            found += members_of(field)
    return found


MEMBERS = members_of(made_once(FilingInput))
CODES = sorted({code for member in MEMBERS for code in getattr(member.field, "choices", {})})
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-7000, 110_000),
    st.integers(),
    st.floats(),
    st.floats(-181, 181),
    st.sampled_from([180.00000001, -180.000000001, 180, -90, 0, -0.0, 1, 10**400, 99.9999, 100.0004]),
    st.sampled_from(CODES),
    st.text(max_size=90),
    st.text("a \t\n\0\u00a0\ud83d", max_size=6),
    st.integers(0, 20_001).map(lambda length: "x" * length),
    st.lists(st.sampled_from(CODES), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.sampled_from(["a:1", "a\0", "a\n", "0b6c5b1e-6a0e-4d53-9f43-0f6f7f0c2f11", "2025-03-10T12:00:00-08:00"]),
    st.lists(
        st.fixed_dictionaries(
            {"role": st.sampled_from(["alleged", "target", "nobody"]), "name": st.text("ab \0", max_size=201)}
        ),
        max_size=22,
    ),
    st.lists(
        st.fixed_dictionaries(
            {"unit": st.sampled_from(["compass", "degrees", "feet"])}, optional={"value": st.floats(0, 7000)}
        ),
        max_size=9,
    ),
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_at_a_glance_nothing_is_read_otherwise(value):
    for member in MEMBERS:
        read = member.at_a_glance(value)
        if read is glance.UNSURE:
            continue
        try:
            at_length = member.field.run_validation(value)
        except (ValidationError, DjangoValidationError, SkipField) as refused:
            raise AssertionError(f"{member.field!r} refuses {value!r}: {refused}") from refused
        assert (type(read), repr(read)) == (type(at_length), repr(at_length)), member.field


def test_nearly_all_members_are_read_at_a_glance():
    """Else it would cost what it is there to save: of the members that are no documents, all but those named here."""
    at_length = {member.field.field_name for member in MEMBERS if member.at_a_glance is glance.unsure}
    documents = {member.field.field_name for member in MEMBERS if isinstance(member.field, StrictSerializer)}
    assert at_length - documents == {"polygon"}
