"""The replies of section 6 against a plain count in Python, over a record drawn at random and several cut-offs."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime

import pytest

from reports import periods
from reports.figures import replies
from reports.figures.known import Known
from tests.record.chosen_times import chosen_times
from tests.reports.records import LongRecord
from tests.reports.replies_at_random import Replies
from violations import replies_seen
from violations.models import (
    Assessment,
    GuarantorStatement,
    InformationRequest,
    Measure,
    MeasureStep,
    RequestAnswer,
    StatementTelling,
)

pytestmark = [pytest.mark.django_db, pytest.mark.by_hand]
CUT_OFFS = [datetime(2025, *day, 9, tzinfo=UTC) for day in ((3, 20), (4, 3), (9, 1))]
CODES = ("2025-02", "2025-03", "2025-03-07")


@pytest.mark.parametrize(
    ("seed", "attribution"), [(1, "published"), (2, "published"), (2, "internal"), (1, "not_made")]
)
def test_every_figure_of_replies_is_a_plain_count(long_truce, people, seed, attribution):
    record = LongRecord(long_truce, people, seed)
    record.draw(150)
    Replies(record, seed).draw(200)
    version, met = long_truce.terms, Counter()
    version.attribution = attribution  # as a file may say
    for code in CODES:
        for at in CUT_OFFS:
            known = Known(long_truce, version, periods.bounds(version, "month" if len(code) == 7 else "day", code), at)
            section = replies.section(known)
            with replies_seen.reading_all():
                met += requests_are_counted(known, section["requests"])
                met += statements_are_counted(known, section["statements"])
                met += measures_are_counted(known, section["measures_agreed"])
    assert {
        *("guarantor in_time", "guarantor late", "guarantor outstanding", "guarantor open", "guarantor withdrawn"),
        *("paper in_time", "paper late", "agreed", "earlier", "told"),
    } <= met.keys()
    of_parties = (
        {"through in_time", "through outstanding", "party in_time", "party late", "party withdrawn"}
        if attribution == "published"
        else {"parties in_time", "parties late", "parties outstanding", "parties withdrawn"}
    )
    assert of_parties <= met.keys()


def happened(row, known: Known) -> datetime | None:
    """When the incident that a row is about happened, as last assessed by the cut-off."""
    told = [one for one in Assessment.objects.filter(incident=row.incident_id) if one.recorded_at <= known.known_at]
    return max(told, key=lambda one: (one.recorded_at, one.pk)).occurred_from if told else None


def within(known: Known, at: datetime | None) -> bool:
    return at is not None and known.period.starts_at <= at < known.period.ends_at


def day_begins(on: date) -> datetime:
    """By the exercise's clock, eight hours behind UTC."""
    return datetime(on.year, on.month, on.day, 8, tzinfo=UTC)


def requests_are_counted(known: Known, section: dict) -> Counter:
    rows, met = defaultdict(Counter), Counter()
    for request in InformationRequest.objects.select_related("guarantor", "through"):
        if request.recorded_at > known.known_at:
            continue
        if not within(known, happened(request, known) if request.incident_id else request.recorded_at):
            continue
        guarantor = request.guarantor or request.through
        addressee = "guarantor" if request.guarantor else "through" if request.through else "party"
        if addressee != "guarantor" and known.version.attribution != "published":
            guarantor, addressee = None, "parties"
        given = sorted(RequestAnswer.objects.filter(request=request), key=lambda answer: answer.pk)
        first = next((answer for answer in given if answer.recorded_at <= known.known_at), None)
        if first is not None:
            came = day_begins(first.received_on) if first.received_on else first.recorded_at
            reply = "in_time" if came <= request.due_at else "late"
            met[f"paper {reply}"] += bool(first.received_on)
        elif request.superseded_at and request.superseded_at <= known.known_at:
            reply = "withdrawn"
        else:
            reply = "open" if known.known_at < request.due_at else "outstanding"
        rows[guarantor and guarantor.code, addressee][reply] += 1
        rows["all"][reply] += 1
        met[f"{addressee} {reply}"] += 1
    told = {(row["guarantor"], row["addressee"]): row for row in section["by_addressee"]} | {"all": section["all"]}
    replied = ("in_time", "late", "outstanding", "open", "withdrawn")
    assert {key: {reply: row[reply] for reply in replied} for key, row in told.items()} == {
        key: {reply: rows[key][reply] for reply in replied} for key in told
    }
    assert rows.keys() <= told.keys()
    assert all(row["asked"] == sum(row[reply] for reply in replied) for row in told.values())
    guarantors = ("alder", "birch", "cedar")
    withheld = known.version.attribution != "published"
    of_each, of_none = (("guarantor",), "parties") if withheld else (("guarantor", "through"), "party")
    assert [*told][:-1] == [*((code, of) for code in guarantors for of in of_each), (None, of_none)]
    return +met


def parts_of(known: Known) -> set[str]:
    """The codes of the period, its days, and the weeks whose Monday lies in it."""
    return {
        known.period.code,
        *(on.isoformat() for on in known.period.dates),
        *(on.strftime("%G-W%V") for on in known.period.dates if on.weekday() == 0),
    }


def statements_are_counted(known: Known, section: dict) -> Counter:
    rows = defaultdict(Counter)
    for telling in StatementTelling.objects.filter(recorded_at__lte=known.known_at):
        row = GuarantorStatement.objects.select_related("guarantor").get(pk=telling.statement_id)
        stands = row.recorded_at <= known.known_at and (row.superseded_at is None or row.superseded_at > known.known_at)
        here = within(known, happened(row, known)) if row.incident_id else row.period in parts_of(known)
        if stands and here:
            rows[row.guarantor.code][row.code] += 1
            rows["all"][row.code] += 1
    told = {row["guarantor"]: row for row in section["by_guarantor"]} | {"all": section["all"]}
    assert list(told) == ["alder", "birch", "cedar", "all"]
    for whose, row in told.items():
        assert +Counter(row["statements"]) == rows[whose]
        assert row["told"] == rows[whose].total()
    return Counter({"told": rows["all"].total()})


def measures_are_counted(known: Known, section: dict) -> Counter:
    agreed, earlier = defaultdict(Counter), defaultdict(Counter)
    dates = known.period.dates
    for measure in Measure.objects.select_related("guarantor"):
        if measure.recorded_at > known.known_at:
            continue
        steps = sorted(MeasureStep.objects.filter(measure=measure), key=lambda step: step.pk)
        steps = [step for step in steps if step.recorded_at <= known.known_at]
        whose = measure.guarantor and measure.guarantor.code
        if measure.agreed_on in dates:
            state = steps[-1].state if steps else "under_way"
            for key in (whose, "all"):
                agreed[key][state] += 1
        elif measure.agreed_on < dates[0]:
            seen = [step for step in steps if step.seen_on in dates]
            for key in (whose, "all") if seen else ():
                earlier[key][seen[-1].state] += 1
    told = {row["guarantor"]: row for row in section["by_whom"]} | {"all": section["all"]}
    assert list(told) == ["alder", "birch", "cedar", None, "all"]
    for whose, row in told.items():
        assert +Counter(row["stand"]) == agreed[whose]
        assert +Counter(row["earlier_stand"]) == earlier[whose]
        assert (row["agreed"], row["earlier_seen"]) == (agreed[whose].total(), earlier[whose].total())
    return Counter({"agreed": agreed["all"].total(), "earlier": earlier["all"].total()})


def test_an_untold_statement_moves_no_figure_and_no_hash(long_truce, people):
    record = LongRecord(long_truce, people, 3)
    record.draw(60)
    drawn = Replies(record, 3)
    version = long_truce.terms
    known = Known(long_truce, version, periods.bounds(version, "month", "2025-03"), CUT_OFFS[-1])
    before = replies.section(known)
    with chosen_times(), replies_seen.reading_all():
        for _number in range(20):
            drawn.statement(telling=0)
        assert GuarantorStatement.objects.count() >= 20
    assert replies.section(known) == before
    with chosen_times(), replies_seen.reading_all():
        for _number in range(20):
            drawn.statement(telling=1)
    assert replies.section(known) != before
