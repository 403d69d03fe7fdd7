"""What stands in a cell is harmless: the SQL that COPY is given says what the product says in Python, sign by sign."""

from __future__ import annotations

import sys
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitoring import canonical, plain_text
from monitoring.spreadsheets import FORMULA_STARTS
from reports.exports import cells

pytestmark = pytest.mark.django_db

# Every sign that PostgreSQL holds; and what those that mean something to a spreadsheet, or to the guard, are beside.
SIGNS = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
MEANT = ["'", " ", "\u00a0", "\u2028", "\u202e", "\u200f", "\x1b", "\u0085", "\ue000", "a", "7"]
MEANT += [sign for sign in FORMULA_STARTS if sign != "\0"]


def guarded(texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {cells.guarded('told.text')} from unnest(%s::text[]) with ordinality told (text, nth)"
            " order by nth",
            [texts],
        )
        return [told for (told,) in cursor.fetchall()]


def test_every_sign_alone_before_and_behind_others_is_guarded_alike():
    assert "\0" in FORMULA_STARTS, "the one that PostgreSQL cannot hold"
    for start in range(0, len(SIGNS), 100_000):
        some = SIGNS[start : start + 100_000]
        for form in ("{}", "{}=1+1", "=1{}", "a{}b", " {}@x"):
            texts = [form.format(sign) for sign in some]
            differing = [
                (hex(ord(sign)), unicodedata.category(sign))
                for sign, told, text in zip(some, guarded(texts), texts, strict=True)
                if told != plain_text.guarded(text)
            ]
            assert not differing, f"{form}: {differing[:5]}"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from(MEANT), max_size=6), min_size=1, max_size=60))
def test_so_are_they_in_any_order(texts):
    assert guarded(texts) == [plain_text.guarded(text) for text in texts]


def test_nothing_stays_nothing():
    with connection.cursor() as cursor:
        cursor.execute(f"select {cells.guarded('null::text')}")
        assert cursor.fetchone() == (None,)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tehran", "America/St_Johns"])
def test_an_instant_is_written_as_in_canonical_json_whatever_zone_the_session_has(zone):
    begins = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    instants = [begins + timedelta(days=days, microseconds=days) for days in (0, 1, 400, 9_000)]
    with connection.cursor() as cursor:
        cursor.execute("select set_config('timezone', %s, true)", [zone])
        cursor.execute(f"select {cells.instant('at')} from unnest(%s) at", [instants])
        assert [told for (told,) in cursor.fetchall()] == [canonical.instant(at) for at in instants]
