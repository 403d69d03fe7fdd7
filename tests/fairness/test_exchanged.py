"""Exchange two guarantors, their sides and what was filed for them, and every report is the exchanged report."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from monitoring import canonical, days
from reports import periods
from reports.figures import annex, assemble, cases, concerns
from reports.figures.known import Known
from tests.fairness.exchanging import Exchanged, comparable, exchanged, loaded, moderators, told_back
from tests.reports.records import Record
from violations import returns
from violations.models import FindingParty
from violations.return_content import ReturnContent

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]
ENTRIES = 60
SEEDS = (1, 2)


class UndoneError(Exception):
    """Ends the transaction in which a record was made."""


def announced(record: Record, seed: int) -> None:
    """Returns of three days for each of the two, with totals that are drawn."""
    draw = random.Random(seed)
    for owner in ("alder", "birch"):
        for on in (3, 4, 12):
            day = days.day_of(record.agreement.terms, date(2025, 3, on))
            said = ReturnContent(
                owner=record.called(owner),
                teller=record.called(owner),
                bears_date=day.date,
                window_from=day.starts_at,
                window_until=day.ends_at,
                window_basis="the calendar day",
                total=draw.randrange(9),
                breakdown="none",
            )
            returns.record_return(record.agreement, said, by=None)


def reported(folder, seed: int, *, exchange: bool) -> dict[str, Any]:
    """What is reported of a record drawn by `seed`: common sections, what stands beside, and each State's own."""
    told: dict[str, Any] = {}
    try:
        with transaction.atomic():
            agreement = loaded(folder, exchange=exchange)
            record = (Exchanged if exchange else Record)(agreement, moderators(exchange=exchange), seed)
            record.draw(ENTRIES)
            announced(record, seed)
            at = record.now + timedelta(hours=5)
            version = agreement.terms
            for kind, code in (("month", "2025-03"), ("day", "2025-03-12")):
                known = Known(agreement, version, periods.bounds(version, kind, code), at)
                told[kind] = {
                    "sections": assemble.figures(known).sections,
                    "cases": cases.section(known) if kind == "month" else None,
                    "annex": annex.annex(known) if kind == "month" else None,
                    "own": {
                        term.guarantor.code: concerns._concerns(known, term) if kind == "month" else None
                        for term in concerns.editions(known)
                    },
                }
            told["attributed"] = FindingParty.objects.count()
            raise UndoneError
    except UndoneError:
        return told


@pytest.mark.parametrize("seed", SEEDS)
def test_the_exchanged_truce_has_the_exchanged_report(tmp_path, seed):
    one = reported(tmp_path / "as-it-comes", seed, exchange=False)
    other = reported(tmp_path / "exchanged", seed, exchange=True)
    assert one["month"]["sections"]["incidents"]["total"]["registered"] > 10
    assert one["attributed"] == other["attributed"] > 0
    assert comparable(one) != comparable(other), "the two had not the same told of them"
    back = comparable(told_back(other))
    for kind in ("month", "day"):
        for part in ("sections", "cases", "annex", "own"):
            assert comparable(one[kind][part]) == back[kind][part], (kind, part)
    assert set(one["month"]["own"]) == {"alder", "birch", "cedar"}


def test_what_is_exchanged_twice_is_as_it_was():
    text = "alder and Birch of the north, Southmarch: south-guard"
    assert exchanged(text) == "birch and Alder of the south, Northmarch: north-guard"
    assert exchanged(exchanged(text)) == text
    assert canonical.sha256({"a": text}) != canonical.sha256({"a": exchanged(text)})
